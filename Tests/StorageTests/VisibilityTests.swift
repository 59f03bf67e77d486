import Documents
import Foundation
import Storage
import TestSupport
import Testing

/// Removals and narrowed audiences hold at once, for whatever revision of the page is served.
@Suite struct VisibilityTests {
    private let desk = try! Desk()

    @Test func aRemovedPageIsGoneAtOnce() throws {
        let kept = try desk.put("Kept.", at: "kept.md")
        let page = try desk.put("Removed.")
        try desk.serve()
        let chunks = try desk.chunkIDs(of: page)
        let before = try desk.store.servingState()
        try desk.store.remove([page])
        let after = try desk.store.servingState()
        #expect(after.generation == before.generation && after.changeCount != before.changeCount)
        #expect(try desk.served() == [kept])
        #expect(try desk.store.currentDocuments() == [kept])
        #expect(try desk.store.chunks(chunks) == [])
        #expect(try desk.store.counts().documents == 1)
        #expect(try desk.store.hasPendingChanges())
        try desk.serve()
        #expect(try desk.store.bytes(ofRevision: page.revision) == nil)
        #expect(try !desk.store.hasPendingChanges())
    }

    @Test func removingNothingChangesNothing() throws {
        try desk.put("One.")
        try desk.serve()
        let before = try desk.store.servingState()
        try desk.store.remove([])
        #expect(try desk.store.servingState() == before)
    }

    /// A run stored a newer revision, by another id and path even, and ended before it built its generation: what is
    /// served is the older one, and that must go.
    @Test(arguments: [("a.md", "a"), ("a.md", "b"), ("b.md", "a"), ("b.md", "b")])
    func aRemovedPageIsGoneThoughAnOlderRevisionServed(path: String, id: String) throws {
        let first = try desk.put("Served.", at: "a.md", id: "a")
        try desk.serve()
        try desk.store.store(page("Moved.", at: path, id: id), replacing: first, narrowsAudience: false)
        let second = try #require(try desk.current(path))
        try desk.store.store(page("Again.", at: "c.md", id: "c"), replacing: second, narrowsAudience: false)
        let third = try #require(try desk.current("c.md"))
        #expect(try desk.served().map(\.revision) == [first.revision])
        try desk.store.remove([third])
        #expect(try desk.served() == [])
        #expect(try desk.store.chunks(desk.chunkIDs(of: first)) == [])
    }

    /// Another page that took the removed page's old path, or one that gave it up, is not touched.
    @Test func removingAPageLeavesItsNeighboursAlone() throws {
        let moved = try desk.put("Moved.", at: "a.md", id: "moved")
        try desk.serve()
        try desk.store.store(page("Moved on.", at: "b.md", id: "moved"), replacing: moved, narrowsAudience: false)
        let heir = try desk.put("Heir of the path.", at: "a.md", id: "heir")
        try desk.store.remove([heir])
        #expect(try desk.served().map(\.key) == [moved.key])
        #expect(try desk.store.currentDocuments().map(\.path) == ["b.md"])
    }

    @Test func aRemovedPageStaysRemovedWhateverReplacesIt() throws {
        let page = try desk.put("Removed.")
        try desk.serve()
        try desk.store.remove([page])
        try desk.store.store(StorageTests.page("New.", at: "a.md"), replacing: page, narrowsAudience: false)
        #expect(try desk.served() == [])
        #expect(try desk.store.chunks(desk.chunkIDs(of: page)) == [])
    }

    @Test func aRemovedPageCanComeBack() throws {
        let page = try desk.put("Words.")
        try desk.serve()
        try desk.store.remove([page])
        let again = try desk.put("Words.")
        #expect(again.revision == page.revision && again.key != page.key)
        #expect(try desk.served() == [])
        try desk.serve()
        #expect(try desk.served() == [again])
    }

    @Test func aNarrowedAudienceIsSeenAtOnce() throws {
        let old = try desk.put("Words.", audience: "public")
        try desk.serve()
        let before = try desk.store.servingState()
        try desk.put("Words, changed.", audience: "internal", narrowing: true)
        #expect(try desk.served().map(\.audience) == ["internal"])
        #expect(try desk.served().map(\.revision) == [old.revision])
        let after = try desk.store.servingState()
        #expect(after.generation == before.generation && after.changeCount != before.changeCount)
    }

    @Test func aWidenedAudienceWaitsForTheNextGeneration() throws {
        try desk.put("Words.", audience: "internal")
        try desk.serve()
        let before = try desk.store.servingState()
        try desk.put("Words, changed.", audience: "public")
        #expect(try desk.served().map(\.audience) == ["internal"])
        #expect(try desk.store.servingState() == before)
        try desk.serve()
        #expect(try desk.served().map(\.audience) == ["public"])
    }

    /// The revision that is served is older than the one that is narrowed, whatever its id and path.
    @Test func aNarrowedAudienceIsSeenThoughAnOlderRevisionServed() throws {
        try desk.put("One.", at: "a.md", id: "a", audience: "public")
        try desk.serve()
        let second = try desk.put("Two.", at: "a.md", id: "b", audience: "public")
        try desk.store.store(
            page("Three.", at: "c.md", id: "c", audience: "internal"), replacing: second, narrowsAudience: true)
        #expect(try desk.served().map(\.audience) == ["internal"])
    }

    /// Secret, then public without being served, then internal: internal is narrower than public, yet the served words
    /// are secret. Nobody sees them rather than everybody inside.
    @Test func narrowingNeverWidensWhatServes() throws {
        let secret = try desk.put("One.", audience: "secret")
        try desk.serve()
        try desk.put("Two.", audience: "public")
        try desk.put("Three.", audience: "internal", narrowing: true)
        #expect(try desk.served().allSatisfy { $0.audience == "secret" })
        #expect(try desk.store.chunks(desk.chunkIDs(of: secret)) == [])
        try desk.serve()
        #expect(try desk.served().map(\.audience) == ["internal"])
    }

    @Test func narrowingAPageLeavesOthersAlone() throws {
        try desk.put("One.", at: "a.md", audience: "public")
        try desk.put("Two.", at: "b.md", audience: "public")
        try desk.serve()
        try desk.put("One, changed.", at: "a.md", audience: "internal", narrowing: true)
        #expect(try desk.served().map(\.audience) == ["internal", "public"])
    }
}
