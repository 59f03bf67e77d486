import IndexFiles
import LinearAlgebra
import Synchronization

/// How many lists have to be looked at to find a share of the best rows, as measured on the index's own rows.
///
/// A question is seldom as near to a row as rows are to each other. What is asked for here is therefore between three
/// rows, drawn at random: on real queries such a sample comes nearest to what they need, where single rows, with or
/// without noise, promise too much (docs/decisions/0017).
struct ProbeTable: Sendable {
    /// `[lists]`: the share of the best rows that stand in the first list, the first two, and so on.
    let recalls: [Float]

    private static let sampleCount = 256
    /// The share of the misses allowed that the sample may use up.
    private static let missShare = 0.1
    /// The best rows of each query.
    private static let limit = 10
    private static let blendCount = 3
    private static let queriesAtOnce = 128
    private static let blockRowCount = 4096

    init(in file: IndexFile, listCount: Int) throws(IndexFileError) {
        recalls = Array(try file.elements(of: "probes", count: listCount))
    }

    /// The least number of lists that left out so few rows that `recall` is safe.
    func listCount(forRecall recall: Double) -> Int {
        let wanted = 1 - (1 - recall) * Self.missShare
        return (recalls.firstIndex { Double($0) >= wanted } ?? recalls.count - 1) + 1
    }

    /// - Parameter clusters: `[rows]`: the list of each row.
    /// - Returns: `[lists]`, as `recalls`.
    static func measure(_ vectors: Matrix, centroids: Matrix, clusters: [UInt32], threadCount: Int) -> [Float] {
        let queries = blends(of: vectors)
        let scores = queries.multiplied(byTransposed: centroids)
        let found = Mutex([Int](repeating: 0, count: centroids.rowCount))
        forEachBlock(of: queries.rowCount, size: queriesAtOnce, threadCount: threadCount) { block in
            let best = bestRows(of: vectors, for: queries.rows(Array(block)))
            for (query, rows) in zip(block, best) {
                let own = scores[row: query]
                for row in rows {
                    let score = own[own.startIndex + Int(clusters[row])]
                    let rank = own.reduce(0) { $0 + ($1 > score ? 1 : 0) }
                    found.withLock { $0[rank] += 1 }
                }
            }
        }
        let counts = found.withLock { $0 }
        let total = max(1, counts.reduce(0, +))
        var sum = 0
        return counts.map { count in
            sum += count
            return Float(sum) / Float(total)
        }
    }

    private static func blends(of vectors: Matrix) -> Matrix {
        var generator = SplitMix64(seed: 1)
        var values: [Float] = []
        for _ in 0..<sampleCount {
            let rows = (0..<blendCount).map { _ in Int.random(in: 0..<vectors.rowCount, using: &generator) }
            values += (0..<vectors.columnCount).map { column in
                rows.reduce(0) { $0 + vectors[$1, column] }
            }
        }
        return Matrix(rowCount: sampleCount, columnCount: vectors.columnCount, values: values)
    }

    /// By fp32 products: a sample's last bits do not matter.
    private static func bestRows(of vectors: Matrix, for queries: Matrix) -> [[Int]] {
        var tops = [TopRows](repeating: TopRows(limit: limit), count: queries.rowCount)
        for start in stride(from: 0, to: vectors.rowCount, by: blockRowCount) {
            let count = min(blockRowCount, vectors.rowCount - start)
            let scores = unsafe [Float](unsafeUninitializedCapacity: queries.rowCount * count) { scores, initialized in
                unsafe vectors.values.withUnsafeBufferPointer { values in
                    unsafe multiply(
                        queries.values, values.baseAddress! + start * vectors.columnCount, transposed: true,
                        into: scores.baseAddress!, m: queries.rowCount, n: count, k: vectors.columnCount)
                }
                initialized = queries.rowCount * count
            }
            for (query, top) in tops.enumerated() {
                var top = top
                for place in ScanKernels.places(of: scores[query * count..<(query + 1) * count], least: top.threshold) {
                    top.insert(ScoredRow(row: start + Int(place), score: scores[query * count + Int(place)]))
                }
                tops[query] = top
            }
        }
        return tops.map { $0.sorted().map(\.row) }
    }
}
