import ArgumentParser
import Configuration
import Foundation
import Retrieval
import Storage

struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Write all that the database holds to one file, while Docket is used.",
        discussion: """
            The file is a database of its own: pages, embeddings, tickets, drafts. The index is not in it; `docket \
            restore` builds it again. A file that is there is replaced when the new one is whole; a database that is used, \
            or a place in the data directory, is refused. Who may read the database may read the file.

            Example:
              docket backup /var/backups/docket.sqlite
            """)

    @OptionGroup var shared: SharedOptions
    @Argument(help: ArgumentHelp("Where to.", valueName: "file")) var file: String

    func run() throws {
        let store = try Store(in: shared.configuration().data, creating: false)
        try store.backUp(to: URL(filePath: file))
        let byteCount = try FileManager.default.attributesOfItem(atPath: file)[.size] as? Int ?? 0
        if shared.json {
            Console.printJSON(.object([("file", .string(file)), ("bytes", .integer(byteCount))]))
        } else {
            print("\(file): \(byteCount) bytes")
        }
    }
}

struct RestoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Put a backup in the place of all that the database holds, while Docket is used.",
        discussion: """
            The index is built first, from the embeddings in the backup (of one without a model they are made anew from \
            its pages); then one transaction changes all, and every search sees it. What was added or changed since the \
            backup is undone: run `docket ingest` to compare with the folders. What `docket remove` took out since stays \
            out, unless --undo-removals says otherwise.

            A page that is for fewer readers now than it was then is shown to nobody before the next ingest.

            Example:
              docket restore /var/backups/docket.sqlite
            """)

    @OptionGroup var shared: SharedOptions
    @Argument(help: ArgumentHelp("A file that docket backup wrote.", valueName: "file")) var file: String
    @Flag(help: "Bring back pages that were removed by name, or narrowed to fewer readers, since the backup.")
    var undoRemovals = false

    func run() throws {
        let configuration = try shared.configuration()
        guard FileManager.default.fileExists(atPath: file) else { throw InputError.unreadable(path: file) }
        try checkWhereNothingIs(configuration)
        let store = try Store(in: configuration.data, creating: true)
        Progress.shared.show("restoring", done: 0, of: 1)
        let restoration = Restoration(
            of: store, in: configuration.indexes, audiences: configuration.audienceOrder,
            threadCount: configuration.threads)
        let summary = try restoration.restore(URL(filePath: file), undoesRemovals: undoRemovals)
        Progress.shared.clear()
        if shared.json {
            Console.printJSON(
                .object([
                    ("documents", .integer(summary.counts.documents)), ("chunks", .integer(summary.counts.chunks)),
                    ("tickets", .integer(summary.counts.tickets)), ("drafts", .integer(summary.counts.drafts)),
                    ("generation", .integer(summary.generation?.id ?? 0)),
                    ("created_at", .optional(summary.generation?.createdAt)),
                    ("searchable", .boolean(summary.isSearchable)), ("still_removed", .strings(summary.kept.removed)),
                    ("withheld", .strings(summary.kept.narrowed)),
                ]))
        } else {
            let counts = summary.counts
            print("\(counts.documents) documents, \(counts.tickets) tickets, \(counts.drafts) drafts restored")
            if let generation = summary.generation { print("generation \(generation.id) of \(generation.createdAt)") }
            for id in summary.kept.removed { Console.show("still removed: \(id)") }
            for id in summary.kept.narrowed {
                Console.show("for fewer readers now, shown after the next ingest: \(id)")
            }
            Console.complain(
                summary.isSearchable
                    ? "pages are as they were then; `docket ingest` brings them up to date"
                    : "there is no index yet; `docket ingest` builds it")
        }
    }

    /// Looks at the backup before a data directory is made for it: what is refused leaves nothing behind.
    private func checkWhereNothingIs(_ configuration: Configuration) throws {
        let database = configuration.data.appending(path: Store.fileName)
        guard !FileManager.default.fileExists(atPath: database.path) else { return }
        let folder = try WorkFolder()
        _ = try Store(copying: URL(filePath: file), in: folder.url)
    }
}
