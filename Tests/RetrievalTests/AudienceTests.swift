import Foundation
import Retrieval
import Storage
import TestSupport
import Testing

@Suite struct AudienceTests {
    private static let anyone = SearchFilters(audiences: ["public"])

    private func handbook(audience: String) throws -> Handbook {
        let handbook = try Handbook([
            "a.md": page("audience: \(audience)", "# A\n\nfirst"), "b.md": "# B\n\nsome words",
        ])
        try handbook.ingest()
        return handbook
    }

    @Test(arguments: [("public", ["a"]), ("internal", []), ("secret", [])])
    func aReaderSeesTheAudiencesItMayReadOnly(_ audience: String, documents: [String]) throws {
        #expect(try handbook(audience: audience).searcher().documents(Self.anyone) == documents)
    }

    @Test func aNarrowedAudienceTakesEffectBeforeTheIndexIsRebuilt() throws {
        let handbook = try handbook(audience: "public")
        let opened = try handbook.searcher()
        try handbook.write(page("audience: internal", "# A\n\nsecond"), to: "a.md")
        var during: [String]?
        try handbook.ingest { progress in
            if progress == .indexing { during = try? opened.documents(Self.anyone) }
        }
        #expect(during == [])
        #expect(try opened.documents(Self.anyone) == [])
        #expect(try opened.documents() == ["a", "b"])
    }

    @Test func aNarrowedAudienceStaysWhereTheBuildFails() throws {
        let handbook = try handbook(audience: "public")
        try handbook.write(page("audience: internal", "# A\n\nsecond"), to: "a.md")
        #expect(throws: (any Error).self) { try handbook.ingestFailingToBuild() }
        #expect(try handbook.searcher().documents(Self.anyone) == [])
        #expect(try handbook.searcher().documents() == ["a", "b"])
    }

    @Test func anAudienceNarrowedAfterAnUnfinishedChangeTakesEffectAtOnce() throws {
        let handbook = try handbook(audience: "public")
        try handbook.write(page("audience: public", "# A\n\nsecond"), to: "a.md")
        #expect(throws: (any Error).self) { try handbook.ingestFailingToBuild() }
        #expect(try handbook.searcher().documents(Self.anyone) == ["a"])
        try handbook.write(page("audience: internal", "# A\n\nthird"), to: "a.md")
        #expect(throws: (any Error).self) { try handbook.ingestFailingToBuild() }
        #expect(try handbook.searcher().documents(Self.anyone) == [])
    }

    @Test func aWidenedAudienceWaitsForItsGeneration() throws {
        let handbook = try handbook(audience: "secret")
        let opened = try handbook.searcher()
        try handbook.write(page("audience: public", "# A\n\nsecond"), to: "a.md")
        var during: [String]?
        try handbook.ingest { progress in
            if progress == .indexing { during = try? opened.documents(Self.anyone) }
        }
        #expect(during == [])
        #expect(try opened.shown(Self.anyone).map { $0.contains("second") } == [true])
    }

    @Test func aPageThatMovesAndNarrowsIsHiddenAtOnce() throws {
        let handbook = try Handbook(["a.md": page("id: x\naudience: public", "# A\n\nsome words")])
        try handbook.ingest()
        try handbook.remove("a.md")
        try handbook.write(page("id: x\naudience: secret", "# A\n\nsome words"), to: "b.md")
        #expect(throws: (any Error).self) { try handbook.ingestFailingToBuild() }
        #expect(try handbook.searcher().documents(Self.anyone) == [])
    }

    @Test func anotherDefaultAudienceReachesThePagesThatNameNone() throws {
        let handbook = try handbook(audience: "public")
        let order = AudienceOrder(names: Handbook.audiences.names, defaultAudience: "public")
        let summary = try handbook.ingest(audiences: order)
        #expect((summary.changed, summary.unchanged, summary.embedded) == (1, 1, 0))
        #expect(try handbook.searcher().documents(Self.anyone) == ["a", "b"])
    }

    @Test func noAudienceSeesNothing() throws {
        #expect(try handbook(audience: "public").searcher().documents(SearchFilters(audiences: [])) == [])
    }
}
