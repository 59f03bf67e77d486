import ArgumentParser
import Configuration
import Foundation
import Retrieval
import Storage
import Tickets

struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measure speed, and what weights do.",
        discussion: """
            Example:
              docket bench search
            """,
        subcommands: [
            Search.self, Ingest.self, Embedding.self, Vectors.self, Lexical.self, Fusion.self, Checker.self,
        ])

    func run() throws {
        throw ValidationError(
            """
            say what to measure: `docket bench search`, `ingest`, `embedding`, `vectors`, `lexical`, `fusion` or \
            `checker`; see `docket bench --help`
            """
        )
    }

    struct Search: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Measure how long searches take, in process, warm, stage by stage.",
            discussion: """
                The queries are the subjects of the imported tickets, or the "text" of each line of --queries. Each \
                runs once to warm up and once for the record.

                Example:
                  docket bench search --json
                """)

        @OptionGroup var shared: SharedOptions
        @OptionGroup var limit: LimitOption
        @Option(help: ArgumentHelp("Queries, one JSON object with \"text\" a line.", valueName: "file.jsonl"))
        var queries: String?

        func run() throws {
            let configuration = try shared.configuration()
            let searcher = try configuration.searcher()
            let texts = try queries.map { try InputFile(path: $0).texts() } ?? searcher.store.tickets().map(\.subject)
            guard !texts.isEmpty else {
                throw ValidationError("there are no queries: import tickets first, or give --queries FILE")
            }
            let benchmark = LatencyBenchmark(
                searcher: searcher, filters: SearchFilters(audiences: configuration.audiences), limit: limit.limit)
            let report = try benchmark.run(texts) { Progress.shared.show("searching", done: $0, of: texts.count) }
            Progress.shared.clear()
            if shared.json {
                Console.printJSON(configuration.marked(report.json))
            } else {
                configuration.sayWhetherModelIsMissing()
                print(report.text)
            }
        }
    }
}

extension LatencyBenchmark.Report {
    fileprivate var json: JSON {
        .object([
            ("queries", .integer(queryCount)), ("p50_ms", .rounded(total.p50)), ("p95_ms", .rounded(total.p95)),
            ("p99_ms", .rounded(total.p99)), ("queries_per_s", .rounded(queriesPerSecond, places: 1)),
            (
                "stages",
                .object(
                    stages.map { name, times in
                        (name, .object([("p50_ms", .rounded(times.p50)), ("p99_ms", .rounded(times.p99))]))
                    })
            ),
            ("checksum", .string(checksum)),
        ])
    }

    fileprivate var text: String {
        func row(_ name: String, _ times: Percentiles) -> String {
            let label = name + String(repeating: " ", count: max(10 - name.count, 1))
            return label + String(format: "%8.3f %8.3f %8.3f", times.p50, times.p95, times.p99)
        }
        let header = "\(queryCount) queries, " + String(format: "%.0f/s", queriesPerSecond) + ", checksum \(checksum)"
        let lines = ["stage          p50      p95      p99  (ms)"] + stages.map { row($0.name, $0.times) }
        return ([header] + lines + [row("total", total)]).joined(separator: "\n")
    }
}
