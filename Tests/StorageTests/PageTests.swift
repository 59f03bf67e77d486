import Documents
import Foundation
import Storage
import TestSupport
import Testing

/// What is stored of a page, and what serves until it does.
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
        try desk.serve()
        #expect(try desk.store.chunks(chunks) == [], "the old words are gone, no search is left that began on them")
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

    @Test func twoPagesWithOneIDAreRefusedAndNothingIsStored() throws {
        try desk.put("First.", at: "a.md", id: "same", audience: "public")
        let other = try desk.put("Other.", at: "b.md", id: "other", audience: "public")
        try desk.serve()
        let before = try (desk.store.currentDocuments(), desk.served(), desk.store.servingState(), desk.store.counts())
        let copy = try page("Copy.", at: "b.md", id: "same", audience: "internal")
        for old in [other, nil] {
            #expect(throws: StorageError.duplicateDocument(id: "same", source: Desk.source, path: "a.md")) {
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
