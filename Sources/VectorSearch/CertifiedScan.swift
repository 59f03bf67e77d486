import IndexFiles

/// How many rows each stage of a scan looked at.
package struct ScanCounts: Sendable, Equatable {
    /// Rows whose coarse codes were read.
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
    private let index: CodedVectors
    private let query: [Float]
    private let coarseQuery: CoarseQuery
    private let fineQuery: FineQuery
    private let allowed: RowSet?
    private(set) var top: TopRows
    private(set) var counts = ScanCounts()
    /// Rows that await their fine codes, and their bounds.
    private var candidates: [UInt32] = []
    private var candidateBounds: [Float] = []
    private var places: [UInt32]
    private var sums: [Int32]

    /// Lists whose rows are looked at first, one list at a time, so that the threshold is high when the others' are.
    private static let seedListCount = 6
    /// Candidates whose fine codes are read together.
    private static let candidateCountMax = 8192
    /// Of more candidates these are decided on before the others.
    private static let promisingCount = 64

    /// - Parameters:
    ///   - query: `[dimension]`, of length 1.
    ///   - top: what is known of other rows.
    ///   - boundShare: how much of each bound's error is added: 1 is certain.
    init(_ query: [Float], of index: CodedVectors, top: TopRows, in allowed: RowSet?, boundShare: Double = 1) {
        self.index = index
        self.query = query
        self.allowed = allowed
        self.top = top
        coarseQuery = CoarseQuery(query, of: index.coarse, boundShare: boundShare)
        fineQuery = FineQuery(query, columnCount: index.fine.columnCount, boundShare: boundShare)
        let placeCount = index.coarse.longestList * CoarseShape.blockRowCount
        places = [UInt32](repeating: 0, count: placeCount)
        sums = [Int32](repeating: 0, count: placeCount)
    }

    /// The lists, the nearest to the query first.
    var listOrder: [Int] {
        let scores = coarseQuery.listScores
        return scores.indices.sorted { (scores[$0], $1) > (scores[$1], $0) }
    }

    /// Scans the lists that promise most, to have a threshold for the others, and gives them.
    mutating func seed() throws(IndexFileError) -> ArraySlice<Int> {
        let seeds = listOrder.prefix(Self.seedListCount)
        for list in seeds {
            try scan(list)
            try settle()
        }
        return seeds
    }

    /// Scans the coarse codes of a list.
    mutating func scan(_ list: Int) throws(IndexFileError) {
        let blocks = index.coarse.blocks(ofList: list)
        let first = blocks.lowerBound * CoarseShape.blockRowCount
        let count = try unsafe places.withUnsafeMutableBufferPointer { places throws(IndexFileError) in
            try unsafe sums.withUnsafeMutableBufferPointer { sums throws(IndexFileError) in
                try unsafe coarseQuery.scan(
                    index.coarse, list: list, threshold: top.threshold, places: places.baseAddress!,
                    sums: sums.baseAddress!)
            }
        }
        counts.coarse += blocks.count * CoarseShape.blockRowCount
        try index.coarse.rows.check(first..<blocks.upperBound * CoarseShape.blockRowCount)
        for found in 0..<count {
            let row = index.coarse.rows.unchecked[first + Int(places[found])]
            guard row != CoarseCodes.noRow, allowed?.contains(Int(row)) ?? true else { continue }
            candidates.append(row)
            candidateBounds.append(coarseQuery.bound(sums[found], list: list))
        }
        if candidates.count >= Self.candidateCountMax { try settle() }
    }

    /// Looks at rows that no coarse code was read for.
    mutating func add(_ rows: RowSet) throws(IndexFileError) {
        for row in rows.rows {
            candidates.append(UInt32(row))
            candidateBounds.append(.infinity)
            if candidates.count >= Self.candidateCountMax { try settle() }
        }
        try settle()
    }

    /// Decides on the candidates. Where they are many, the most promising come first, so that the threshold is high when
    /// the others' fine codes would be read.
    mutating func settle() throws(IndexFileError) {
        if candidates.count > Self.promisingCount {
            var promising = TopRows(limit: Self.promisingCount)
            for (place, bound) in candidateBounds.enumerated() where bound > promising.threshold {
                promising.insert(ScoredRow(row: place, score: bound))
            }
            let edge = promising.threshold
            try decide { $0 >= edge }
            try decide { $0 < edge }
        } else {
            try decide { _ in true }
        }
        candidates.removeAll(keepingCapacity: true)
        candidateBounds.removeAll(keepingCapacity: true)
    }

    /// Decides on those candidates whose bound is of a kind: by their fine codes, then by their floats.
    private mutating func decide(_ isTurn: (Float) -> Bool) throws(IndexFileError) {
        let threshold = top.threshold
        var rows: [UInt32] = []
        for (place, bound) in candidateBounds.enumerated() where bound >= threshold && isTurn(bound) {
            rows.append(candidates[place])
        }
        guard !rows.isEmpty else { return }
        counts.fine += rows.count
        var remaining: [ScoredRow] = []
        try fineQuery.forEachBound(of: rows, in: index.fine) { row, bound in
            if bound >= threshold { remaining.append(ScoredRow(row: row, score: bound)) }
        }
        remaining.sort { $0.ranksBefore($1) }
        for candidate in remaining {
            guard candidate.score >= top.threshold else { return }
            counts.exact += 1
            let score = try index.vectors.similarity(query, candidate.row)
            top.insert(ScoredRow(row: candidate.row, score: score))
        }
    }

    /// The whole scan: the lists that promise most, then all others in the order of memory.
    mutating func run() throws(IndexFileError) {
        let seeds = try seed()
        for list in 0..<index.coarse.listCount where !seeds.contains(list) { try scan(list) }
        try settle()
    }

    /// A scan of the nearest lists only.
    mutating func run(listCount: Int) throws(IndexFileError) {
        for (place, list) in listOrder.prefix(listCount).enumerated() {
            try scan(list)
            if place < Self.seedListCount { try settle() }
        }
        try settle()
    }
}
