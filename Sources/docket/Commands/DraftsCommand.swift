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
        let drafts = try store.drafts().filter { wanted == nil || $0.draft.ticket == wanted }
            .map { (kept: $0, causes: pages.staleCitations(of: $0.draft)) }
            .filter { !stale || !$0.causes.isEmpty }
        if shared.json {
            Console.printJSON(.object([("drafts", .array(drafts.map { $0.kept.json($0.causes) }))]))
        } else {
            for draft in drafts { Console.show(draft.kept.line(draft.causes)) }
        }
    }
}

extension StoredDraft {
    fileprivate func line(_ causes: [StaleCitation]) -> String {
        let mark = causes.isEmpty ? "" : "  stale: " + causes.map(\.description).joined(separator: ", ")
        return "\(number)  \(draft.ticket.text)  \(createdAt)  \(draft.status.rawValue)\(mark)"
    }

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
