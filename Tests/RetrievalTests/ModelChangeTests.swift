import Foundation
import Retrieval
import Storage
import TestSupport
import Testing
import TextEmbedding

@Suite struct ModelChangeTests {
    private static let other = Result {
        let folder = Repository.tinyModel.appending(path: "../tiny-bert-cls")
        return Embedder.model(
            try TextEncoder(contentsOf: folder, precision: .int8, turns: EncoderTurns(threadCount: 1)))
    }
    let handbook: Handbook

    init() throws {
        handbook = try Handbook(["a.md": "# A\n\nsome words", "b.md": "# B\n\nsome words"])
        try handbook.ingest()
    }

    @Test func anotherModelIsRefusedBeforeAnythingChanges() throws {
        try handbook.remove("a.md")
        try handbook.write("# C\n\nsome words", to: "c.md")
        let (own, expected) = (try Self.other.get().fingerprint, try Handbook.tiny.get().fingerprint)
        #expect(throws: RetrievalError.otherModel(got: own, expected: expected)) {
            try handbook.ingest(embedder: Self.other.get())
        }
        #expect(throws: RetrievalError.otherModel(got: own, expected: expected)) {
            try Searcher(store: handbook.store, embedder: Self.other.get(), indexes: handbook.indexes)
        }
        #expect(try handbook.searcher().documents() == ["a", "b"])
        let message = RetrievalError.otherModel(got: own, expected: expected).description
        #expect(message.contains("--model") && message.contains("--change-model"))
    }

    @Test func changingTheModelEmbedsEverythingAnew() throws {
        let opened = try handbook.searcher()
        let summary = try handbook.ingest(embedder: Self.other.get(), changingModel: true)
        #expect((summary.unchanged, summary.embedded, summary.reused, summary.generation) == (2, 2, 0, 2))
        let searcher = try Searcher(store: handbook.store, embedder: Self.other.get(), indexes: handbook.indexes)
        #expect(try searcher.documents() == ["a", "b"])
        #expect(throws: RetrievalError.self, "a search of the old model never meets the new vectors") {
            try opened.documents()
        }
    }

    @Test func changingBackUsesWhatWasEmbedded() throws {
        try handbook.ingest(embedder: Self.other.get(), changingModel: true)
        let summary = try handbook.ingest(changingModel: true)
        #expect((summary.embedded, summary.reused, summary.generation) == (0, 2, 3))
        #expect(try handbook.searcher().documents() == ["a", "b"])
        #expect(try handbook.ingest(changingModel: true).hasBuilt == false, "the same model is no change")
    }

    @Test func aFailedChangeOfModelLeavesTheOldOneServing() throws {
        let indexes = handbook.indexes
        #expect(throws: (any Error).self) {
            try handbook.ingest(embedder: Self.other.get(), changingModel: true) { progress in
                if progress == .embedding(done: 2, of: 2) { obstructSecondGeneration(in: indexes) }
            }
        }
        #expect(try handbook.searcher().documents() == ["a", "b"])
        #expect(throws: RetrievalError.self) { try handbook.ingest(embedder: Self.other.get()) }
    }
}
