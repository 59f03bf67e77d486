import ArgumentParser
import Foundation
import IndexFiles
import LinearAlgebra
import Retrieval
import VectorSearch

extension BenchCommand {
    struct Vectors: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Measure the search among vectors: exact, certified and approximate.",
            discussion: """
                Builds an index of the vectors, then asks for the rows nearest to each of the first 200 queries, one at \
                a time on one thread for p50 and p99, and all at once on --threads for queries_per_s. recall_at_10 is \
                the share of the exact scan's rows that were found (at the --top asked for); rows_coarse, rows_fine and \
                rows_exact are the rows that a query looked at by stage.

                Example:
                  docket embed chunks.jsonl --output x.npy
                  docket embed questions.txt --output q.npy --role query
                  docket bench vectors --vectors x.npy --queries q.npy --top 10
                """)

        @Option(help: ArgumentHelp("Float32 [rows, dimension], as docket embed writes it.", valueName: "file.npy"))
        var vectors: String
        @Option(help: ArgumentHelp("Queries of the same dimension.", valueName: "file.npy")) var queries: String
        @Option(help: "Rows asked for.") var top = 10
        @Option(help: ArgumentHelp("Threads for building and batches; default all processors.", valueName: "count"))
        var threads: Int?
        @Option(
            help: ArgumentHelp("Only so large a share of the rows, drawn at random, may be found.", valueName: "0-1"))
        var filterShare: Double?
        @Option(help: ArgumentHelp("What the approximate search is asked for.", valueName: "0-1")) var recall = 0.98
        @Option(
            help: ArgumentHelp(
                "Write each system's rows there, int32 [queries, top], and those a filter allows.", valueName: "folder")
        )
        var results: String?
        @Flag(help: "Print JSON.") var json = false

        private static let topMax = 10_000
        private static let threadsMax = 256

        func validate() throws {
            guard (1...Self.topMax).contains(top) else {
                throw ValidationError("--top takes a number from 1 to \(Self.topMax)")
            }
            guard threads.map({ (1...Self.threadsMax).contains($0) }) ?? true else {
                throw ValidationError("--threads takes a number from 1 to \(Self.threadsMax)")
            }
            guard filterShare.map({ $0 > 0 && $0 <= 1 }) ?? true else {
                throw ValidationError("--filter-share takes a number above 0, at most 1")
            }
            guard recall > 0 && recall <= 1 else {
                throw ValidationError("--recall takes a number above 0, at most 1")
            }
        }

        func run() throws {
            let threadCount = threads ?? ProcessInfo.processInfo.activeProcessorCount
            let queries = try measuredQueries()
            try results.map(makeFolder)
            let work = try WorkFolder()
            let url = work.url.appending(path: "vectors.docketindex")
            Progress.shared.show("building", done: 0, of: 1)
            let time = try build(at: url, for: queries, threadCount: threadCount)
            let index = try VectorIndex(opening: url)
            let byteCount = try FileManager.default.attributesOfItem(atPath: url.path)[.size] as? Int ?? 0
            let facts = Facts(
                rowCount: index.rowCount, dimension: index.dimension, threadCount: threadCount,
                buildSeconds: time / .seconds(1), bytesPerVector: Double(byteCount) / Double(max(1, index.rowCount)))
            let benchmark = VectorBenchmark(
                index: index, queries: queries, top: top, threadCount: threadCount, recall: recall,
                filterShare: filterShare)
            if let results, let allowed = benchmark.allowed { try write(allowed.rows, to: results) }
            var exact: [[ScoredRow]]?
            if !json { print(Self.header) }
            for (place, system) in VectorBenchmark.System.allCases.enumerated() {
                Progress.shared.show("searching", done: place, of: VectorBenchmark.System.allCases.count)
                let report = try benchmark.run(system, against: exact)
                Progress.shared.clear()
                exact = exact ?? report.results
                if json { Console.printJSON(report.json(facts)) } else { print(report.text(facts)) }
                try results.map { try write(report, to: $0) }
            }
        }

        private func measuredQueries() throws -> Matrix {
            let all = try Matrix(numpyFile: queries)
            guard all.rowCount > 0 else { throw InputError.empty(path: queries) }
            let measured = all.rows(Array(0..<min(all.rowCount, VectorBenchmark.queryCountMax)))
            if let place = measured.values.firstIndex(where: { !$0.isFinite }) {
                throw InputError.notFinite(path: queries, row: place / measured.columnCount)
            }
            return measured
        }

        /// Builds the index, once it is known that the queries can be asked of it.
        private func build(at url: URL, for measured: Matrix, threadCount: Int) throws -> Duration {
            let matrix = try Matrix(numpyFile: vectors)
            guard matrix.columnCount == measured.columnCount else {
                throw InputError.otherDimension(
                    path: queries, got: measured.columnCount, expected: matrix.columnCount)
            }
            guard matrix.rowCount >= top else {
                throw ValidationError("--top takes at most the \(matrix.rowCount) rows of \(vectors)")
            }
            let start = ContinuousClock.now
            do {
                try VectorIndex.write(consume matrix, fingerprint: "benchmark", to: url, threadCount: threadCount)
            } catch VectorError.notFinite(let row) {
                throw InputError.notFinite(path: vectors, row: row)
            }
            return .now - start
        }

        /// Before anything is measured, so that nothing is measured in vain.
        private func makeFolder(_ folder: String) throws {
            do {
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            } catch {
                throw InputError.unwritable(path: folder, errno: (error as NSError).posixCode)
            }
        }

        /// Where a filter left fewer rows than were asked for, -1 stands in their place.
        private func write(_ report: VectorBenchmark.Report, to folder: String) throws {
            let file = try NumpyFile<Int32>(
                creating: folder + "/\(report.system.rawValue).npy", rowCount: report.results.count, columnCount: top)
            for rows in report.results {
                try file.append(rows.map { Int32($0.row) } + [Int32](repeating: -1, count: top - rows.count))
            }
            try file.finish()
        }

        private func write(_ allowed: [Int], to folder: String) throws {
            let file = try NumpyFile<Int32>(creating: folder + "/allowed.npy", rowCount: allowed.count, columnCount: 1)
            try file.append(allowed.map { Int32($0) })
            try file.finish()
        }

        fileprivate struct Facts {
            let rowCount: Int
            let dimension: Int
            let threadCount: Int
            let buildSeconds: Double
            let bytesPerVector: Double
        }

        private static let header =
            "system       build s  bytes/vector   p50 ms   p99 ms  queries/s  recall  rows coarse    fine   exact"
    }
}

