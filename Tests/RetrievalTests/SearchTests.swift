import Foundation
import Retrieval
import Storage
import TestSupport
import Testing

@Suite struct SearchTests {
    /// Pages of several chunks with code, tables and letters of several bytes.
    private static func handbook(pageCount: Int, seed: UInt64) throws -> Handbook {
        var random = SeededGenerator(seed: seed)
        let words = [
            "standby", "replica", "naïve", "größer", "日本", "WAL", "E4304", "--force", "promote", "disk", "quota",
        ]
        func sentence() -> String {
            (0..<9).map { _ in words.randomElement(using: &random) ?? "" }.joined(separator: " ") + "."
        }
        let handbook = try Handbook()
        for number in 0..<pageCount {
            let sections = (1...3).map { section in
                "## Section \(section)\n\n\(sentence())\n\n```bash\nrun \(sentence())\n```\n\n| a | b |\n|---|---|\n| \(sentence()) | 2 |\n"
            }
            try handbook.write(
                "# Page \(number)\n\n\(sentence())\n\n" + sections.joined(separator: "\n"), to: "p\(number).md")
        }
        try handbook.ingest()
        return handbook
    }

    @Test func aPassageIsExactlyTheBytesOfItsRange() throws {
        let handbook = try Self.handbook(pageCount: 8, seed: 1)
        let passages = try handbook.searcher().search("größer E4304", filters: Handbook.everyone, limit: 1_000).passages
        #expect(passages.count > 8)
        for passage in passages {
            let source = try #require(try handbook.store.bytes(ofRevision: passage.document.revision))
            #expect(source == Array(try Data(contentsOf: handbook.docs.appending(path: passage.document.path))))
            #expect(Array(passage.chunk.text.utf8) == Array(source[passage.chunk.byteRange]))
        }
    }

    private static let queries = [
        "promote standby", "E4304", "--force", "größer", "日本", "unheard words", "disk disk quota",
    ]

    private func passages(_ query: String, _ options: FusionOptions) throws -> [Passage] {
        let handbook = try Self.handbook(pageCount: 8, seed: 2)
        let passages = try handbook.searcher(options).search(query, filters: Handbook.everyone, limit: 1_000).passages
        #expect(passages.map(\.rank) == Array(1...passages.count))
        #expect(zip(passages, passages.dropFirst()).allSatisfy { $0.scores.fused >= $1.scores.fused })
        return passages
    }

