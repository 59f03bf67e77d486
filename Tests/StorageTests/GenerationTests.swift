import Foundation
import Storage
import TestSupport
import Testing
import Tickets

/// Embeddings, and the generations that are built from them.
@Suite struct GenerationTests {
    private let desk = try! Desk()

    @Test func whatIsServedIsRecorded() throws {
        try desk.put("One.", at: "a.md")
        try desk.put("Two.", at: "b.md")
        try desk.store.serve(
            generation: 1, fingerprint: "model", chunkCount: 9, at: Date(timeIntervalSince1970: 1_789_373_520.7))
        let generation = try #require(try desk.store.servingGeneration())
        #expect(generation.id == 1 && generation.fingerprint == "model")
        #expect(generation.documentCount == 2 && generation.chunkCount == 9)
        #expect(generation.createdAt == "2026-09-14T08:12:00Z")
        #expect(try desk.store.servingState().generation == 1)
    }

    @Test func servingCountsAsAChange() throws {
        let before = try desk.store.servingState()
        try desk.serve()
        let after = try desk.store.servingState()
        #expect(after.identity == before.identity && after.generation == 1 && after.changeCount > before.changeCount)
    }

    @Test func currentChunksComeInTheOrderOfTheirRowsWithTheirVectors() throws {
        try desk.put("# Alpha\n\nOne.\n", at: "b.md")
        try desk.put("# Beta\n\nTwo.\n", at: "a.md")
        try desk.serve()
        try desk.put("# Alpha\n\nThree.\n", at: "b.md")
        try desk.store.store(
            embeddings: try desk.store.unembeddedChunks(fingerprint: Desk.model, dimension: 4).map {
                ($0.textHash, vector(of: $0.searchText))
            }, fingerprint: Desk.model)
        var chunks: [IndexedChunk] = []
        try desk.store.forEachCurrentChunk(fingerprint: Desk.model, dimension: 4) { chunk, components in
            chunks.append(chunk)
            #expect(components == vector(of: chunk.searchText))
        }
        #expect(chunks.map(\.title) == ["Beta", "Alpha"])
        #expect(chunks.map(\.searchText) == ["Two.", "Three."])
        #expect(chunks.map(\.headingPath) == [["Beta"], ["Alpha"]])
        #expect(chunks.map(\.id) == chunks.map(\.id).sorted())
    }

    /// Every bit of a vector survives, of NaN and minus zero too.
    @Test func vectorsAreKeptBitForBit() throws {
        try desk.put("One.")
        var generator = SeededGenerator(seed: 1)
        let values =
            [0, -0.0, .nan, .infinity, -.infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 1 / 3]
            + (0..<376).map { _ in Float(bitPattern: UInt32.random(in: 0...UInt32.max, using: &generator)) }
        let hash = try #require(try desk.store.unembeddedChunks(fingerprint: Desk.model, dimension: 4).first).textHash
        try desk.store.store(embeddings: [(hash, values)], fingerprint: Desk.model)
        try desk.store.forEachCurrentChunk(fingerprint: Desk.model, dimension: values.count) { _, read in
            #expect(read.map(\.bitPattern) == values.map(\.bitPattern))
        }
    }

