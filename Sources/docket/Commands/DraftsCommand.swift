import Answering
import ArgumentParser
import Configuration
import Foundation
import Retrieval
import Storage
import Tickets

struct DraftsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drafts",
        abstract: "List the drafts that are kept, and those whose sources have changed since.",
        discussion: """
            A draft is stale when a page that it cites was changed, removed, moved to another id, or is for fewer \
            readers now. `docket resolve ID` drafts anew.

            Example:
              docket drafts --stale
            """)

    @OptionGroup var shared: SharedOptions
    @Flag(help: "Only stale drafts.") var stale = false
    @Option(help: ArgumentHelp("Only drafts of this ticket, by its id or how it begins.", valueName: "id"))
    var ticket: String?

    func run() throws {
        let configuration = try shared.configuration()
        let store = try Store(in: configuration.data, creating: false)
        let wanted = try ticket.map { try store.ticket(withIDPrefix: $0).id }
        let pages = try CitedPages(of: store, audiences: configuration.audienceOrder)
        for kept in try store.drafts() where wanted == nil || kept.draft.ticket == wanted {
            let causes = pages.staleCitations(of: kept.draft)
            guard !stale || !causes.isEmpty else { continue }
            if shared.json {
                Console.printJSON(kept.json(causes))
            } else {
                let mark = causes.isEmpty ? "" : "  stale: " + causes.map(\.description).joined(separator: ", ")
                Console.show(
                    "\(kept.number)  \(kept.draft.ticket.text)  \(kept.createdAt)  \(kept.draft.status.rawValue)\(mark)"
                )
            }
        }
    }
}

extension StoredDraft {
    fileprivate func json(_ causes: [StaleCitation]) -> JSON {
        .object([
            ("draft", .integer(Int(number))), ("ticket", .string(draft.ticket.text)),
            ("generation", .integer(generation)), ("created_at", .string(createdAt)),
            ("status", .string(draft.status.rawValue)), ("stale", .boolean(!causes.isEmpty)),
            ("causes", .array(causes.map(\.json))),
        ])
    }
}

extension StaleCitation {
    fileprivate var json: JSON {
        let (name, detail): (String, String?) =
            switch cause {
            case .changed: ("changed", nil)
            case .removed: ("removed", nil)
            case .moved(let id): ("moved", id)
            case .narrowed(let audience): ("narrowed", audience)
            }
        return .object([("document", .string(document)), ("cause", .string(name)), ("to", .optional(detail))])
    }
}
