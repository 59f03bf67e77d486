import Foundation
import TestSupport
import Testing
import TextEmbedding

@Suite struct WordPieceTokenizerTests {
    @Test(arguments: Fixtures.tinyEncoders)
    func tokensEqualTheReference(model: String) throws {
        let tokenizer = try WordPieceTokenizer(contentsOf: Fixtures.folder(model))
        for golden in try Fixtures.golden(model) {
            #expect(tokenizer.tokens(of: golden.text, limit: 64) == golden.ids, "\(golden.text.debugDescription)")
        }
    }

    @Test(.enabled(if: Fixtures.model != nil, "needs all-MiniLM-L6-v2"))
    func tokensEqualTheReferenceOnOddUnicodeAndLongTexts() throws {
        let tokenizer = try WordPieceTokenizer(contentsOf: #require(Fixtures.model))
        for golden in try Fixtures.miniLM() {
            #expect(tokenizer.tokens(of: golden.text, limit: 256) == golden.ids, "\(golden.text.debugDescription)")
        }
    }

    @Test func pairsEqualTheReference() throws {
        let tokenizer = try WordPieceTokenizer(contentsOf: Fixtures.folder("tiny-cross-encoder"))
        let pairs: [Fixtures.GoldenPair] = try Fixtures.lines(of: "tiny-cross-encoder/golden.jsonl")
        for pair in pairs {
            let tokens = tokenizer.pairTokens(of: pair.query, and: pair.passage, limit: 64)
            #expect(tokens.ids == pair.ids)
            #expect(tokens.types == pair.typeIds)
        }
    }

    /// A vocabulary of its own, so that each rule shows in the pieces' names.
    private static let lines = [
        "[PAD]", "[UNK]", "[CLS]", "[SEP]", "un", "##able", "##aff", "reset", "the", "!", "[", "]", "cls", "caf", "##e",
        "中", "文", "a", "##b", "i", "e", "##\u{1112}\u{1161}\u{11AB}", "σ", "##σ", "##\u{1D165}\u{302E}",
        "##\u{302E}\u{1D165}",
    ]

    private func tokenizer(_ lines: [String] = lines, folding: TextFolding = TextFolding()) throws -> WordPieceTokenizer
    {
        let model = try ModelCopy()
        try model.write(lines.joined(separator: "\n") + "\n", to: "vocab.txt")
        return try WordPieceTokenizer(vocabularyAt: model.url("vocab.txt"), folding: folding)
    }

    private func pieces(_ text: String, folding: TextFolding = TextFolding()) throws -> [String] {
        let tokens = try tokenizer(folding: folding).tokens(of: text, limit: 1000)
        return tokens.dropFirst().dropLast().map { Self.lines[Int($0)] }
    }

    @Test(arguments: [
        ("", []),
        (" \t\r\n\u{3000}", []),
        ("the reset", ["the", "reset"]),
        ("THE ReSeT", ["the", "reset"]),
        ("unaffable", ["un", "##aff", "##able"]),
        ("unaffablex", ["[UNK]"]),
        ("reset!!the", ["reset", "!", "!", "the"]),
        ("[CLS]", ["[", "cls", "]"]),
        ("café cafe\u{301}", ["caf", "##e", "caf", "##e"]),
        ("a中文b", ["a", "中", "文", "[UNK]"]),
        ("re\u{0}s\u{200B}e\u{7}t\u{FFFD}", ["reset"]),
        ("re\u{B}set", ["reset"]),
        ("the\u{A0}reset\u{2028}the", ["the", "reset", "the"]),
        ("\u{130}", ["i"]),
        ("\u{212B}", ["a"]),
        ("a\u{D55C}", ["a", "##\u{1112}\u{1161}\u{11AB}"]),
        ("ΣΣ", ["σ", "##σ"]),
        ("the \u{FF01}", ["the", "[UNK]"]),
        // Marks that stay are put in canonical order, but not across the joiner U+034F.
        ("e\u{302E}\u{1D165}", ["e", "##\u{1D165}\u{302E}"]),
        ("e\u{302E}\u{34F}\u{1D165}", ["e", "##\u{302E}\u{1D165}"]),
    ])
    func textIsCleanedAndSplit(text: String, expected: [String]) throws {
        // By bytes: strings that differ only in the order of their marks are equal to Swift.
        #expect(try pieces(text).map { Array($0.utf8) } == expected.map { Array($0.utf8) })
    }

    @Test func caseAndAccentsStayWhereTheModelKeepsThem() throws {
        let folding = TextFolding(lowercases: false, stripsAccents: false, separatesIdeographs: false)
        #expect(try pieces("the The", folding: folding) == ["the", "[UNK]"])
        #expect(try pieces("cafe café", folding: folding) == ["caf", "##e", "[UNK]"])
        #expect(try pieces("中文", folding: folding) == ["[UNK]"])
    }

    @Test(arguments: [(99, 99), (100, 100), (101, 1), (5000, 1)])
    func aWordBeyondAHundredScalarsIsUnknown(scalarCount: Int, pieceCount: Int) throws {
        let tokenizer = try tokenizer(
            ["[UNK]", "[CLS]", "[SEP]", "é", "##é"], folding: TextFolding(stripsAccents: false))
        let tokens = tokenizer.tokens(of: String(repeating: "é", count: scalarCount), limit: 1000)
        #expect(tokens.count == pieceCount + 2)
        #expect(tokens[1] == (scalarCount <= 100 ? 3 : 0))
    }

    @Test func aLimitKeepsTheFirstPiecesAndBothEnds() throws {
        let tokenizer = try tokenizer()
        #expect(tokenizer.tokens(of: "unaffable reset the", limit: 5) == [2, 4, 6, 5, 3])
        #expect(tokenizer.tokens(of: "unaffable reset the", limit: 4) == [2, 4, 6, 3])
        #expect(tokenizer.tokens(of: "unaffable", limit: 2) == [2, 3])
        #expect(tokenizer.tokenCount(of: "unaffable reset the") == 7)
    }

    /// Counts by the reference for texts of `a` and `b` words under a limit.
    @Test(arguments: [
        (2, 2, 20, 2, 2), (9, 2, 10, 5, 2), (2, 9, 10, 2, 5), (9, 9, 10, 3, 4), (9, 8, 10, 4, 3), (8, 8, 11, 4, 4),
        (5, 3, 10, 4, 3), (3, 5, 10, 3, 4), (4, 4, 3, 0, 0), (0, 9, 8, 0, 5),
    ])
    func theLongerTextOfAPairIsCutFirst(a: Int, b: Int, limit: Int, first: Int, second: Int) throws {
        let words = { count in [String](repeating: "the", count: count).joined(separator: " ") }
        let tokens = try tokenizer().pairTokens(of: words(a), and: words(b), limit: limit)
        #expect(tokens.types.count { $0 == 0 } == first + 2)
        #expect(tokens.types.count { $0 == 1 } == second + 1)
        #expect(tokens.ids.count == tokens.types.count)
    }

    @Test(arguments: [
        String(repeating: "a", count: 2_000_000),
        String(repeating: "é", count: 1_000_000),
        "e" + String(repeating: "\u{316}\u{301}", count: 500_000),
        "e" + String(repeating: "\u{302E}\u{302A}", count: 500_000),
        String(repeating: "a\u{200D}", count: 500_000),
    ])
    func hostileTextsAreReadInLinearTime(text: String) throws {
        let tokens = try tokenizer().tokens(of: text, limit: 256)
        #expect(tokens.count == 3)
    }

    @Test func theLaterOfTwoEqualPiecesCounts() throws {
        let tokens = try tokenizer(["[UNK]", "[CLS]", "[SEP]", "a", "a"]).tokens(of: "a", limit: 9)
        #expect(tokens == [1, 4, 2])
    }
}

/// The fast tokenizer against the plain one on texts that nobody wrote.
@Suite struct WordPieceTokenizerDifferentialTests {
    /// A vocabulary in which most words of the texts split into several pieces.
    private static func vocabulary(of texts: [String], seed: UInt64) -> [String] {
        var generator = SeededGenerator(seed: seed)
        var pieces: Set<String> = []
        for word in PlainTokenizer(lines: []).words(of: texts.joined(separator: " ")) {
            let scalars = Array(word.unicodeScalars)
            for (index, scalar) in scalars.enumerated() where generator.next() % 50 > 0 {
                pieces.insert((index == 0 ? "" : "##") + String(scalar))
            }
            let start = Int.random(in: 0..<scalars.count, using: &generator)
            let end = Int.random(in: start..<scalars.count, using: &generator)
            pieces.insert((start == 0 ? "" : "##") + String(String.UnicodeScalarView(scalars[start...end])))
        }
        return ["[PAD]", "[UNK]", "[CLS]", "[SEP]"] + pieces.sorted()
    }