    /// BM25 counts the same for every passage of a query, and nothing where no term matched.
    @Test(arguments: queries) func withoutNeighboursTheFusedScoreIsTheSumOfBothLanes(_ query: String) throws {
        var options = FusionOptions()
        (options.feedbackWeight, options.crowdingWeight, options.identifierWeight) = (0, 0, 0)
        let scores = try passages(query, options).map(\.scores)
        let matched = scores.filter { $0.lexical > 0 }
        let units = matched.map { $0.lexical * options.lexicalWeight / ($0.fused - $0.dense) }
        for unit in units { #expect(abs(unit / units[0] - 1) < 0.001 && unit > 0) }
        for score in scores where score.lexical == 0 { #expect(score.fused == score.dense) }
        for score in scores { #expect(abs(score.dense) <= 1.000_001 && score.lexical >= 0) }
    }

    /// The best passage alone gives feedback: it is like itself, and none is more like it.
    @Test(arguments: queries) func feedbackIsTheLikenessToTheBest(_ query: String) throws {
        var options = FusionOptions()
        (options.feedbackWeight, options.crowdingWeight) = (0, 0)
        let before = try passages(query, options)
        (options.feedbackWeight, options.feedbackCount) = (0.5, 1)
        let gains = Dictionary(
            uniqueKeysWithValues: try passages(query, options).map { ($0.chunk.id, $0.scores.fused) }
        ).merging(before.map { ($0.chunk.id, $0.scores.fused) }) { $0 - $1 }
        let best = try #require(gains[before[0].chunk.id])
        #expect(abs(best - 0.5) < 1e-5)
        #expect(gains.values.allSatisfy { $0 <= best + 1e-5 && $0 >= -best - 1e-5 })
        #expect(Set(gains.values).count > 1, "other passages are less like it")
    }

    @Test func equalScoresRankInTheOrderOfTheRows() throws {
        let handbook = try Handbook()
        for number in 0..<20 { try handbook.write("# Same\n\nThe same words.", to: String(format: "p%02d.md", number)) }
        try handbook.ingest()
        let passages = try handbook.searcher().search("same words", filters: Handbook.everyone, limit: 7).passages
        #expect(passages.map(\.document.id) == (0..<7).map { String(format: "p%02d", $0) })
    }

    @Test func theSameQuestionHasTheSameAnswerInEveryProcessAndIndex() throws {
        let (one, other) = (try Self.handbook(pageCount: 12, seed: 3), try Self.handbook(pageCount: 12, seed: 3))
        func answer(_ handbook: Handbook) throws -> [String] {
            try handbook.searcher().search("promote the replica", filters: Handbook.everyone, limit: 25).passages
                .map { "\($0.document.id) \($0.chunk.byteRange) \($0.scores)" }
        }
        let first = try answer(one)
        #expect(first.count == 25)
        #expect(try answer(one) == first)
        #expect(try answer(other) == first)
    }

    @Test(arguments: [1, 2, 10, 150, 1_000]) func asManyPassagesComeAsAreAskedForAndThere(_ limit: Int) throws {
        let handbook = try Self.handbook(pageCount: 50, seed: 4)
        let chunkCount = try handbook.store.counts().chunks
        #expect(chunkCount > 150)
        let searcher = try handbook.searcher()
        let passages = try searcher.search("promote", filters: Handbook.everyone, limit: limit).passages
        #expect(passages.count == min(limit, chunkCount))
        #expect(Set(passages.map(\.chunk.id)).count == passages.count)
    }

    @Test(arguments: ["", " ", "\n\t "]) func anEmptyQueryFindsNothing(_ query: String) throws {
        let searcher = try Handbook(["a.md": "# A\n\nwords"]).ingested().searcher()
        let result = try searcher.search(query, filters: Handbook.everyone, limit: 10)
        #expect(result.passages.isEmpty && result.generation == 1)
    }

    @Test func aLimitOfNothingFindsNothing() throws {
        let searcher = try Handbook(["a.md": "# A\n\nwords"]).ingested().searcher()
        #expect(try searcher.search("words", filters: Handbook.everyone, limit: 0).passages.isEmpty)
    }

    @Test func theStagesAreTimedInTheOrderOfTheWalk() throws {
        let searcher = try Handbook(["a.md": "# A\n\nwords"]).ingested().searcher()
        let timings = try searcher.search("words", filters: Handbook.everyone, limit: 1).timings
        #expect(
            timings.stages.map(\.name) == ["encode", "snapshot", "filter", "dense", "lexical", "join", "fuse", "fetch"])
    }

    /// A search sees whole generations only, whenever it is asked while the next one is built.
    @Test func aSearchDuringAnIngestSeesTheOldGenerationWhole() throws {
        let handbook = try Self.handbook(pageCount: 5, seed: 5)
        let opened = try handbook.searcher()
        let before = try opened.shown()
        for number in 0..<5 { try handbook.write("# New \(number)\n\nentirely new words", to: "p\(number).md") }
        var during: [[String]] = []
        try handbook.ingest { _ in during.append((try? opened.shown()) ?? []) }
        #expect(during.count >= 3)
        #expect(during.allSatisfy { $0 == before })
        #expect(try opened.shown().count == 5)
        #expect(try opened.search("new", filters: Handbook.everyone, limit: 1).generation == 2)
    }
}

extension Handbook {
    func ingested() throws -> Handbook {
        try ingest()
        return self
    }
}
