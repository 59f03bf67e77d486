package import IndexFiles
package import LinearAlgebra
package import VectorSearch

/// Measures the searches of a vector index on the same queries: each alone, then all as a batch.
package struct VectorBenchmark {
    package enum System: String, CaseIterable, Sendable {
        case exact, certified, approximate
    }

    package struct Report {
        package let system: System
        /// Milliseconds of single queries on one thread.
        package let times: Percentiles
        /// Of the batch on all threads.
        package let queriesPerSecond: Double
        /// The share of the exact scan's rows that it found; 1 where there are none.
        package let recall: Double
        /// Rows looked at by stage, a query.
        package let rowsByStage: (coarse: Double, fine: Double, exact: Double)
        /// `[queries]`, each best first.
        package let results: [[ScoredRow]]

        /// Of the row numbers.
        package var checksum: String {
            String(IndexFiles.checksum(of: results.flatMap { $0 }.map { Int32($0.row) }), radix: 16)
        }
    }

    private let index: VectorIndex
    private let queries: Matrix
    private let top: Int
    private let threadCount: Int
    private let recall: Double
    /// The rows that a search may return; all where `nil`.
    package let allowed: RowSet?

    /// Queries that are measured.
    package static let queryCountMax = 200

    /// - Parameters:
    ///   - queries: `[queries, dimension]`, of which the first 200 are taken.
    ///   - recall: what the approximate search is asked for.
    ///   - filterShare: the share of rows, drawn at random, that a search may return; all where `nil`.
    package init(
        index: VectorIndex, queries: Matrix, top: Int, threadCount: Int, recall: Double, filterShare: Double?
    ) {
        self.index = index
        self.queries = queries.rows(Array(0..<min(queries.rowCount, Self.queryCountMax)))
        (self.top, self.threadCount, self.recall) = (top, threadCount, recall)
        allowed = filterShare.map { share in
            var generator = SplitMix64(seed: 1)
            return RowSet(rowCount: index.rowCount) { _ in Double.random(in: 0..<1, using: &generator) < share }
        }
    }

    /// - Parameter exact: the exact scan's results, that recall is counted by; `nil` to measure that scan.
    package func run(_ system: System, against exact: [[ScoredRow]]?) throws -> Report {
        let clock = ContinuousClock()
        var times: [Double] = []
        var counts = ScanCounts()
        var results: [[ScoredRow]] = []
        for isWarmUp in [true, false] {
            for row in 0..<queries.rowCount {
                let query = Array(queries[row: row])
                var found: (rows: [ScoredRow], counts: ScanCounts) = ([], ScanCounts())
                let time = try clock.measure { found = try search(query, system) }
                if isWarmUp { continue }
                times.append(time / .milliseconds(1))
                counts += found.counts
                results.append(found.rows)
            }
        }
        let batchTime = try clock.measure { try batch(system) }
        let count = Double(max(1, queries.rowCount))
        let wanted = exact ?? results
        let wantedCount = wanted.reduce(0) { $0 + $1.count }
        let hits = zip(results, wanted).reduce(0) { $0 + Set($1.0.map(\.row)).intersection($1.1.map(\.row)).count }
        return Report(
            system: system, times: Percentiles(times), queriesPerSecond: count / (batchTime / .seconds(1)),
            recall: wantedCount > 0 ? Double(hits) / Double(wantedCount) : 1,
            rowsByStage: (Double(counts.coarse) / count, Double(counts.fine) / count, Double(counts.exact) / count),
            results: results)
    }

    private func search(_ query: [Float], _ system: System) throws -> (rows: [ScoredRow], counts: ScanCounts) {
        switch system {
        case .exact:
            var counts = ScanCounts()
            counts.exact = index.rowCount
            return (try index.exactSearch(query, limit: top, in: allowed), counts)
        case .certified: return try index.countedSearch(query, limit: top, in: allowed)
        case .approximate: return try index.approximateSearch(query, limit: top, recall: recall, in: allowed)
        }
    }

    private func batch(_ system: System) throws {
        switch system {
        case .exact: _ = try index.exactSearch(queries, limit: top, in: allowed)
        case .certified: _ = try index.search(queries, limit: top, in: allowed, threadCount: threadCount)
        case .approximate:
            for row in 0..<queries.rowCount { _ = try search(Array(queries[row: row]), system) }
        }
    }
}
