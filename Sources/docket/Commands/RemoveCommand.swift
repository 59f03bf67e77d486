import Answering
import ArgumentParser
import Configuration
import Foundation
import Retrieval
import Storage
import Tickets

struct RemoveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Take pages out of every search, at once.",
        discussion: """
            Before the command returns, no search in any process finds the pages, and no rollback or restored backup \
            brings them back; an ingest that is running does not, either. Their files stay; ingests pass over what has \
            such a page's id, and new files with its words, until one names the file itself. A folder that was ingested \
            is forgotten with its pages; one above it is taken with --all only.

            Example:
              docket remove postgresql/failover
              docket remove corpus/docs/drafts
            """)

    @OptionGroup var shared: SharedOptions
    @Argument(help: ArgumentHelp("Ids of pages, files, or folders.", valueName: "page")) var pages: [String]

    @Flag(help: "Take folders above ingested ones, too, and so all their pages.") var all = false

    func validate() throws {
        if let blank = pages.first(where: { $0.allSatisfy(\.isWhitespace) }) {
            throw ValidationError(RetrievalError.noPage(name: blank).description)
        }
    }

    func run() throws {
        let configuration = try shared.configuration()
        let store = try Store(in: configuration.data, creating: false)
        let summary = try Ingester.remove(pages, from: store, coversAll: all)
        let cited = try CitedPages(of: store, audiences: configuration.audienceOrder)
        let stale = try store.drafts().filter { kept in
            cited.staleCitations(of: kept.draft).contains { citation in
                summary.removed.contains { $0.id == citation.document }
            }
        }
        if shared.json {
            return Console.printJSON(
                .object([
                    ("removed", .strings(summary.removed.map(\.id))), ("forgotten", .strings(summary.forgotten)),
                    ("stale_drafts", .array(stale.map { .integer(Int($0.number)) })),
                ]))
        }
        for page in summary.removed { Console.show("removed \(page.id) (\(page.path))") }
        for folder in summary.forgotten { Console.show("forgotten: \(folder)") }
        print("\(summary.removed.count) pages removed")
        if !stale.isEmpty {
            Console.complain("drafts that cite what is gone: \(stale.count); see `docket drafts --stale`")
        }
    }
}
