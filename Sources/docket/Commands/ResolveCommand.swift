import Answering
import ArgumentParser
import Configuration
import Foundation
import Retrieval
import Storage
import Tickets

struct ResolveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resolve",
        abstract: "Draft an answer to a ticket, every statement with its source, or refuse with a reason.",
        discussion: """
            The draft quotes the sections that answer, with the ticket's parameters filled in. A parameter that the \
            ticket does not give stays visible and becomes a question. By id (its beginning is enough) the draft is \
            kept with the ticket. A refusal exits with 1.

            Example:
              docket resolve 4852d6e6
              docket resolve --file corpus/tickets/dev/001.json
            """)

    @OptionGroup var shared: SharedOptions
    @OptionGroup var reader: ReaderOption
    @Argument(help: "The ticket's id, or how it begins.") var id: String?
    @Option(help: ArgumentHelp("A ticket as JSON, - for standard input.", valueName: "file")) var file: String?

    func validate() throws {
        guard (id == nil) != (file == nil) else { throw ValidationError("give a ticket's id, or --file FILE") }
    }

    func run() throws {
        let configuration = try shared.configuration()
        let visible = try reader.visibleAudiences(configuration)
        let ticketInFile = try file.map { try TicketFile(path: $0).onlyTicket() }
        let searcher = try configuration.searcher()
        let ticket = try ticketInFile ?? searcher.store.ticket(withIDPrefix: id ?? "")
        let resolver = Resolver(
            searcher: searcher, visible: visible, allAudiences: configuration.audiences,
            relaxation: configuration.relaxationOrder)
        let resolution = try draft(ticket, by: resolver, in: ticketInFile == nil ? searcher.store : nil)
        if shared.json {
            Console.printJSON(configuration.marked(resolution.draft.json(timings: resolution.timings.json)))
        } else {
            configuration.sayWhetherModelIsMissing()
            Console.show(resolution.draft.text(ticket: ticket, customers: configuration.audiences.first))
        }
        if resolution.draft.status == .refused { throw ExitStatus.nothingFound }
    }

    /// Keeps the draft in `store`; one whose sources an ingest replaced in the meantime is drafted anew.
    private func draft(
        _ ticket: Ticket, by resolver: Resolver, in store: Store?
    ) throws -> Resolver.Resolution {
        for _ in 1..<Self.attemptCountMax {
            do {
                return try attempt(ticket, by: resolver, in: store)
            } catch StorageError.noRevision {
                continue
            }
        }
        return try attempt(ticket, by: resolver, in: store)
    }

    private func attempt(_ ticket: Ticket, by resolver: Resolver, in store: Store?) throws -> Resolver.Resolution {
        let resolution = try resolver.resolve(ticket)
        try store?.store(resolution.draft, generation: resolution.generation, at: Date())
        return resolution
    }

    private static let attemptCountMax = 3
}
