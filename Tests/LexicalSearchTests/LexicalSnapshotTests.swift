import Foundation
import IndexFiles
import LexicalSearch
import TestSupport
import Testing

/// However rows are spread over segments, and whatever rows are gone: scores are those of one index of the rows left.
@Suite struct LexicalSnapshotTests {
    private let folder: TemporaryFolder
    private let analyser = Analyser()

    init() throws { folder = try TemporaryFolder() }

    private func index(_ texts: some Sequence<LexicalFields>, _ name: String) throws -> LexicalIndex {
        var builder = LexicalIndexBuilder(analyser: analyser)
        for fields in texts { builder.append(fields) }
        let url = folder.url.appending(path: name)
        try builder.write(to: url)
        return try LexicalIndex(opening: url)
    }

    /// Cut at random places, some of them the same, so that there are empty segments, too.
    private func segments(_ texts: [LexicalFields], _ random: inout SeededGenerator) throws -> [LexicalIndex] {
        let cuts = (0..<Int.random(in: 0...6, using: &random)).map { _ in
            Int.random(in: 0...texts.count, using: &random)
        }
        let bounds = [0] + cuts.sorted() + [texts.count]
        return try zip(bounds, bounds.dropFirst()).enumerated().map { try index(texts[$1.0..<$1.1], "segment\($0)") }
    }

    /// Few rows are gone, or most of them: both ways of counting.
    @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64], [0, 0.03, 0.7])
    func scoresAreThoseOfOneIndexOfTheRowsLeft(seed: UInt64, deadShare: Double) throws {
        var random = SeededGenerator(seed: seed)
        let texts = (0..<300).map { _ in randomFields(using: &random) }
        let live = RowSet(rowCount: 300) { _ in Double.random(in: 0..<1, using: &random) >= deadShare }
        let snapshot = LexicalSnapshot(try segments(texts, &random), live: deadShare == 0 ? nil : live)
        let left = live.rows
        let whole = LexicalSnapshot(try index(left.map { texts[$0] }, "whole"))
        for _ in 0..<30 {
            let words = randomText(wordCount: Int.random(in: 0...8, using: &random), using: &random)
            let query = LexicalQuery(words, analyser: analyser)
            let expected = whole.search(query, limit: 50).map { ScoredRow(row: left[$0.row], score: $0.score) }
            #expect(snapshot.search(query, limit: 50) == expected)
            #expect(snapshot.search(query, limit: 50, in: live) == expected)
            #expect(snapshot.scores(query, of: left) == whole.scores(query, of: Array(left.indices)))
            #expect(snapshot.highestScore(query) == whole.highestScore(query))
            for weighted in query.terms {
                #expect(snapshot.documentFrequency(of: weighted.term) == whole.documentFrequency(of: weighted.term))
            }
        }
        #expect(snapshot.rarestTermWeight == whole.rarestTermWeight)
    }

    @Test(arguments: [1, 2, 3] as [UInt64]) func theSharesOfTheTermsAddUpToTheScore(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let texts = (0..<200).map { _ in randomFields(using: &random) }
        let live = RowSet(rowCount: 200) { _ in Bool.random(using: &random) }
        let snapshot = LexicalSnapshot(try segments(texts, &random), live: live)
        for row in live.rows {
            let query = LexicalQuery(randomText(wordCount: 8, using: &random), analyser: analyser)
            let shares = snapshot.termScores(snapshot.resolved(query), of: row)
            let scores = snapshot.scores(snapshot.resolved(query), of: [row])
            #expect(scores.all == [shares.reduce(0) { $0 + $1.score }])
            let exact = shares.filter { $0.weighted.term.lane == .identifier }
            #expect(scores.identifiers == [exact.reduce(0) { $0 + $1.score }])
            #expect(shares.allSatisfy { query.terms.contains($0.weighted) && $0.score > 0 })
            for share in shares {
                let idf = snapshot.inverseDocumentFrequency(of: share.weighted.term)
                #expect(share.inverseDocumentFrequency == idf)
            }
        }
    }

    @Test func nothingIsFoundWhereNothingIsLeft() throws {
        let query = LexicalQuery("disk", analyser: analyser)
        #expect(LexicalSnapshot([]).search(query, limit: 10) == [])
        let gone = LexicalSnapshot([try index([LexicalFields(body: "disk")], "gone")], live: RowSet(rowCount: 1))
        #expect(gone.search(query, limit: 10) == [])
        #expect(gone.documentFrequency(of: LexicalTerm(lane: .word, text: "disk")) == 0)
    }

    @Test func aComparisonSeesTermsOccurrencesAndLengthsOfTheRowsLeft() throws {
        let texts = ["disk full", "server disk", "restart"].map { LexicalFields(body: $0) }
        let mine = try index(texts, "mine")
        let rows = RowSet(rowCount: 3) { $0 != 1 }
        func isEqual(_ others: [String]) throws -> Bool {
            mine.isEqual(to: try index(others.map { LexicalFields(body: $0) }, "other"), on: rows)
        }
        #expect(try isEqual(["disk full", "restart"]))
        let others = [
            ["restart", "disk full"], ["disk full"], ["disk full", "restart", "restart"], ["disk full", "server"],
            ["disk disk", "restart"], ["disk full the", "restart"], ["disk full", "restart server"],
        ]
        for other in others { #expect(try !isEqual(other), "\(other)") }
    }
}
