import ArgumentParser
import Configuration
import Foundation
import Retrieval
import Storage

extension BenchCommand {
    struct Ingest: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Measure an ingest of a folder: parsing by format, stages, memory, and a second run.",
            discussion: """
                Parses and cuts every page on one thread, then ingests the folder into a database of its own, which is \
                removed afterwards, and once more with nothing changed. peak_bytes is the process's resident memory.

                Example:
                  docket bench ingest corpus/docs
                """)

        @OptionGroup var shared: SharedOptions
        @Argument(help: ArgumentHelp("A folder of pages.", valueName: "folder")) var folder: String

        func run() throws {
            let configuration = try shared.configuration()
            guard FileManager.default.fileExists(atPath: folder) else { throw InputError.unreadable(path: folder) }
            let work = try WorkFolder()
            let store = try Store(in: work.url, creating: true)
            let report = try IngestBenchmark(root: URL(filePath: folder)).run(
                store: store, embedder: configuration.embedder(known: []), indexes: work.url.appending(path: "indexes"),
                audiences: configuration.audienceOrder, threadCount: configuration.threads, progress: showProgress)
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

extension IngestBenchmark.Report {
    private var peakByteCount: Int {
        var usage = rusage()
        getrusage(RUSAGE_SELF.rawValue, &usage)
        return usage.ru_maxrss * 1024
    }

    fileprivate var json: JSON {
        .object([
            (
                "formats",
                .array(
                    formats.map { format in
                        .object([
                            ("format", .string(format.name)), ("pages", .integer(format.pageCount)),
                            ("bytes", .integer(format.byteCount)), ("chunks", .integer(format.chunkCount)),
                            ("parse_s", .rounded(format.parseSeconds, places: 3)),
                            ("chunk_s", .rounded(format.chunkSeconds, places: 3)),
                            ("mb_per_s", .rounded(format.megabytesPerSecond, places: 1)),
                        ])
                    })
            ),
            ("stages_s", .object(stages.map { ($0.name, .rounded($0.seconds, places: 3)) })),
            ("seconds", .rounded(summary.seconds, places: 3)), ("pages", .integer(summary.added)),
            ("failed", .integer(summary.failed)), ("chunks", .integer(summary.chunks)),
            ("embedded", .integer(summary.embedded)), ("unchanged_s", .rounded(unchangedSeconds, places: 3)),
            ("peak_bytes", .integer(peakByteCount)),
        ])
    }

    fileprivate var text: String {
        var lines = ["format               pages       MB   chunks  parse s  chunk s     MB/s"]
        lines += formats.map { format in
            format.name.padding(toLength: 18, withPad: " ", startingAt: 0)
                + String(
                    format: "%8d %8.1f %8d %8.2f %8.2f %8.1f", format.pageCount, Double(format.byteCount) / 1e6,
                    format.chunkCount, format.parseSeconds, format.chunkSeconds, format.megabytesPerSecond)
        }
        lines += stages.map { String(format: "%8.1f s  ", $0.seconds) + $0.name }
        lines.append(
            String(
                format: "%8.1f s  in all: %d pages, %d failed, %d chunks, %d embedded", summary.seconds, summary.added,
                summary.failed, summary.chunks, summary.embedded))
        lines.append(String(format: "%8.2f s  again, with nothing changed", unchangedSeconds))
        lines.append(String(format: "%8.0f MB at most in memory", Double(peakByteCount) / 1e6))
        return lines.joined(separator: "\n")
    }
}
