import ArgumentParser
import Foundation
import Retrieval

extension BenchCommand {
    struct Lexical: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Measure the lexical lane by itself: an index of texts, and searches in it on one thread.",
            discussion: """
                Texts are the "title" and "text" of each line, queries the "text" of each line. Nothing is stored.

                Example:
                  docket bench lexical chunks.jsonl --queries queries.jsonl --limit 100
                """)

        @Argument(help: ArgumentHelp("Texts, one JSON object a line.", valueName: "texts.jsonl")) var texts: String
        @Option(help: ArgumentHelp("Queries, one JSON object with \"text\" a line.", valueName: "file.jsonl"))
        var queries: String
        @Option(help: "How many rows are asked for.") var limit = 100
        @Flag(help: "Print JSON.") var json = false

        func validate() throws {
            guard limit > 0 else { throw ValidationError("--limit takes a number above 0") }
        }

        func run() throws {
            let rows = try InputFile(path: texts).titledTexts()
            let asked = try InputFile(path: queries).texts()
            guard !rows.isEmpty, !asked.isEmpty else { throw ValidationError("there are no texts, or no queries") }
            let work = try WorkFolder()
            let report = try LexicalBenchmark(in: work.url).run(rows, queries: asked, limit: limit) {
                Progress.shared.show("indexing", done: $0, of: $1)
            }
            Progress.shared.clear()
            if json { Console.printJSON(report.json) } else { print(report.text) }
        }
    }
}

extension LexicalBenchmark.Report {
    fileprivate var json: JSON {
        .object([
            ("rows", .integer(rowCount)), ("queries", .integer(queryCount)), ("build_s", .rounded(buildSeconds)),
            ("bytes", .integer(byteCount)), ("p50_ms", .rounded(times.p50)), ("p99_ms", .rounded(times.p99)),
            ("checksum", .string(checksum)),
        ])
    }

    fileprivate var text: String {
        String(
            format: "%d rows in %.2f s, %d bytes\n%d queries: p50 %.3f ms, p99 %.3f ms; checksum %@", rowCount,
            buildSeconds, byteCount, queryCount, times.p50, times.p99, checksum)
    }
}
