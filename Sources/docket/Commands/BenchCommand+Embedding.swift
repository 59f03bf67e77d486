import ArgumentParser
import Configuration
import Foundation
import Retrieval
import Storage
import TextEmbedding

extension BenchCommand {
    struct Embedding: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Measure the encoder: documents and tokens a second, and how long a query takes.",
            discussion: """
                A line for each precision, with one thread and with all. Documents are windows of --words words over \
                the texts, which are the "text" of each line of --texts, or else the chunks of the index being served; \
                cosine_min is the lowest cosine to the embedding at fp32.

                Example:
                  docket bench embedding --words 150 --texts texts.jsonl
                """)

        @OptionGroup var shared: SharedOptions
        @Option(help: ArgumentHelp("Texts, one JSON object with \"text\" a line.", valueName: "file.jsonl"))
        var texts: String?
        @Option(help: "Words of a document.") var words = 150

        private static let wordCountMax = 10_000

        func validate() throws {
            guard (1...Self.wordCountMax).contains(words) else {
                throw ValidationError("--words takes a number from 1 to \(Self.wordCountMax)")
            }
            guard shared.embeddingURL == nil else {
                throw ValidationError("bench embedding measures the model of a folder (--model), not a server")
            }
        }

        func run() throws {
            let configuration = try shared.configuration()
            let benchmark = try EmbeddingBenchmark(words: words(of: configuration), wordCount: words)
            var reference: EmbeddingBenchmark.Report?
            if !shared.json { print(Self.header) }
            for precision in [Precision.fp32, .int8] {
                let encoder = try configuration.encoder(precision: precision)
                for threadCount in Set([1, configuration.threads]).sorted() {
                    let report = try benchmark.run(encoder.using(threadCount: threadCount)) {
                        Progress.shared.show(
                            "measuring \(precision.rawValue)", done: threadCount, of: configuration.threads)
                    }
                    Progress.shared.clear()
                    let cosine = reference.map(report.lowestCosine) ?? 1
                    if reference == nil { reference = report }
                    if shared.json {
                        Console.printJSON(report.json(precision, threadCount: threadCount, cosine: cosine))
                    } else {
                        print(report.text(precision, threadCount: threadCount, cosine: cosine))
                    }
                }
            }
        }

        private func words(of configuration: Configuration) throws -> [Substring] {
            let texts =
                try self.texts.map { try InputFile(path: $0).texts() }
                ?? Store(in: configuration.data, creating: false).chunkTexts()
            let words = EmbeddingBenchmark.words(of: texts)
            let needed = EmbeddingBenchmark.wordCountMin(wordCount: self.words)
            guard words.count >= needed else {
                throw ValidationError(
                    "the texts have \(words.count) words, \(needed) are needed; give more with --texts")
            }
            return words
        }

        private static let header =
            "system         threads  documents/s   tokens/s   query p50   p99 (ms)   lowest cosine"
    }
}

extension EmbeddingBenchmark.Report {
    fileprivate func json(_ precision: Precision, threadCount: Int, cosine: Double) -> JSON {
        .object([
            ("system", .string("docket \(precision.rawValue)")), ("threads", .integer(threadCount)),
            ("documents_per_s", .rounded(documentsPerSecond, places: 2)),
            ("tokens_per_s", .rounded(tokensPerSecond, places: 0)),
            ("query_p50_ms", .rounded(queryMilliseconds.p50, places: 3)),
            ("query_p99_ms", .rounded(queryMilliseconds.p99, places: 3)), ("cosine_min", .rounded(cosine, places: 6)),
        ])
    }

    fileprivate func text(_ precision: Precision, threadCount: Int, cosine: Double) -> String {
        "docket \(precision.rawValue)    "
            + String(
                format: "%7d %12.1f %10.0f %11.3f %10.3f %15.6f", threadCount, documentsPerSecond, tokensPerSecond,
                queryMilliseconds.p50, queryMilliseconds.p99, cosine)
    }
}
