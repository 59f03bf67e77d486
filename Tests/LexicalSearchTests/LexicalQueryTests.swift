import LexicalSearch
import Testing

@Suite struct LexicalQueryTests {
    private let analyser = Analyser()

    @Test func everyTermStandsOnceAndRepetitionSaturates() {
        let query = LexicalQuery("timeout timeout disk timeouts", analyser: analyser)
        #expect(query.terms.map(\.term.text) == ["timeout", "disk"])
        #expect(query.terms.map(\.weight) == [3 * 9 / 11, 1])
        let flood = LexicalQuery(String(repeating: "timeout ", count: 10_000), analyser: analyser)
        #expect(flood.terms[0].weight < 9)
    }

    @Test func functionWordsCountOnlyAmongThemselves() {
        #expect(LexicalQuery("how do I restart it", analyser: analyser).terms.map(\.term.text) == ["restart"])
        #expect(LexicalQuery("who are you", analyser: analyser).terms.map(\.term.text) == ["who", "are", "you"])
        #expect(LexicalQuery("not -v", analyser: analyser).identifiers == ["-v"])
    }

    @Test func identifiersComeFirst() {
        let query = LexicalQuery("nginx fails with E4304", analyser: analyser)
        #expect(query.identifiers == ["e4304"])
        #expect(query.terms.map(\.term.lane) == [.identifier, .word, .word, .word])
    }

    @Test(arguments: ["", "  \n", "…!?"])
    func aTextWithoutTermsIsAnEmptyQuery(text: String) {
        #expect(LexicalQuery(text, analyser: analyser).isEmpty)
    }

    @Test func termsBeyondTheLimitAreLeftOut() {
        let text = (0..<2000).map { "word\($0)" }.joined(separator: " ")
        #expect(LexicalQuery(text, analyser: analyser).terms.count == LexicalQuery.termCountMax)
    }
}
