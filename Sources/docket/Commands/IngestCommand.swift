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

            A file that is as it was when it was read, by its size, its times and its place on the disk, is not read again; \
            --reread reads every file. A file that was saved less than a minute before it was read is read once more.

            With --model lsa there is no model: embeddings come from latent semantic analysis of the pages, fitted anew \
            when a fifth of their texts has changed. An index that a model built never falls back to it.

            With --watch it goes on: whenever pages below the folders are saved, renamed, deleted or new, it ingests again \
            and prints a summary, a line of JSON each with --json, until SIGINT or SIGTERM ends it with 0. A burst of \
            changes is one run. Errors of pages are reported, and it goes on.

            Examples:
              docket ingest corpus/docs
              docket ingest --watch corpus/docs
            """)

    @OptionGroup var shared: SharedOptions
    @Argument(help: ArgumentHelp("Folders, or single pages.", valueName: "folder")) var folders: [String] = []
    @Flag(help: "Embed everything anew with the given model, where the index was built with another.")
    var changeModel = false
    @Flag(help: "Read every file again, also those that seem not to have changed.") var reread = false
    @Flag(help: "Go on: ingest again whenever pages change, until the process is told to end.")
    var watch = false

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
        let stop = watch ? try StopSignals() : nil
        let ingester = Ingester(
            store: store, embedder: embedder, indexes: configuration.indexes,
            audiences: configuration.audienceOrder, threadCount: configuration.threads
        ) { progress in
            // What was committed stays, and the rest is taken up by the next ingest: as after any end of this process.
            if stop?.haveCome ?? false { Self.abandon() }
            showProgress(progress)
        }
        guard let stop else {
            let summary = try ingester.ingest(roots, changingModel: changeModel, readsAll: reread)
            show(summary, configuration)
            if summary.failed > 0 { throw ExitStatus.someInputsFailed }
            return
        }
        let run = WatchRun(store: store, ingester: ingester, roots: roots, stop: stop) { show($0, configuration) }
        try run.run(changingModel: changeModel, rereading: reread)
    }

    private static func abandon() -> Never {
        Console.complain("docket: told to end in the middle of an ingest; the next one takes up what is left")
        Foundation.exit((Console.flush() ? ExitStatus.done : .environment).rawValue)
    }

    private func show(_ summary: IngestSummary, _ configuration: Configuration) {
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
        // Whoever reads a pipe is to know now; that it is gone is found at the end.
        _ = Console.flush()
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