    @Test func aTextIsEmbeddedOnceWhereverItStands() throws {
        try desk.put("# T\n\nSame words.\n", at: "a.md")
        try desk.put("# T\n\nSame words.\n", at: "b.md")
        try desk.put("# T\n\nOther words.\n", at: "c.md")
        #expect(
            try desk.store.unembeddedChunks(fingerprint: Desk.model, dimension: 4).map(\.searchText) == [
                "Same words.", "Other words.",
            ])
        try desk.serve()
        #expect(try desk.store.counts().embeddings == 2 && desk.store.counts().chunks == 3)
        try desk.put("# T\n\nOther words.\n", at: "d.md")
        #expect(
            try desk.store.unembeddedChunks(fingerprint: Desk.model, dimension: 4) == [], "a known text needs no model")
    }

    @Test func embeddingsOfOneModelAreNotThoseOfAnother() throws {
        try desk.put("One.")
        try desk.serve(model: "A")
        #expect(try desk.store.unembeddedChunks(fingerprint: "B", dimension: 4).count == 1)
        let chunk = try #require(try desk.chunkIDs(of: desk.served()[0]).first)
        #expect(
            throws: StorageError.corruptRecord(
                table: "embedding", key: "of chunk \(chunk)", detail: "it has 0 components, expected 4")
        ) { try desk.store.forEachCurrentChunk(fingerprint: "B", dimension: 4) { _, _ in } }
        try desk.serve(model: "B")
        #expect(try desk.store.servingGeneration()?.fingerprint == "B")
        #expect(try desk.store.unembeddedChunks(fingerprint: "A", dimension: 4) == [], "changing back costs nothing")
    }

    @Test(arguments: [0, 3, 5]) func aVectorOfAnotherLengthIsRefused(dimension: Int) throws {
        try desk.put("One.")
        try desk.serve()
        #expect(throws: StorageError.self) {
            try desk.store.forEachCurrentChunk(fingerprint: Desk.model, dimension: dimension) { _, _ in }
        }
    }

    @Test func embeddingATextAgainReplacesItsVector() throws {
        try desk.put("One.")
        let hash = try #require(try desk.store.unembeddedChunks(fingerprint: Desk.model, dimension: 4).first).textHash
        try desk.store.store(embeddings: [(hash, [1, 2])], fingerprint: Desk.model)
        try desk.store.store(embeddings: [(hash, [3])], fingerprint: Desk.model)
        try desk.store.forEachCurrentChunk(fingerprint: Desk.model, dimension: 1) { _, vector in #expect(vector == [3])
        }
    }

    @Test func embeddingsOfTextsThatAreGoneAreForgotten() throws {
        try desk.put("# T\n\nOne.\n", at: "a.md")
        let second = try desk.put("# T\n\nTwo.\n", at: "b.md")
        try desk.serve()
        try desk.store.remove([second])
        #expect(try desk.store.counts().embeddings == 2, "until the next generation")
        try desk.serve()
        #expect(try desk.store.counts().embeddings == 1)
    }

    @Test func aRevisionThatADraftCitesIsKept() throws {
        let ticket = try ticket()
        _ = try desk.store.store(ticket, at: Date())
        let cited = try desk.put("Cited.", at: "a.md")
        let other = try desk.put("Not cited.", at: "b.md")
        try desk.serve()
        try desk.store.store(draft(for: ticket.id, citing: [cited.revision]), generation: 1, at: Date())
        try desk.store.remove([cited, other])
        try desk.serve()
        try desk.serve()
        #expect(try desk.store.bytes(ofRevision: cited.revision) == Array("Cited.".utf8))
        #expect(try desk.store.bytes(ofRevision: other.revision) == nil)
        #expect(try desk.served() == [] && desk.store.counts().chunks == 0, "kept, but never searched")
    }

    /// A search that began on the last generation can end on it, and a draft can cite what it found.
    @Test func whatTheLastGenerationShowedCanBeFetchedUntilTheNextIsServed() throws {
        let ticket = try ticket()
        _ = try desk.store.store(ticket, at: Date())
        let old = try desk.put("Old.", at: "a.md")
        let other = try desk.put("Old, too.", at: "b.md")
        try desk.serve()
        let chunks = try desk.chunkIDs(of: old)
        try desk.put("New.", at: "a.md")
        try desk.put("New, too.", at: "b.md")
        try desk.serve()
        #expect(try desk.store.chunks(chunks).map(\.text) == ["Old."])
        #expect(try desk.store.bytes(of: old) == Array("Old.".utf8))
        #expect(try desk.store.documents(ofGeneration: 1).map(\.key) == [old.key, other.key])
        try desk.store.store(draft(for: ticket.id, citing: [old.revision]), generation: 1, at: Date())
        #expect(try !desk.store.hasPendingChanges(), "what waits to be deleted is no change")
        try desk.serve()
        #expect(try desk.store.chunks(chunks) == [])
        #expect(try desk.store.bytes(of: old) == Array("Old.".utf8), "a draft cites it")
        #expect(throws: StorageError.noRevision(document: "b", revision: other.revision)) {
            try desk.store.bytes(of: other)
        }
    }

    @Test func whatTheLastGenerationShowedOfARemovedPageIsGoneAtOnce() throws {
        let old = try desk.put("Old.")
        try desk.serve()
        let new = try desk.put("New.")
        try desk.serve()
        let chunks = try desk.chunkIDs(of: old) + desk.chunkIDs(of: new)
        try desk.store.remove([new])
        #expect(try desk.store.chunks(chunks) == [] && desk.store.documents(ofGeneration: 1) == [])
        #expect(try desk.store.hasPendingChanges())
        try desk.serve()
        #expect(try desk.store.bytes(ofRevision: old.revision) == nil && !desk.store.hasPendingChanges())
    }

    @Test func whatThrowsWhileReadingChunksIsPassedOn() throws {
        struct Stop: Error {}
        try desk.put("One.")
        try desk.serve()
        #expect(throws: Stop.self) {
            try desk.store.forEachCurrentChunk(fingerprint: Desk.model, dimension: 4) { _, _ in throw Stop() }
        }
    }
}