extension VectorBenchmark.Report {
    fileprivate func json(_ facts: BenchCommand.Vectors.Facts) -> JSON {
        .object([
            ("system", .string(system.rawValue)), ("rows", .integer(facts.rowCount)),
            ("dimension", .integer(facts.dimension)), ("queries", .integer(results.count)),
            ("threads", .integer(facts.threadCount)), ("build_s", .rounded(facts.buildSeconds, places: 3)),
            ("bytes_per_vector", .rounded(facts.bytesPerVector, places: 1)),
            ("p50_ms", .rounded(times.p50, places: 4)), ("p99_ms", .rounded(times.p99, places: 4)),
            ("queries_per_s", .rounded(queriesPerSecond, places: 1)), ("recall_at_10", .rounded(recall, places: 4)),
            ("checksum", .string(checksum)), ("rows_coarse", .rounded(rowsByStage.coarse, places: 1)),
            ("rows_fine", .rounded(rowsByStage.fine, places: 1)),
            ("rows_exact", .rounded(rowsByStage.exact, places: 1)),
        ])
    }

    fileprivate func text(_ facts: BenchCommand.Vectors.Facts) -> String {
        let name = system.rawValue + String(repeating: " ", count: 12 - system.rawValue.count)
        return name
            + String(
                format: "%8.2f %13.0f %8.3f %8.3f %10.0f %7.4f %12.0f %7.0f %7.0f", facts.buildSeconds,
                facts.bytesPerVector, times.p50, times.p99, queriesPerSecond, recall, rowsByStage.coarse,
                rowsByStage.fine, rowsByStage.exact)
    }
}
