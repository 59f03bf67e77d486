import Retrieval
import Storage
import TestSupport
import Testing

/// Who searches for an identifier and nothing else wants the page that has it, whatever its parts may mean.
@Suite struct ExactIdentifierTests {
    private static let words = [
        "standby", "replica", "promote", "segment", "disk", "quota", "timeout", "restart", "worker", "maximum", "lock",
        "memory", "buffer", "client", "session", "archive",
    ]

    /// Pages whose words are the parts of each other's identifiers; each identifier stands in one page, once.
    private static func pages(seed: UInt64) -> [(text: String, identifier: String)] {
        var random = SeededGenerator(seed: seed)
        func some(_ count: Int) -> [String] { Array(words.shuffled(using: &random).prefix(count)) }
        let names = words.enumerated().flatMap { place, first in
            words[(place + 1)...].map { "\(first)_\($0)" }
        }.shuffled(using: &random)
        return names.prefix(60).enumerated().map { number, name in
            let identifier = number % 3 == 0 ? "E\(number + 4300)" : name
            let (title, before, after) = (some(3), some(8), some(8))
            let body = "\(before.joined(separator: " ")). Set \(identifier) to 3. \(after.joined(separator: " "))."
            return ("# About \(title.joined(separator: " "))\n\n\(body)", identifier)
        }
    }

    @Test(arguments: [2, 3] as [UInt64]) func thePageThatHasItIsFirst(seed: UInt64) throws {
        let pages = Self.pages(seed: seed)
        let handbook = try Handbook()
        for (number, page) in pages.enumerated() { try handbook.write(page.text, to: "p\(number).md") }
        try handbook.ingest()
        func missed(_ options: FusionOptions) throws -> [String] {
            let searcher = try handbook.searcher(options)
            return try pages.enumerated().filter { number, page in
                let found = try searcher.search(page.identifier, filters: Handbook.everyone, limit: 1).passages
                return found.first?.document.id != "p\(number)"
            }.map(\.element.identifier)
        }
        #expect(try missed(FusionOptions()) == [])
        var without = FusionOptions()
        without.identifierWeight = 0
        #expect(try !missed(without).isEmpty, "meaning and parts mislead")
    }

    /// Beside other words an identifier is one of them: a page about the rest of the question is not pushed out by one
    /// that has it in passing.
    @Test func aLongQuestionIsNotItsIdentifiers() throws {
        let question = "the standby replica does not promote after a restart of the archive session, client says E4304"
        let handbook = try Handbook([
            "about.md": "# Promote\n\nThe standby replica does not promote after a restart of the archive session.",
            "aside.md": "# Colours\n\nCurtains are E4304 and blue.",
        ])
        let result = try handbook.ingested().searcher().search(question, filters: Handbook.everyone, limit: 2)
        #expect(result.passages.map(\.document.id) == ["about", "aside"])
    }
}
