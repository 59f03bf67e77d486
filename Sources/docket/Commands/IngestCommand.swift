import ArgumentParser
import Configuration
import Endpoints
import Foundation
import Retrieval
import Storage

struct IngestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ingest",
        abstract: "Read folders of pages and bring the index up to date.",
        discussion: """
            Reads every page below the folders (.md, .markdown, .html, .htm, .rst, .txt, .log, .pdf), embeds what is new \
            or changed, and serves the new index at once. A page that cannot be read is reported and keeps its last good revision; a page that is gone from \
            its folder is gone from every search. Running again changes nothing. Without a folder, what was named \
            before is read again, and nothing else.

            With --model lsa there is no model: embeddings come from latent semantic analysis of the pages, fitted anew \
            when a fifth of their texts has changed. An index that a model built never falls back to it.

            Example:
              docket ingest corpus/docs
            """)

    @OptionGroup var shared: SharedOptions
    @Argument(help: ArgumentHelp("Folders, or single pages.", valueName: "folder")) var folders: [String] = []
    @Flag(help: "Embed everything anew with the given model, where the index was built with another.")
    var changeModel = false

    /// Files that are named where they were passed over; the others are counted.
    private static let passedOverShownMax = 10
    /// What is added to the process's niceness: whoever searches meanwhile, in any process, goes first.
    private static let niceness: Int32 = 10

    func run() throws {
        // Before there is another thread, which would keep its own; where it is not allowed, nothing is lost.
        _ = nice(Self.niceness)
        let configuration = try shared.configuration()
        let store = try Store(in: configuration.data, creating: true)
        let roots = folders.map { URL(filePath: $0) }
        let embedder = try embedder(configuration, store, roots)
        let ingester = Ingester(
            store: store, embedder: embedder, indexes: configuration.indexes,
            audiences: configuration.audienceOrder, threadCount: configuration.threads,
            report: showProgress)
        let summary = try ingester.ingest(roots, changingModel: changeModel)
        Progress.shared.clear()
        if shared.json {
            Console.printJSON(configuration.marked(summary.json))
        } else {
            configuration.sayWhetherModelIsMissing()
            print(summary.text)
        }
        if !summary.passedOver.isEmpty {
            Console.complain(
                "\(summary.passedOver.count) files passed over, removed before; name one to read it again: "
                    + summary.passedOver.prefix(Self.passedOverShownMax).joined(separator: ", ")
                    + (summary.passedOver.count > Self.passedOverShownMax ? " …" : ""))
        }
        for failure in summary.errors where !shared.json { Console.complain(failure.line(prefix: "failed: ")) }
        if summary.failed > 0 { throw ExitStatus.someInputsFailed }
    }

    /// Where no vectors can be had, because a server does not answer, what is gone from the pages leaves every search all
    /// the same.
    private func embedder(_ configuration: Configuration, _ store: Store, _ roots: [URL]) throws -> Embedder {
        do {
            return try configuration.embedder(known: store.fingerprints())
        } catch let error as EndpointError {
            try Ingester.updatePages(
                of: roots, in: store, audiences: configuration.audienceOrder, report: showProgress)
            throw error
        }
    }
}

extension IngestSummary {
    fileprivate var json: JSON {
        .object([
            ("added", .integer(added)), ("changed", .integer(changed)), ("removed", .integer(removed)),
            ("unchanged", .integer(unchanged)), ("failed", .integer(failed)), ("chunks", .integer(chunks)),
            ("embedded", .integer(embedded)), ("reused", .integer(reused)), ("seconds", .rounded(seconds, places: 3)),
            ("generation", .integer(generation)), ("passed_over", .strings(passedOver)),
            (
                "errors",
                .array(
                    errors.map { error in
                        .object([
                            ("path", .string(error.path)), ("line", error.line.map(JSON.integer) ?? .null),
                            ("message", .string(error.message)),
                        ])
                    })
            ),
        ])
    }

    fileprivate var text: String {
        let pages = "\(added) added, \(changed) changed, \(removed) removed, \(unchanged) unchanged, \(failed) failed"
        let index =
            hasBuilt
            ? "generation \(generation): \(chunks) chunks, \(embedded) embedded, \(reused) reused"
            : "nothing to do, generation \(generation) stays: \(chunks) chunks"
        return "\(pages)\n\(index), \(String(format: "%.1f", seconds)) s"
    }
}

extension PageFailure {
    fileprivate func line(prefix: String) -> String {
        prefix + path + (line.map { ":\($0)" } ?? "") + ": " + message
    }
}