    /// Scalars that a cut between texts seldom brings together.
    private static let oddities: [String] = [
        "\u{301}", "\u{316}", "\u{302E}", "\u{1D165}", "\u{34F}", "\u{200D}", "\u{130}", "\u{1E9E}", "\u{AC01}",
        "\u{F900}", "\u{2F800}", "\u{2B820}", "\u{2260}", "\u{37E}", "\u{85}", "\u{2029}", "\u{E000}", "\u{FE0F}",
        "\u{2E43}", "\u{8D4}", "\u{1F1E6}", "[SEP]", "##", "a", "Z", " ", "\t",
    ]

    private static func text(from texts: [String], using generator: inout SeededGenerator) -> String {
        var result = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 1...6, using: &generator) {
            let scalars = texts.randomElement(using: &generator)!.unicodeScalars
            let start = Int.random(in: 0...scalars.count, using: &generator)
            let count = Int.random(in: 0...60, using: &generator)
            result.append(contentsOf: scalars.dropFirst(start).prefix(count))
            for _ in 0..<Int.random(in: 0...4, using: &generator) {
                result.append(contentsOf: oddities.randomElement(using: &generator)!.unicodeScalars)
            }
        }
        return String(result)
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func randomJoinsAndCutsGiveTheSameTokens(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let texts = try Fixtures.miniLM().map(\.text)
        let lines = Self.vocabulary(of: texts + Self.oddities, seed: seed)
        let model = try ModelCopy()
        try model.write(lines.joined(separator: "\n"), to: "vocab.txt")
        let tokenizer = try WordPieceTokenizer(vocabularyAt: model.url("vocab.txt"), folding: TextFolding())
        let plain = PlainTokenizer(lines: lines)
        for _ in 0..<2000 {
            let text = Self.text(from: texts, using: &generator)
            let tokens = tokenizer.tokens(of: text, limit: 100_000)
            let expected = plain.tokens(of: text)
            try #require(tokens == expected, "\(text.unicodeScalars.map { $0.escaped(asASCII: true) }.joined())")
            #expect(tokenizer.tokenCount(of: text) == expected.count)
            #expect(Array(tokenizer.tokens(of: text, limit: 12).dropLast()) == Array(expected.dropLast().prefix(11)))
        }
    }
}
