import Foundation
import Retrieval
import Storage
import TestSupport
import Testing

/// What a reader may not see changes nothing of what is found for that reader: no order, no score, no explanation.
@Suite struct ReaderTests {
    private static let queries = ["alpha bravo", "vacuum zanzibar", "alpha", "nosuchword alpha", "bravo charlie E4304"]

    private func handbook(hidden: Int) throws -> Handbook {
        let handbook = try Handbook()
        let texts = [
            "alpha alpha bravo words", "alpha bravo bravo charlie", "vacuum alpha of the table", "E4304 bravo",
        ]
        for (number, text) in texts.enumerated() {
            try handbook.write(page("audience: public", "# Page \(number)\n\n\(text)"), to: "p\(number).md")
        }
        for number in 0..<hidden {
            try handbook.write(
                page("audience: secret", "# Hidden \(number)\n\nzanzibar alpha acquisition E4304"), to: "s\(number).md")
        }
        try handbook.ingest()
        return handbook
    }

    @Test(arguments: queries) func hiddenPagesChangeNothing(_ query: String) throws {
        let filters = SearchFilters(audiences: ["public"])
        func found(_ handbook: Handbook) throws -> [String] {
            let searcher = try handbook.searcher()
            let prepared = try searcher.query(query)
            let result = try searcher.search(prepared, filters: filters, limit: 20, explains: true)
            return ["\(result.rareTermScore)"]
                + result.passages.map { passage in
                    let explanation = passage.explanation
                    return
                        "\(passage.document.id) \(passage.scores) \(explanation?.parts ?? []) \(explanation?.terms ?? [])"
                }
        }
        #expect(try found(handbook(hidden: 30)) == found(handbook(hidden: 0)))
    }

    /// And for those who may see them they count.
    @Test func whoMaySeeThemHasTheirWordsCounted() throws {
        let handbook = try handbook(hidden: 30)
        func score(_ filters: SearchFilters) throws -> Float? {
            try handbook.searcher().search("zanzibar E4304", filters: filters, limit: 40).passages
                .first { $0.document.id == "p3" }?.scores.lexical
        }
        let (all, some) = try (score(Handbook.everyone), score(SearchFilters(audiences: ["public"])))
        #expect(try #require(all) < #require(some), "E4304 is rarer where the hidden pages are not counted")
    }
}
