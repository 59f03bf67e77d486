import Retrieval
import Storage
import TestSupport
import Testing

/// Pages that take each other's ids while their files stay where they are.
@Suite struct ExchangeTests {
    /// `ida` at `a.md` and so on, ingested.
    private static func handbook(_ names: [String]) throws -> Handbook {
        let handbook = try Handbook()
        for name in names { try write(name, id: "id\(name)", to: handbook) }
        try handbook.ingest()
        return handbook
    }

    private static func write(_ name: String, id: String, audience: String = "public", to handbook: Handbook) throws {
        try handbook.write(page("id: \(id)\naudience: \(audience)", "# \(name)\n\nword\(name)"), to: "\(name).md")
    }

    @Test func pagesWhoseIDsStayTakenKeepTheirLastGoodRevisions() throws {
        let handbook = try Self.handbook(["a", "b", "c"])
        try Self.write("a", id: "idb", to: handbook)
        try Self.write("b", id: "idc", to: handbook)
        for _ in 1...2 {
            let summary = try handbook.ingest()
            #expect(summary.errors.map(\.path) == ["a.md", "b.md"] && summary.errors.map(\.line) == [2, 2])
            #expect(summary.errors.map { $0.message.contains("already used by") } == [true, true])
            #expect((summary.changed, summary.removed, summary.unchanged) == (0, 0, 1))
            #expect(try handbook.shown() == ["a", "b", "c"].map { "id\($0): # \($0)\n\nword\($0)" })
        }
        try Self.write("c", id: "idd", to: handbook)
        #expect(try handbook.ingest().changed == 3, "the chain ends in an id that is free")
        #expect(
            try handbook.shown() == [("b", "a"), ("c", "b"), ("d", "c")].map { "id\($0): # \($1)\n\nword\($1)" })
    }

    @Test func pagesThatExchangeIDsAreChangedAndNeverMissing() throws {
        let handbook = try Self.handbook(["a", "b", "c"])
        let opened = try handbook.searcher()
        let before = try opened.shown()
        for (name, id) in [("a", "idb"), ("b", "idc"), ("c", "ida")] { try Self.write(name, id: id, to: handbook) }
        var during: [[String]] = []
        let summary = try handbook.ingest { _ in during.append((try? opened.shown()) ?? []) }
        #expect((summary.changed, summary.added, summary.removed, summary.errors) == (3, 0, 0, []))
        #expect(during.allSatisfy { $0 == before } && during.count > 3)
        #expect(
            try opened.shown() == [("a", "c"), ("b", "a"), ("c", "b")].map { "id\($0): # \($1)\n\nword\($1)" })
    }

    /// Whoever asks first: the pages that exchange can be stored only together, and the other not at all.
    @Test(arguments: ["0", "z"]) func aPageThatWantsAnExchangedIDIsTheOneRefused(name: String) throws {
        let handbook = try Self.handbook(["a", "b"])
        try Self.write("a", id: "idb", to: handbook)
        try Self.write("b", id: "ida", to: handbook)
        try Self.write(name, id: "idb", to: handbook)
        let summary = try handbook.ingest()
        #expect(summary.changed == 2 && summary.errors.map(\.path) == ["\(name).md"])
        #expect(summary.errors[0].message.contains("a.md"), "it holds the id now")
    }

    @Test func ofTwoPagesThatWaitForOneIDTheFirstGetsIt() throws {
        let handbook = try Self.handbook(["a", "b", "c", "d"])
        for name in ["a", "b"] { try Self.write(name, id: "idc", to: handbook) }
        try Self.write("c", id: "idx", to: handbook)
        try Self.write("d", id: "idb", to: handbook)
        let summary = try handbook.ingest()
        #expect(summary.changed == 2 && summary.errors.map(\.path) == ["b.md", "d.md"])
        #expect(try handbook.searcher().documents() == ["idb", "idc", "idd", "idx"])
    }

    @Test func anExchangeThatNarrowsAnAudienceDoesSoAtOnce() throws {
        let handbook = try Self.handbook(["a", "b"])
        let opened = try handbook.searcher()
        try Self.write("a", id: "idb", audience: "internal", to: handbook)
        try Self.write("b", id: "ida", to: handbook)
        var during: [[String]] = []
        try handbook.ingest { progress in
            if progress == .indexing {
                during.append((try? opened.documents(SearchFilters(audiences: ["public"]))) ?? [])
            }
        }
        #expect(during == [["idb"]], "the words of a.md are internal, the id still served for them is ida")
        #expect(try opened.documents(SearchFilters(audiences: ["public"])) == ["ida"])
    }
}
