import Answering
import Documents
import Foundation
import Retrieval
import Storage
import TestSupport
import Testing
import TextEmbedding
import Tickets

/// Every draft that the handbook gives for its own tickets says what its citations say, and nothing else.
@Suite(.enabled(if: Repository.hasModel, "the embedding model is not fetched: run scripts/fetch-model"))
struct DevDraftTests {
    private static let corpus = Repository.root.appending(path: "corpus")

    @Test func aStatementSaysWhatItsQuoteSays() throws {
        let library = try Library(of: Self.corpus.appending(path: "docs"), in: TemporaryFolder())
        let tickets = Self.corpus.appending(path: "tickets/dev")
        let names = try FileManager.default.contentsOfDirectory(atPath: tickets.path).sorted()
        var statementCount = 0
        for name in names {
            let json = try Data(contentsOf: tickets.appending(path: name))
            let ticket = try Ticket(json: json)
            let draft = try library.draft(String(decoding: json, as: UTF8.self))
            #expect(draft.omitted.compactMap(\.unsupported) == [], "the checker drops no words of a page")
            for statement in draft.statements {
                statementCount += 1
                try check(statement, of: ticket, named: name, in: library.store)
            }
        }
        #expect(statementCount > names.count)
    }

    private func check(_ statement: Statement, of ticket: Ticket, named name: String, in store: Store) throws {
        let citation = try #require(statement.citations.first)
        #expect(statement.citations.count == 1)
        let bytes = try #require(try store.bytes(ofRevision: citation.revision))
        #expect(Array(citation.quote.utf8) == Array(bytes[citation.byteRange]), "\(name)")
        let said = words(of: statement.text)
        guard citation.path?.hasSuffix(".md") == true else {
            // Other formats have marks of their own; the words are the same.
            let plain = said.filter { $0.allSatisfy(\.isLetter) && !ticket.parameters.values.contains($0) }
            #expect(plain.filter { !citation.quote.contains($0) } == [], "\(name): \(statement.text)")
            return
        }
        var quoted = citation.quote
        if said != words(of: quoted) {
            for (name, value) in ticket.parameters { quoted = quoted.replacing("{{\(name)}}", with: value) }
        }
        #expect(said == words(of: quoted), "\(name): \(statement.text)\n--\n\(citation.quote)")
    }

    /// A text without the marks of Markdown, of list items and of fences: what is left is said or quoted.
    private func words(of text: String) -> [String] {
        text.replacing("\r\n", with: "\n").split(separator: "\n").flatMap { line -> [String] in
            if line.contains(/^\s*(```|~~~)/) { return [] }
            let plain = line.replacing(/^(\s*([0-9]+[.)]|[\-*+])(\s|$))+/, with: "")
                .replacing(/!?\[((?:`[^`]*`|[^\[\]`])*)\]\((?![a-z]+:)[^()]*\)/) { $0.output.1 }
                .filter { !"`'\"*\\>".contains($0) }
            return plain.split(whereSeparator: \.isWhitespace).map(String.init)
        }
    }
}
