import Foundation
import Retrieval
import Storage
import TestSupport
import Testing

/// Generations share segments: what has not changed is not written again.
@Suite struct SegmentTests {
    /// A handbook of forty pages, served.
    private static func ingested() throws -> Handbook {
        let pages = (0..<40).map { ("p\($0).md", "# Page \($0)\n\nword\($0) common") }
        let handbook = try Handbook(Dictionary(uniqueKeysWithValues: pages))
        try handbook.ingest()
        return handbook
    }

    private func names(_ handbook: Handbook) throws -> Set<String> {
        Set(
            try FileManager.default.contentsOfDirectory(atPath: handbook.indexes.path)
                .filter { $0.contains("-segment-") }.map { String($0.drop { $0 != "-" }.dropFirst(9)) })
    }

    /// Each passage's scores, by its document, of a few queries.
    private func rankings(_ handbook: Handbook) throws -> [[String: PassageScores]] {
        try ["common word3", "word7 again", "anything"].map { query in
            let found = try handbook.searcher().search(query, filters: Handbook.everyone, limit: 1_000).passages
            return Dictionary(uniqueKeysWithValues: found.map { ("\($0.document.id) \($0.chunk.ordinal)", $0.scores) })
        }
    }

    private func expectAsFromScratch(_ handbook: Handbook) throws {
        let fresh = try Handbook()
        try fresh.folder.remove("docs")
        try FileManager.default.copyItem(at: handbook.docs, to: fresh.docs)
        try fresh.ingest()
        #expect(try rankings(handbook) == rankings(fresh))
        #expect(try handbook.verified() == [])
    }

    @Test func aChangedPageIsASegmentOfItsOwn() throws {
        let handbook = try Self.ingested()
        let before = try handbook.indexFiles().filter { $0.key.contains("segment-1.0") }
        try handbook.write("# Page 3\n\nword3 again", to: "p3.md")
        #expect(try handbook.ingest().embedded == 1)
        #expect(try names(handbook) == ["1.0", "2.1"])
        #expect(try handbook.indexFiles().filter { $0.key.contains("segment-1.0") } == before)
        #expect(try handbook.shown().filter { $0.hasPrefix("p3:") } == ["p3: # Page 3\n\nword3 again"])
        try expectAsFromScratch(handbook)
    }

    @Test func whatIsRemovedTakesNoPartInAnyScore() throws {
        let handbook = try Self.ingested()
        for number in 0..<5 { try handbook.remove("p\(number).md") }
        try handbook.ingest()
        #expect(try names(handbook) == ["1.0"], "nothing is written")
        try expectAsFromScratch(handbook)
    }

    /// Removed by name, before any generation is built: the scores are already those without it.
    @Test func aTombstoneTakesNoPartInAnyScoreBeforeTheNextGeneration() throws {
        let handbook = try Self.ingested()
        _ = try Ingester.remove(["p7"], from: handbook.store)
        try handbook.remove("p7.md")
        try expectAsFromScratch(handbook)
    }

    @Test func aSegmentWithMoreThanAQuarterDeadIsWrittenAnew() throws {
        let handbook = try Self.ingested()
        for number in 0..<11 { try handbook.remove("p\(number).md") }
        try handbook.ingest()
        #expect(try names(handbook) == ["1.0", "2.0"], "the one before is kept for the generation before")
        try handbook.write("# Page 12\n\nnew", to: "p12.md")
        try handbook.ingest()
        #expect(try names(handbook) == ["2.0", "3.1"])
        try expectAsFromScratch(handbook)
    }

    @Test func aSegmentWithNothingLeftIsDropped() throws {
        let handbook = try Self.ingested()
        try handbook.write("# New\n\nnew words", to: "new.md")
        try handbook.ingest()
        try handbook.remove("new.md")
        try handbook.ingest()
        try handbook.write("# Page 1\n\nword1", to: "p1.md")
        try handbook.ingest()
        #expect(try names(handbook) == ["1.0", "4.1"])
        try expectAsFromScratch(handbook)
    }

    @Test func eightSmallSegmentsBecomeOne() throws {
        let handbook = try Self.ingested()
        for round in 0..<7 {
            try handbook.write("# Page \(round)\n\nword\(round) round \(round)", to: "p\(round).md")
            try handbook.ingest()
        }
        #expect(try names(handbook).contains("8.0"), "the eighth merges them all")
        try handbook.write("# Page 20\n\nnew", to: "p20.md")
        try handbook.ingest()
        #expect(try names(handbook) == ["8.0", "9.1"])
        try expectAsFromScratch(handbook)
    }

    @Test func aRolledBackGenerationHasItsSegmentsStill() throws {
        let handbook = try Self.ingested()
        try handbook.write("# Page 3\n\nzulu", to: "p3.md")
        try handbook.ingest()
        try Ingester.rollBack(handbook.store, in: handbook.indexes)
        #expect(try !handbook.searcher().finds("zulu"))
        #expect(try handbook.verified() == [])
        try handbook.ingest()
        #expect(try handbook.searcher().finds("zulu"))
        try expectAsFromScratch(handbook)
    }

    @Test func aSearcherThatWasOpenSeesEachNewSegment() throws {
        let handbook = try Self.ingested()
        let searcher = try handbook.searcher()
        for round in 0..<10 {
            try handbook.write("# Page 3\n\nround\(round) words", to: "p3.md")
            try handbook.ingest()
            #expect(try searcher.finds("round\(round)") && (round == 0 || !searcher.finds("round\(round - 1)")))
        }
    }

    /// One process that ingests again and again finds what was damaged in between, though it keeps segments open.
    @Test(arguments: ["rows", "vectors", "postings"]) func damageBetweenTwoRunsOfOneIngesterIsFound(_ name: String)
        throws
    {
        let handbook = try Self.ingested()
        var reasons: [String] = []
        let ingester = Ingester(
            store: handbook.store, embedder: try Handbook.tiny.get(), indexes: handbook.indexes,
            audiences: Handbook.audiences, report: { if case .rebuilding(let reason) = $0 { reasons.append(reason) } })
        #expect(try !ingester.ingest([handbook.docs]).hasBuilt)
        let file = try #require(handbook.indexFolders("segment-1.").first).appending(path: "\(name).docketindex")
        var bytes = try Data(contentsOf: file)
        bytes[64] ^= 1
        try bytes.write(to: file)
        #expect(try ingester.ingest([handbook.docs]).hasBuilt)
        #expect(reasons.count == 1 && reasons[0].contains(file.path), "\(reasons)")
        #expect(try handbook.verified() == [])
    }
}
