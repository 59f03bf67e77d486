import Endpoints
import Foundation
import LinearAlgebra
import Retrieval
import Storage
import TestSupport
import Testing
import TextEmbedding

/// An endpoint in a model's place: its fingerprint, and indexes made with it.
@Suite struct RemoteEncoderTests {
    private func encoder(
        _ script: ScriptedServer.Script, model: String = "scripted", query: String = "", document: String = "",
        known: [String] = []
    ) throws -> RemoteEncoder {
        var options = EndpointOptions()
        options.attemptCountMax = 1
        let endpoint = try EmbeddingEndpoint(at: EndpointURL(script.url), model: model, options: options)
        return try RemoteEncoder(endpoint, queryPrefix: query, documentPrefix: document, known: known)
    }

    @Test func theFingerprintSaysWhatDecidesTheVectors() throws {
        let script = try ScriptedServer.script("ok")
        let plain = try encoder(script)
        #expect(plain.dimension == 64)
        #expect(plain.fingerprint.hasPrefix("endpoint \(script.url), model \"scripted\", 64 dimensions, probe "))
        #expect(
            plain.fingerprint.hasPrefix(plain.description)
                && plain.description.hasSuffix("probe " + plain.description.suffix(16)))
        #expect(try encoder(script).fingerprint == plain.fingerprint)
        let others = [
            try encoder(script, model: "other"), try encoder(script, query: "query: "),
            try encoder(script, document: "query: "), try encoder(ScriptedServer.script("ok")),
            try encoder(ScriptedServer.script("dimension=65")), try encoder(ScriptedServer.script("other")),
        ]
        #expect(Set(others.map(\.fingerprint) + [plain.fingerprint]).count == 7)
    }

    @Test func anotherModelUnderTheSameNameIsAnotherFingerprint() throws {
        let script = try ScriptedServer.script("ok", "other", "ok")
        let first = try encoder(script)
        let second = try encoder(script, known: [first.fingerprint])
        let third = try encoder(script, known: [second.fingerprint, first.fingerprint])
        #expect(second.fingerprint != first.fingerprint && third.fingerprint == first.fingerprint)
        let message = RetrievalError.otherModel(got: second.fingerprint, expected: first.fingerprint).description
        #expect(message.contains("model has changed") && message.contains("--change-model"), "\(message)")
        let elsewhere = try encoder(ScriptedServer.script("ok"))
        let other = RetrievalError.otherModel(got: elsewhere.fingerprint, expected: first.fingerprint).description
        #expect(!other.contains("model has changed") && other.contains("--embedding-url"), "\(other)")
    }

    /// The probe's vector is another text's: the first number is changed by a little, by more and by very much.
    @Test(arguments: [(0.001, true), (0.02, true), (3, false)]) func roundingIsNoOtherModel(
        change: Double, isSame: Bool
    ) throws {
        let numbers = (1...64).map { sin(Double($0) * 7) }
        let text = { (numbers: [Double]) in "values=[" + numbers.map { "\($0)" }.joined(separator: ", ") + "]" }
        let changed = numbers.enumerated().map { $1 + change * cos(Double($0) * 3) }
        let script = try ScriptedServer.script(text(numbers), text(changed))
        let first = try encoder(script)
        #expect(try (encoder(script, known: [first.fingerprint]).fingerprint == first.fingerprint) == isSame)
    }

    @Test func prefixesStandBeforeTheirTexts() throws {
        let plain = try encoder(ScriptedServer.script("ok"))
        let prefixed = try encoder(ScriptedServer.script("ok"), query: "ask: ", document: "tell: ")
        for (role, prefix) in [(TextEncoder.Role.query, "ask: "), (.document, "tell: ")] {
            let expected = try plain.embeddings(of: [prefix + "a", prefix + "b"], as: role)
            #expect(try prefixed.embeddings(of: ["a", "b"], as: role) == expected)
            #expect(expected.rowCount == 2 && expected.columnCount == 64)
        }
        #expect(try plain.embeddings(of: [], as: .query).rowCount == 0)
    }

    @Test func aServerThatChangesItsModelIsRefusedUntilThatIsWanted() throws {
        let script = try ScriptedServer.script("ok")
        let handbook = try Handbook(["a.md": "# A\n\nsome words", "b.md": "# B\n\nother things"])
        func embedder() throws -> Embedder { .endpoint(try encoder(script, known: handbook.store.fingerprints())) }
        func searcher() throws -> Searcher {
            try Searcher(store: handbook.store, embedder: embedder(), indexes: handbook.indexes)
        }
        try handbook.ingest(embedder: embedder())
        #expect(
            try searcher().search("words", filters: Handbook.everyone, limit: 1).passages.map(\.document.id) == ["a"])
        try script.perform(["other"])
        #expect(throws: RetrievalError.self) { try searcher() }
        #expect(throws: RetrievalError.self) { try handbook.ingest(embedder: embedder()) }
        let summary = try handbook.ingest(embedder: embedder(), changingModel: true)
        #expect(summary.embedded == 2 && summary.generation == 2)
        #expect(
            try searcher().search("words", filters: Handbook.everyone, limit: 1).passages.map(\.document.id) == ["a"])
        try script.perform(["ok"])
        #expect(try handbook.ingest(embedder: embedder(), changingModel: true).embedded == 0, "these are kept")
    }

    @Test func aLocalModelsIndexIsRefused() throws {
        let handbook = try Handbook(["a.md": "# A\n\nsome words"])
        try handbook.ingest()
        let remote = Embedder.endpoint(try encoder(ScriptedServer.script("ok")))
        let error = RetrievalError.otherModel(got: remote.fingerprint, expected: try Handbook.tiny.get().fingerprint)
        #expect(throws: error) { try handbook.ingest(embedder: remote) }
        #expect(throws: error) { try Searcher(store: handbook.store, embedder: remote, indexes: handbook.indexes) }
    }

    @Test func whatWasEmbeddedBeforeAFailureIsKept() throws {
        let script = try ScriptedServer.script("ok")
        let handbook = try Handbook(["a.md": "# A\n\nold words"])
        let first = try encoder(script)
        try handbook.ingest(embedder: .endpoint(first))
        for number in 0..<200 { try handbook.write("# Page \(number)\n\nword\(number)", to: "p\(number).md") }
        // Four requests of 32 are 128 chunks, which are committed.
        try script.perform(["ok", "ok", "ok", "ok", "401"])
        #expect(throws: EndpointError.self) { try handbook.ingest(embedder: .endpoint(first)) }
        try script.perform(["ok"])
        let searcher = try Searcher(store: handbook.store, embedder: .endpoint(first), indexes: handbook.indexes)
        #expect(try searcher.documents() == ["a"], "the old generation goes on serving")
        #expect(try handbook.ingest(embedder: .endpoint(first)).embedded == 72)
    }
}
