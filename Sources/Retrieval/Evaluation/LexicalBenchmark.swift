package import Foundation
import IndexFiles
import LexicalSearch

/// How fast the lexical lane is by itself, on rows that need not be ingested.
package struct LexicalBenchmark {
    private let folder: URL

    /// - Parameter folder: where the index is written.
    package init(in folder: URL) { self.folder = folder }

    package struct Report: Sendable {
        package let rowCount: Int
        package let queryCount: Int
        package let buildSeconds: Double
        package let byteCount: Int
        package let times: Percentiles
        /// Of all rows found, in order: equal results have equal checksums.
        package let checksum: String
    }

    /// Builds an index of the texts, and runs each query once to warm up and once for the record, on this thread.
    ///
    /// A query's time includes its analysis. `progress` is called with how many texts of how many are indexed.
    package func run(
        _ texts: [String], queries: [String], limit: Int, progress: (_ done: Int, _ total: Int) -> Void
    ) throws -> Report {
        let file = folder.appending(path: "postings.docketindex")
        let start = ContinuousClock.now
        var builder = LexicalIndexBuilder(analyser: Analyser())
        for (done, text) in texts.enumerated() {
            if done % Self.reportedRowCount == 0 { progress(done, texts.count) }
            builder.append(LexicalFields(body: text))
        }
        try builder.write(to: file)
        let buildSeconds = (ContinuousClock.now - start) / .seconds(1)
        let index = LexicalSnapshot(try LexicalIndex(opening: file))
        let analyser = Analyser()
        func rows(_ query: String) -> [ScoredRow] {
            index.search(LexicalQuery(query, analyser: analyser), limit: limit)
        }
        var found: [Int64] = []
        for query in queries { found += rows(query).map { Int64($0.row) } }
        let times = queries.map { query in
            let start = ContinuousClock.now
            _ = rows(query)
            return (ContinuousClock.now - start) / .milliseconds(1)
        }
        let size = try FileManager.default.attributesOfItem(atPath: file.path)[.size] as? Int
        return Report(
            rowCount: texts.count, queryCount: queries.count, buildSeconds: buildSeconds, byteCount: size ?? 0,
            times: Percentiles(times), checksum: String(checksum(of: found), radix: 16))
    }

    private static let reportedRowCount = 1_000
}
