import Foundation
import IndexFiles
import LexicalSearch
import TestSupport
import Testing

@Suite struct LexicalIndexTests {
    private let folder: TemporaryFolder
    private let analyser = Analyser()
    private var url: URL { folder.url.appending(path: "lexical.index") }

    init() throws { folder = try TemporaryFolder() }

    @Test(arguments: [1, 2, 3, 4, 5] as [UInt64])
    func searchEqualsTheExhaustiveScorer(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var options = LexicalOptions()
        options.titleWeight = UInt8.random(in: 0...3, using: &generator)
        options.identifierWeight = Float.random(in: 0.5...2, using: &generator)
        options.lengthNormalisation = Float.random(in: 0...1, using: &generator)
        let texts = (0..<300).map { _ in randomFields(using: &generator) }
        let index = try build(texts, options: options)
        let reference = ExhaustiveScorer(texts, analyser: analyser, options: options)
        for _ in 0..<40 {
            let query = LexicalQuery(
                randomText(wordCount: Int.random(in: 0...8, using: &generator), using: &generator), analyser: analyser)
            let limit = Int.random(in: 0...400, using: &generator)
            var rows: RowSet?
            if Bool.random(using: &generator) { rows = RowSet(rowCount: 300) { _ in Bool.random(using: &generator) } }
            #expect(index.search(query, limit: limit, in: rows) == reference.search(query, limit: limit, in: rows))
            let asked = (0..<300).shuffled(using: &generator)
            #expect(index.scores(query, of: asked) == asked.map { reference.score(query, of: $0) })
            for weighted in query.terms {
                let idf = index.inverseDocumentFrequency(of: weighted.term)
                #expect(idf == reference.inverseDocumentFrequency(of: weighted.term))
            }
        }
    }

    @Test func equalScoresComeInTheOrderOfTheirRows() throws {
        let index = try build((0..<50).map { _ in LexicalFields(body: "disk full") })
        #expect(index.search(query("disk"), limit: 10).map(\.row) == Array(0..<10))
    }

    @Test func nothingAskedGivesNothing() throws {
        let index = try build([LexicalFields(body: "disk full")])
        #expect(index.search(query(""), limit: 10) == [])
        #expect(index.search(query("disk"), limit: 0) == [])
        #expect(index.search(query("disk"), limit: 10, in: RowSet(rowCount: 1)) == [])
        #expect(index.search(query("network"), limit: 10) == [])
        #expect(index.search(query("disk"), limit: .max).map(\.row) == [0])
        #expect(index.scores(query("disk"), of: []) == [])
    }

    /// Each term is worth its inverse document frequency times k₁ + 1, also one that no row has.
    @Test func noScoreIsAboveTheHighest() throws {
        let texts = ["disk " + String(repeating: "quota ", count: 200), "quota", "disk"]
        let index = try build(texts.map { LexicalFields(body: $0) })
        let asked = query("quota disk disk unheard")
        let weights: [Float] = asked.terms.map { $0.weight * index.inverseDocumentFrequency(of: $0.term) }
        let highest = index.highestScore(asked)
        let expected = weights.reduce(0, +) * (index.options.saturation + 1)
        #expect(abs(highest - expected) < 0.001)
        #expect(index.scores(asked, of: [0, 1, 2]).allSatisfy { $0 < highest })
        #expect(index.highestScore(query("")) == 0)
    }

    /// A word that every row has goes first, one that is said twice later than its like.
    @Test func aLongQueryKeepsItsMostTellingTerms() throws {
        let letters = "bcdfghjk"
        let words = letters.flatMap { one in letters.map { "a\(one)a\($0)" } }
        try #require(words.count == LexicalQuery.tellingTermCount)
        let index = try build(words.map { LexicalFields(title: "", headings: "", body: "common \($0)") })
        let short = query("common " + words.dropFirst().joined(separator: " "))
        #expect(index.narrowed(short) == short)
        let long = query("common " + words.joined(separator: " "))
        #expect(index.narrowed(long).terms == long.terms.filter { $0.term.text != "common" })
        let twice = query((["unheard", "common", "common"] + words).joined(separator: " "))
        #expect(index.narrowed(twice).terms == twice.terms.filter { !["unheard", "common"].contains($0.term.text) })
    }

