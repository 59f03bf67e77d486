import IndexFiles

/// How many rows each stage of a scan looked at.
package struct ScanCounts: Sendable, Equatable {
    /// Rows whose coarse codes were read, with the places that no row fills: lists are filled up to 32.
    package var coarse = 0
    /// Rows whose bound by the coarse codes reached the threshold and that are allowed: their fine codes were read.
    package var fine = 0
    /// Rows whose floats were read.
    package var exact = 0

    package init() {}

    package static func += (left: inout ScanCounts, right: ScanCounts) {
        left.coarse += right.coarse
        left.fine += right.fine
        left.exact += right.exact
    }
}

/// One query's way through the stages: coarse codes of whole lists, fine codes of the rows that may still be among the
/// best, and the floats of those that remain.
///
/// Every stage bounds a row's similarity from above. A row is passed over only where its bound is below the similarity
/// of `limit` rows that are known, so the result is that of the exact scan.
struct CertifiedScan {
    private let vectors: StoredVectors
    private let coarse: CoarseCodes
    private let fine: FineCodes
    private let query: [Float]
    private let coarseQuery: CoarseQuery
    private let fineQuery: FineQuery
    private let allowed: RowSet?
    private let isSelective: Bool
    /// Lists that were looked at first.
    private var seeds: [Int] = []
    private(set) var top: TopRows
    private(set) var counts = ScanCounts()
    /// Places that await their fine codes.
    private var candidates = Candidates()
    /// Places whose fine codes are read now, and those of them that remain.
    private var chosen: [UInt32] = []
    private var remaining: [ScoredRow] = []

    private static let selectiveShare = 32
    /// Lists whose rows are looked at first, one list at a time, so that the threshold is high when the others' are.
    private static let seedListCount = 4
    /// Candidates whose fine codes are read together.
    private static let candidateCountMax = 8192
    /// Of more candidates these are decided on before the others.
    private static let promisingCount = 64

    /// - Parameters:
    ///   - query: `[dimension]`, of length 1.
    ///   - top: what is known of other rows.
    ///   - boundShare: how much of each bound's error is added: 1 is certain.
    init(_ query: [Float], of index: CodedVectors, top: TopRows, in allowed: RowSet?, boundShare: Double = 1) {
        (vectors, coarse, fine) = (index.vectors, index.coarse, index.fine)
        self.query = query
        self.allowed = allowed
        isSelective = Self.isSelective(allowed)
        self.top = top
        coarseQuery = CoarseQuery(query, of: coarse, boundShare: boundShare)
        fineQuery = FineQuery(query, columnCount: fine.columnCount, boundShare: boundShare)
    }

    /// The lists nearest to the query, the nearest first.
    private func nearestLists(_ count: Int) -> [Int] {
        var nearest = TopRows(limit: count)
        for (list, score) in coarseQuery.listScores.enumerated() { nearest.insert(ScoredRow(row: list, score: score)) }
        return nearest.sorted().map(\.row)
    }

    /// Whether there are so few rows that each one's fine codes are read at once, and no list is worth its codes.
    static func isSelective(_ rows: RowSet?) -> Bool {
        guard let rows else { return false }
        return rows.count * selectiveShare <= rows.rowCount
    }

    /// The first step: the few rows that are allowed, or the lists that promise most, to have a threshold for the others.
    mutating func begin() throws(IndexFileError) {
        if let allowed, isSelective { return try add(allowed) }
        seeds = nearestLists(Self.seedListCount)
        for list in seeds { try scan(list) }
        try settle()
    }

    /// The next steps, one for each list, in any order. After them the scan has to settle.
    mutating func proceed(to list: Int) throws(IndexFileError) {
        if !isSelective && !seeds.contains(list) { try scan(list) }
    }

    /// The whole scan, in the order of memory.
    mutating func run() throws(IndexFileError) {
        try begin()
        for list in 0..<coarse.listCount { try proceed(to: list) }
        try settle()
    }

    /// A scan of the nearest lists only.
    mutating func run(listCount: Int) throws(IndexFileError) {
        for (place, list) in nearestLists(listCount).enumerated() {
            try scan(list)
            if place < Self.seedListCount { try settle() }
        }
        try settle()
    }

    /// Scans the coarse codes of a list.
    private mutating func scan(_ list: Int) throws(IndexFileError) {
        try coarseQuery.scan(list, threshold: top.threshold, in: allowed, into: &candidates)
        counts.coarse += coarse.blocks(ofList: list).count * CoarseShape.blockRowCount
        if candidates.count >= Self.candidateCountMax { try settle() }
    }

    /// Looks at rows that no coarse code was read for.
    private mutating func add(_ rows: RowSet) throws(IndexFileError) {
        for row in rows.rows {
            candidates.append(try coarse.place(of: row), bound: .greatestFiniteMagnitude)
            if candidates.count >= Self.candidateCountMax { try settle() }
        }
        try settle()
    }

    /// Decides on the candidates. Where they are many, the most promising come first, so that the threshold is high when
    /// the others' fine codes would be read.
    mutating func settle() throws(IndexFileError) {
        let edge = candidates.edge(ofMostPromising: Self.promisingCount)
        try decide(from: edge, below: .infinity)
        if edge > -.infinity { try decide(from: -.infinity, below: edge) }
        candidates.removeAll()
    }

    /// Decides on the candidates with such bounds: by their fine codes, then by their floats.
    private mutating func decide(from low: Float, below high: Float) throws(IndexFileError) {
        let threshold = top.threshold
        chosen.removeAll(keepingCapacity: true)
        let least = max(low, threshold)
        for index in 0..<candidates.count {
            let bound = candidates.bounds[index]
            if bound >= least, bound < high { chosen.append(candidates.places[index]) }
        }
        guard !chosen.isEmpty else { return }
        counts.fine += chosen.count
        remaining.removeAll(keepingCapacity: true)
        try fineQuery.scan(chosen, of: fine, threshold: threshold, into: &remaining)
        remaining.sort { $0.ranksBefore($1) }
        for candidate in remaining {
            guard candidate.score >= top.threshold else { return }
            guard let row = try coarse.row(at: UInt32(candidate.row)), allowed?.contains(row) ?? true else { continue }
            counts.exact += 1
            top.insert(ScoredRow(row: row, score: try vectors.similarity(query, row)))
        }
    }
}
