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
            searcher: searcher, visible: visible, allAudiences: configuration.audiences)
        let resolution = try draft(ticket, by: resolver, in: ticketInFile == nil ? searcher.store : nil)
        if shared.json {
            Console.printJSON(resolution.draft.json(timings: resolution.timings.json))
        } else {
            Console.show(resolution.draft.text(ticket: ticket))
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

extension Draft {
    fileprivate func json(timings: JSON) -> JSON {
        .object([
            ("ticket", .string(ticket.text)), ("status", .string(status.rawValue)),
            ("reason", .optional(reason?.rawValue)), ("confidence", .rounded(confidence, places: 3)),
            ("statements", .array(statements.map(\.json))), ("questions", .strings(questions)),
            ("relaxed", .strings(relaxed)), ("timings_ms", timings),
        ])
    }

    /// The draft as a resolver reads it: what to say, what to ask, and where it stands written.
    fileprivate func text(ticket: Ticket) -> String {
        var lines = ["Ticket \(ticket.id.text) · \(ticket.subject)"]
        let confidence = String(format: "confidence %.2f", confidence)
        if let reason {
            lines += ["Refused: \(reason.rawValue) (\(confidence)). \(reason.explanation)", ""]
        } else {
            lines += ["Answered, \(confidence)", ""]
        }
        if !relaxed.isEmpty {
            lines += ["Nothing fitted with the ticket's \(relaxed.joined(separator: " and ")); searched without.", ""]
        }
        var sources = SourceList()
        var place: [String] = []
        for statement in statements {
            let headings = statement.citations.first?.headingPath ?? []
            if headings != place, let heading = headings.last {
                place = headings
                lines += ["## \(heading)\(statement.appliesTo.map { " (\($0))" } ?? "")", ""]
            }
            let marks = statement.citations.map { "[\(sources.number(of: $0))]" }.joined()
            lines += [statement.text(marked: marks), ""]
        }
        if !questions.isEmpty { lines += ["To ask:"] + questions.map { "- \($0)" } + [""] }
        if !sources.lines.isEmpty { lines += ["Sources:"] + sources.lines }
        return lines.joined(separator: "\n").trimmingCharacters(in: .newlines)
    }
}

extension Statement {
    fileprivate var json: JSON {
        var members: [(String, JSON)] = [("text", .string(text)), ("citations", .array(citations.map(\.json)))]
        if let appliesTo { members.append(("applies_to", .string(appliesTo))) }
        return .object(members)
    }

    /// The words with their mark behind the first line of prose, so that code blocks and tables stay as they are.
    fileprivate func text(marked marks: String) -> String {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let isBlock = text.hasPrefix("```") || text.hasPrefix("|")
        if isBlock { return text + "\n" + marks }
        let end = lines.firstIndex { $0.isEmpty || $0.hasPrefix("```") || $0.hasPrefix("|") } ?? lines.count
        lines[max(end - 1, 0)] += " " + marks
        return lines.joined(separator: "\n")
    }
}

extension Citation {
    fileprivate var json: JSON {
        var members: [(String, JSON)] = [
            ("document", .string(document)), ("revision", .string(revision)), ("heading_path", .strings(headingPath)),
            ("byte_range", .array([.integer(byteRange.lowerBound), .integer(byteRange.upperBound)])),
        ]
        if let page { members.append(("page", .integer(page))) }
        members.append(("quote", .string(quote)))
        return .object(members)
    }
}

/// The sections that a draft cites, numbered in order of appearance, with the bytes cited of each.
private struct SourceList {
    private struct Source {
        let document: String
        let revision: String
        let headingPath: [String]
        var byteRange: Range<Int>
        var page: Int?
    }
    private var sources: [Source] = []

    mutating func number(of citation: Citation) -> Int {
        if let index = sources.firstIndex(where: {
            $0.document == citation.document && $0.revision == citation.revision
                && $0.headingPath == citation.headingPath
        }) {
            let old = sources[index].byteRange
            if citation.byteRange.lowerBound < old.lowerBound { sources[index].page = citation.page }
            sources[index].byteRange =
                min(old.lowerBound, citation.byteRange.lowerBound)..<max(old.upperBound, citation.byteRange.upperBound)
            return index + 1
        }
        sources.append(
            Source(
                document: citation.document, revision: citation.revision, headingPath: citation.headingPath,
                byteRange: citation.byteRange, page: citation.page))
        return sources.count
    }

    var lines: [String] {
        sources.enumerated().map { index, source in
            let place = source.headingPath.joined(separator: " › ")
            let page = source.page.map { "page \($0), " } ?? ""
            let bytes = "\(page)bytes \(source.byteRange.lowerBound)–\(source.byteRange.upperBound)"
            return "[\(index + 1)] \(source.document): \(place) (\(bytes), revision \(source.revision.prefix(8)))"
        }
    }
}

extension RefusalReason {
    fileprivate var explanation: String {
        switch self {
        case .nothingFound: "No page says enough about this."
        case .wrongVersion: "The pages that fit are for other versions of the product."
        case .notVisible: "A page that fits may not be shown to this reader."
        case .unclear: "The ticket says too little to search for."
        }
    }
}
