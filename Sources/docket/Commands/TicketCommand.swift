import Answering
import ArgumentParser
import Configuration
import Foundation
import Storage
import Tickets

struct TicketCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ticket", abstract: "Import, list and show tickets.",
        discussion: """
            Example:
              docket ticket import corpus/tickets/dev
              docket ticket list
            """,
        subcommands: [Import.self, List.self, Show.self])

    func run() throws {
        throw ValidationError("say what to do: `docket ticket import`, `list` or `show`; see `docket ticket --help`")
    }

    struct Import: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Read tickets from JSON files, or from every .json and .jsonl file of a folder.",
            discussion: """
                A ticket has id (a UUID), created_at (RFC 3339), subject and body, and may have channel, requester \
                {name, email}, product, version, platform, error_codes [..], parameters {name: value} and thread \
                [{at, from, body}]. An unknown field is refused. Importing again changes nothing; a changed file \
                amends its ticket. A file that is refused is reported, and the rest goes on.

                Example:
                  docket ticket import corpus/tickets/dev
                """)

        @OptionGroup var shared: SharedOptions
        @Argument(help: ArgumentHelp("Files or folders; - for standard input.", valueName: "path"))
        var paths: [String]

        func run() throws {
            let store = try Store(in: shared.configuration().data, creating: true)
            var counts: [ImportOutcome: Int] = [:]
            var failures: [String] = []
            for result in paths.flatMap(tickets) {
                switch result {
                case .success(let ticket): counts[try store.store(ticket, at: Date()), default: 0] += 1
                case .failure(let error): failures.append(error.description)
                }
            }
            report(counts, failures)
            if !failures.isEmpty { throw counts.isEmpty ? ExitStatus.badInput : .someInputsFailed }
        }

        /// The tickets of a file or of every file of a folder; what cannot be read is one failure.
        private func tickets(_ path: String) -> [Result<Ticket, InputError>] {
            do {
                return try ticketFiles(path).flatMap { file in
                    do throws(InputError) {
                        return try TicketFile(path: file).tickets()
                    } catch {
                        return [.failure(error)]
                    }
                }
            } catch {
                return [.failure(error)]
            }
        }

        private func ticketFiles(_ path: String) throws(InputError) -> [String] {
            var isFolder: ObjCBool = false
            if path == "-" { return [path] }
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
                throw .unreadable(path: path)
            }
            guard isFolder.boolValue else { return [path] }
            guard let below = try? FileManager.default.subpathsOfDirectory(atPath: path) else {
                throw .unreadable(path: path)
            }
            let names = below.filter { $0.hasSuffix(".json") || $0.hasSuffix(".jsonl") || $0.hasSuffix(".ndjson") }
            guard !names.isEmpty else { throw .empty(path: path) }
            return names.sorted().map { path + "/" + $0 }
        }

        private func report(_ counts: [ImportOutcome: Int], _ failures: [String]) {
            let (created, amended) = (counts[.created] ?? 0, counts[.amended] ?? 0)
            let unchanged = counts[.unchanged] ?? 0
            if shared.json {
                Console.printJSON(
                    .object([
                        ("created", .integer(created)), ("amended", .integer(amended)),
                        ("unchanged", .integer(unchanged)), ("failed", .integer(failures.count)),
                        ("errors", .strings(failures)),
                    ]))
            } else {
                print("\(created) created, \(amended) amended, \(unchanged) unchanged, \(failures.count) failed")
            }
            for failure in failures where !shared.json { Console.complain("failed: " + failure) }
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List tickets, a line each, in order of creation.",
            discussion: """
                Example:
                  docket ticket list --json | head -3
                """)

        @OptionGroup var shared: SharedOptions

        func run() throws {
            let store = try Store(in: shared.configuration().data, creating: false)
            for ticket in try store.tickets() {
                if shared.json {
                    Console.printJSON(ticket.summary)
                } else {
                    // A version says nothing without its product, and would stand in the product's place.
                    let product = ticket.product.map { [$0, ticket.version ?? ""].filter { !$0.isEmpty } } ?? ["-"]
                    let subject = ticket.subject.split(whereSeparator: \.isNewline).joined(separator: " ")
                    Console.show(
                        "\(ticket.id.text)  \(ticket.createdAt.rfc3339)  \(product.joined(separator: " "))  \(subject)"
                    )
                }
            }
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a ticket and what happened to it.",
            discussion: """
                Example:
                  docket ticket show 4852d6e6
                """)

        @OptionGroup var shared: SharedOptions
        @Argument(help: "The ticket's id, or how it begins.") var id: String

        func run() throws {
            let configuration = try shared.configuration()
            let store = try Store(in: configuration.data, creating: false)
            let ticket = try store.ticket(withIDPrefix: id)
            if shared.json {
                print(String(decoding: try ticket.json(), as: UTF8.self))
            } else {
                Console.show(
                    ticket.text(
                        events: try store.events(of: ticket.id),
                        staleCauses: try staleCauses(of: ticket, configuration, store)))
            }
        }

        /// Why drafts of the ticket are stale, by their numbers.
        private func staleCauses(
            of ticket: Ticket, _ configuration: Configuration, _ store: Store
        ) throws -> [Int64: [StaleCitation]] {
            let pages = try CitedPages(of: store, audiences: configuration.audienceOrder)
            let drafts = try store.drafts().filter { $0.draft.ticket == ticket.id }
            return Dictionary(drafts.map { ($0.number, pages.staleCitations(of: $0.draft)) }) { first, _ in first }
        }
    }
}

extension Ticket {
    fileprivate var summary: JSON {
        .object([
            ("id", .string(id.text)), ("created_at", .string(createdAt.rfc3339)),
            ("subject", .string(subject)),
            ("product", .optional(product)), ("version", .optional(version)), ("platform", .optional(platform)),
        ])
    }

    fileprivate func text(events: [RecordedEvent], staleCauses: [Int64: [StaleCitation]]) -> String {
        let from = [requester?.name, requester?.email.map { "<\($0)>" }].compactMap { $0 }.joined(separator: " ")
        let facts: [(String, String?)] = [
            ("id", id.text), ("created", createdAt.rfc3339), ("from", from), ("product", product),
            ("version", version), ("platform", platform), ("error codes", errorCodes.joined(separator: ", ")),
            ("parameters", parameters.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }.joined(separator: ", ")),
        ]
        var lines = [subject]
        lines += facts.compactMap { name, value in (value ?? "").isEmpty ? nil : "\(name): \(value ?? "")" }
        lines += ["", body]
        for message in thread { lines += ["", "\(message.at.rfc3339) \(message.from.rawValue):", message.body] }
        lines += [""]
        lines += events.map { recorded in
            guard case .drafted(let draft) = recorded.event else { return "\(recorded.at) \(recorded.event.name)" }
            let causes = staleCauses[draft, default: []].map(\.description).joined(separator: ", ")
            return "\(recorded.at) drafted (draft \(draft)\(causes.isEmpty ? "" : ", stale: \(causes)"))"
        }
        return lines.joined(separator: "\n")
    }
}