    @Test func anIndexWithoutRowsAnswersWithNothing() throws {
        let index = try build([])
        #expect(index.rowCount == 0)
        #expect(index.search(query("disk"), limit: 10) == [])
        #expect(index.documentFrequency(of: LexicalTerm(lane: .word, text: "disk")) == 0)
    }

    @Test func rowsWithoutWordsAreCounted() throws {
        let index = try build([LexicalFields(body: ""), LexicalFields(body: "…"), LexicalFields(body: "disk")])
        #expect(index.rowCount == 3)
        #expect(index.search(query("disk"), limit: 10).map(\.row) == [2])
    }

    @Test func anIdentifierOutranksItsWordAlone() throws {
        let index = try build([
            LexicalFields(body: "set max connections to a higher value"),
            LexicalFields(body: "set max_connections to a higher value"),
        ])
        #expect(index.search(query("max_connections"), limit: 2).map(\.row) == [1, 0])
        #expect(index.documentFrequency(of: LexicalTerm(lane: .identifier, text: "max_connections")) == 1)
        #expect(index.documentFrequency(of: LexicalTerm(lane: .word, text: "max")) == 2)
        #expect(index.documentFrequency(of: LexicalTerm(lane: .word, text: "max_connections")) == 0)
    }

    @Test func aTitleCountsMoreThanTheBody() throws {
        let index = try build([
            LexicalFields(title: "Backups", body: "disk full"), LexicalFields(title: "Disk", body: "backups full"),
        ])
        #expect(index.search(query("disk"), limit: 2).map(\.row) == [1, 0])
    }

    @Test func occurrencesSaturateAtAByte() throws {
        let texts = [300, 255, 254].map { LexicalFields(body: String(repeating: "disk ", count: $0)) }
        let index = try build(texts)
        let reference = ExhaustiveScorer(texts, analyser: analyser, options: LexicalOptions())
        #expect(index.scores(query("disk"), of: [0, 1, 2]) == (0..<3).map { reference.score(query("disk"), of: $0) })
    }

    @Test func sameRowsGiveTheSameBytes() throws {
        var generator = SeededGenerator(seed: 7)
        let texts = (0..<200).map { _ in randomFields(using: &generator) }
        _ = try build(texts)
        let first = try Data(contentsOf: url)
        _ = try build(texts)
        #expect(try Data(contentsOf: url) == first)
    }

    @Test func manySearchesAtOnceGiveTheSameAnswers() async throws {
        var generator = SeededGenerator(seed: 8)
        let index = try build((0..<300).map { _ in randomFields(using: &generator) })
        let queries = (0..<20).map { _ in query(randomText(wordCount: 5, using: &generator)) }
        let expected = queries.map { index.search($0, limit: 20) }
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<20 { group.addTask { queries.map { index.search($0, limit: 20) } == expected } }
            for await isEqual in group { #expect(isEqual) }
        }
    }

    private func query(_ text: String) -> LexicalQuery { LexicalQuery(text, analyser: analyser) }

    private func build(_ texts: [LexicalFields], options: LexicalOptions = LexicalOptions()) throws -> LexicalSnapshot {
        var builder = LexicalIndexBuilder(analyser: analyser, options: options)
        for fields in texts { builder.append(fields) }
        try builder.write(to: url)
        return LexicalSnapshot(try LexicalIndex(opening: url))
    }
}

let vocabulary = [
    "the", "is", "disk", "full", "restart", "restarted", "server", "E4304", "/etc/nginx/nginx.conf", "max_connections",
    "-v",
    "CrashLoopBackOff", "15.4", "数据库", "café", "timeout", "503", "backup", "replica", "password", "reset", "login",
]

func randomText(wordCount: Int, using generator: inout SeededGenerator) -> String {
    (0..<wordCount).map { _ in
        // Squaring makes early words common, as words are.
        let uniform = Double.random(in: 0..<1, using: &generator)
        return vocabulary[Int(uniform * uniform * Double(vocabulary.count))]
    }.joined(separator: " ")
}

func randomFields(using generator: inout SeededGenerator) -> LexicalFields {
    LexicalFields(
        title: randomText(wordCount: Int.random(in: 0...3, using: &generator), using: &generator),
        headings: randomText(wordCount: Int.random(in: 0...3, using: &generator), using: &generator),
        body: randomText(wordCount: Int.random(in: 0...40, using: &generator), using: &generator))
}
