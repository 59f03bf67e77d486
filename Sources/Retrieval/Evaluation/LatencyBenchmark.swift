import Foundation
import IndexFiles
import Storage

/// How long searches take, stage by stage, on the index being served.
package struct LatencyBenchmark {
    private let searcher: Searcher
    private let filters: SearchFilters
    private let limit: Int

    package init(searcher: Searcher, filters: SearchFilters, limit: Int) {
        self.searcher = searcher
        self.filters = filters
        self.limit = limit
    }

    package struct Report: Sendable {
        package let queryCount: Int
        package let total: Percentiles
        package let queriesPerSecond: Double
        package let stages: [(name: String, times: Percentiles)]
        /// Of all passages' chunk numbers in order: equal results have equal checksums.
        package let checksum: String
    }

    /// Runs every query once to warm up and once for the record.
    package func run(_ queries: [String], progress: (Int) -> Void) throws -> Report {
        for query in queries { _ = try searcher.search(query, filters: filters, limit: limit) }
        var totals: [Double] = []
        var stages: [(name: String, times: [Double])] = []
        var chunks: [Int64] = []
        let start = ContinuousClock.now
        for (index, query) in queries.enumerated() {
            let result = try searcher.search(query, filters: filters, limit: limit)
            totals.append(result.timings.total)
            for (name, milliseconds) in result.timings.stages {
                if let known = stages.firstIndex(where: { $0.name == name }) {
                    stages[known].times.append(milliseconds)
                } else {
                    stages.append((name, [milliseconds]))
                }
            }
            chunks += result.passages.map(\.chunk.id)
            progress(index + 1)
        }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        return Report(
            queryCount: queries.count, total: Percentiles(totals), queriesPerSecond: Double(queries.count) / seconds,
            stages: stages.map { ($0.name, Percentiles($0.times)) }, checksum: String(checksum(of: chunks), radix: 16))
    }
}
