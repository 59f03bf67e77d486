import Documents
import Foundation
import Storage
import TestSupport
import Testing

/// What is stored of a page, and when who sees it.
@Suite struct PageTests {
    private let desk = try! Desk()

    @Test func aStoredPageComesBackAsItWas() throws {
        let text = """
            ---
            title: Failover
            product: postgresql
            versions: ">=14 <17"
            platforms: [linux]
            audience: public
            tags: [ha]
            parameters: {standby: {form: host}}
            ---
            # Failover

            Promote `{{standby}}` – nothing else.

            ## Afterwards

            Rebuild the old primary…
            """
        let stored = try desk.put(text, at: "pg/failover.md")
        let document = try Document(parsing: Array(text.utf8), path: "pg/failover.md")
        #expect(stored.id == "pg/failover" && stored.path == "pg/failover.md" && stored.source == Desk.source)
        #expect(stored.title == "Failover" && stored.audience == "public")
        #expect(stored.revision == document.revision && stored.frontMatter == document.frontMatter)
        #expect(try desk.store.bytes(ofRevision: stored.revision) == Array(text.utf8))
        #expect(try desk.store.bytes(ofRevision: "none") == nil)
    }

    @Test func chunksComeInTheOrderAskedWithExactlyTheirBytes() throws {
        let text = "# Ünïcödé\n\nFirst…\n\n## Zwei\n\n" + String(repeating: "Größe 🧵. ", count: 200) + "\n"
        let stored = try desk.put(text)
        let expected = Chunker().chunks(of: try Document(parsing: Array(text.utf8), path: "a.md"))
        let ids = try desk.chunkIDs(of: stored)
        #expect(ids.count == expected.count && ids.count > 2)
        let chunks = try desk.store.chunks(ids.reversed())
        #expect(chunks.map(\.id) == ids.reversed())
        for (chunk, original) in zip(chunks.reversed(), expected) {
            #expect(chunk.documentKey == stored.key && chunk.ordinal == original.ordinal)
            #expect(chunk.headingPath == original.headingPath && chunk.anchor == original.anchor)
            #expect(chunk.byteRange == original.byteRange)
            #expect(Array(chunk.text.utf8) == Array(Array(text.utf8)[original.byteRange]))
        }
        #expect(try desk.store.chunks([]) == [])
        #expect(try desk.store.chunks([-1, ids[0], .max]).map(\.id) == [ids[0]])
        #expect(try desk.store.chunks([ids[0], ids[0]]).count == 2)
    }

    @Test func aNewPageWaitsForTheNextGeneration() throws {
        try desk.put("One.")
        #expect(try desk.served().isEmpty && desk.store.hasPendingChanges())
        #expect(try desk.store.documents(ofGeneration: 1).map(\.path) == ["a.md"])
        try desk.serve()
        #expect(try desk.served().map(\.path) == ["a.md"])
        #expect(try !desk.store.hasPendingChanges())
    }

    @Test func aReplacedPageServesUntilTheNextGeneration() throws {
        let old = try desk.put("Old words.")
        try desk.serve()
        let new = try desk.put("New words.")
        #expect(try desk.served().map(\.revision) == [old.revision])
        #expect(try desk.store.currentDocuments().map(\.revision) == [new.revision])
        #expect(try desk.store.chunks(desk.chunkIDs(of: old)).map(\.text) == ["Old words."])
        #expect(try desk.store.hasPendingChanges())
        let chunks = try desk.chunkIDs(of: old)
        try desk.serve()
        #expect(try desk.served().map(\.revision) == [new.revision])
        #expect(try desk.store.chunks(chunks) == [], "the old words are gone")
        #expect(try desk.store.bytes(ofRevision: old.revision) == nil)
    }

    @Test func ofARevisionThatWasNeverServedNothingStays() throws {
        let served = try desk.put("One.")
        try desk.serve()
        let skipped = try desk.put("Two.")
        let chunks = try desk.chunkIDs(of: skipped)
        let newest = try desk.put("Three.")
        #expect(try desk.store.chunks(chunks) == [])
        #expect(try desk.served().map(\.revision) == [served.revision])
        #expect(try desk.store.documents(ofGeneration: 2).map(\.revision) == [newest.revision])
        try desk.serve()
        #expect(try desk.store.bytes(ofRevision: skipped.revision) == nil)
    }

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

    @Test func twoPagesWithOneIDAreRefusedAndNothingIsStored() throws {
        try desk.put("First.", at: "a.md", id: "same", audience: "public")
        let other = try desk.put("Other.", at: "b.md", id: "other", audience: "public")
        try desk.serve()
        let before = try (desk.store.currentDocuments(), desk.served(), desk.store.servingState(), desk.store.counts())
        let copy = try page("Copy.", at: "b.md", id: "same", audience: "internal")
        for old in [other, nil] {
            #expect(throws: StorageError.duplicateDocument(id: "same", path: "a.md")) {
                try desk.store.store(copy, replacing: old, narrowsAudience: true)
            }
        }
        let after = try (desk.store.currentDocuments(), desk.served(), desk.store.servingState(), desk.store.counts())
        #expect(before.0 == after.0 && before.1 == after.1 && before.2 == after.2 && before.3 == after.3)
        #expect(try desk.store.bytes(ofRevision: copy.document.revision) == nil)
        #expect(try !desk.store.hasPendingChanges())
    }

    @Test func anIDIsFreeOnceItsPageIsGoneOrHasAnother() throws {
        let first = try desk.put("First.", at: "a.md", id: "same")
        try desk.store.remove([first])
        try desk.put("Second.", at: "b.md", id: "same")
        try desk.put("Second, renamed.", at: "b.md", id: "other")
        try desk.put("Third.", at: "c.md", id: "same")
        #expect(try desk.store.currentDocuments().map(\.id) == ["other", "same"])
    }

    @Test func twoPagesOfOneTextAreTwoPages() throws {
        try desk.put("Same.", at: "a.md")
        let second = try desk.put("Same.", at: "b.md")
        try desk.serve()
        try desk.store.remove([second])
        try desk.serve()
        #expect(try desk.served().map(\.path) == ["a.md"])
        #expect(try desk.store.bytes(ofRevision: second.revision) == Array("Same.".utf8), "the other page has it still")
    }

    @Test func currentPagesComeBySourceAndPath() throws {
        for (source, path) in [("/b", "a.md"), ("/a", "c.md"), ("/a", "b.md")] {
            try desk.store.store(
                page("x", at: path, id: source + path, source: source), replacing: nil, narrowsAudience: false)
        }
        #expect(
            try desk.store.currentDocuments().map { $0.source + "/" + $0.path } == ["/a/b.md", "/a/c.md", "/b/a.md"])
    }

    @Test func theChunkersVersionIsKept() throws {
        try desk.store.setChunkerVersion(7)
        #expect(try desk.another().chunkerVersion() == 7)
    }
}
