import Foundation
import LinearAlgebra
import Testing
import TextEmbedding

@Suite struct TextEncoderTests {
    /// The largest difference between a matrix's rows and the reference's embeddings.
    private func worstError(_ rows: Matrix, _ golden: [Fixtures.Golden]) -> Float {
        golden.enumerated().reduce(0) { worst, entry in
            zip(rows[row: entry.offset], entry.element.embedding).reduce(worst) { max($0, abs($1.0 - $1.1)) }
        }
    }

    @Test(arguments: Fixtures.tinyEncoders)
    func embeddingsEqualTheReference(model: String) throws {
        let encoder = try TextEncoder(contentsOf: Fixtures.folder(model))
        let golden = try Fixtures.golden(model)
        let rows = try encoder.embeddings(of: golden.map(\.text), as: .document)
        #expect(rows.rowCount == golden.count)
        #expect(rows.columnCount == 48)
        #expect(worstError(rows, golden) < 1e-5)
    }

    @Test(.enabled(if: Fixtures.model != nil, "needs all-MiniLM-L6-v2"))
    func embeddingsOfTheRealModelEqualTheReference() throws {
        let encoder = try TextEncoder(contentsOf: #require(Fixtures.model))
        let golden = try Fixtures.miniLM()
        let rows = try encoder.embeddings(of: golden.map(\.text), as: .document)
        #expect(worstError(rows, golden) < 1e-5)
        #expect(encoder.fingerprint.tokenLimit == 256)
        #expect(encoder.fingerprint.pooling == .mean)
    }

    @Test(arguments: [1, 2, 3])
    func aTextsVectorDoesNotDependOnItsNeighbours(threadCount: Int) throws {
        let encoder = try TextEncoder(
            contentsOf: Fixtures.folder("tiny-bert-mean"), turns: EncoderTurns(threadCount: threadCount))
        let texts = try Fixtures.miniLM().map(\.text)
        let together = try encoder.embeddings(of: texts, as: .document)
        for index in stride(from: 0, to: texts.count, by: 7) {
            let alone = try encoder.embeddings(of: [texts[index]], as: .document)
            let difference = zip(alone[row: 0], together[row: index]).map { abs($0 - $1) }.max()
            #expect(try #require(difference) < 1e-5)
        }
    }

    @Test func noTextsGiveNoRows() throws {
        let encoder = try TextEncoder(contentsOf: Fixtures.folder("tiny-bert-mean"))
        #expect(try encoder.embeddings(of: [], as: .query) == Matrix(rowCount: 0, columnCount: 48))
    }

    @Test func anEmptyTextHasAVectorOfLengthOne() throws {
        let encoder = try TextEncoder(contentsOf: Fixtures.folder("tiny-bert-mean"))
        let row = try encoder.embeddings(of: [""], as: .query).values
        #expect(abs(row.reduce(0) { $0 + $1 * $1 } - 1) < 1e-5)
    }

    @Test func textsBeyondTheLimitAreCut() throws {
        let encoder = try TextEncoder(contentsOf: Fixtures.folder("tiny-bert-mean"))
        let text = String(repeating: "server ", count: 62)
        #expect(encoder.tokenCount(of: text) == 64)
        #expect(encoder.tokenCount(of: text + "login") == 65)
        let rows = try encoder.embeddings(of: [text, text + "login timeout"], as: .document)
        #expect(rows[row: 0].elementsEqual(rows[row: 1]) { abs($0 - $1) < 1e-6 })
    }

    /// The last bits of a product at fp32 depend on how many threads share it.
    private static let oneThread = EncoderTurns(threadCount: 1)

    @Test func aRoleWithAPromptPutsItBeforeTheText() throws {
        let plain = try TextEncoder(contentsOf: Fixtures.folder("tiny-bert-mean"), turns: Self.oneThread)
        let model = try ModelCopy()
        try model.write(
            #"{"prompts": {"query": "server ", "passage": "login "}}"#, to: "config_sentence_transformers.json")
        let prompted = try TextEncoder(contentsOf: model.folder, turns: Self.oneThread)
        #expect(
            try prompted.embeddings(of: ["error"], as: .query) == plain.embeddings(of: ["server error"], as: .query))
        #expect(
            try prompted.embeddings(of: ["error"], as: .document) == plain.embeddings(of: ["login error"], as: .query))
        #expect(prompted.fingerprint != plain.fingerprint)
    }

    @Test func aGivenPrefixTakesThePlaceOfTheFolders() throws {
        let model = try ModelCopy()
        try model.write(
            #"{"prompts": {"query": "server ", "passage": "login "}}"#, to: "config_sentence_transformers.json")
        let plain = try TextEncoder(contentsOf: Fixtures.folder("tiny-bert-mean"), turns: Self.oneThread)
        let given = try TextEncoder(
            contentsOf: model.folder, turns: Self.oneThread, prefixes: (query: "port ", document: nil))
        #expect(try given.embeddings(of: ["error"], as: .query) == plain.embeddings(of: ["port error"], as: .query))
        #expect(try given.embeddings(of: ["error"], as: .document) == plain.embeddings(of: ["login error"], as: .query))
        let none = try TextEncoder(contentsOf: model.folder, turns: Self.oneThread, prefixes: (query: "", document: ""))
        #expect(try none.embeddings(of: ["error"], as: .query) == plain.embeddings(of: ["error"], as: .query))
        #expect(none.fingerprint == plain.fingerprint)
    }

    @Test func aModelWithoutANormalizeModuleIsNotNormalised() throws {
        let model = try ModelCopy()
        try model.write(
            #"[{"path": "", "type": "a.Transformer"}, {"path": "1_Pooling", "type": "b.c.Pooling"}]"#,
            to: "modules.json")
        let encoder = try TextEncoder(contentsOf: model.folder)
        let row = try encoder.embeddings(of: ["server error"], as: .query).values
        let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
        #expect(abs(length - 1) > 0.01)
        let golden = try Fixtures.golden("tiny-bert-mean")[0].embedding
        #expect(zip(row, golden).allSatisfy { abs($0 / length - $1) < 1e-5 })
        #expect(!encoder.fingerprint.isNormalized)
    }

    @Test func theFingerprintNamesTheModelInOneLine() throws {
        let fingerprint = try TextEncoder(contentsOf: Fixtures.folder("tiny-bert-cls")).fingerprint
        let digest = fingerprint.weightsDigest
        #expect(digest.count == 64)
        #expect(
            "\(fingerprint)"
                == "tiny-bert-cls, 48 dimensions, cls pooling, normalised, 64 tokens, sha256 \(digest.prefix(12))")
    }

    /// Vectors that cannot be compared never meet: whatever changes them changes the fingerprint.
    @Test(arguments: [
        ("vocab.txt", "server", "sorvor"), ("config.json", "\"gelu\"", "\"relu\""), ("config.json", "1e-12", "1e-05"),
        ("tokenizer_config.json", "\"do_lower_case\": true", "\"do_lower_case\": false"),
    ])
    func anotherVocabularyOrSettingIsAnotherModel(_ file: String, _ old: String, _ new: String) throws {
        let plain = try TextEncoder(contentsOf: Fixtures.folder("tiny-bert-mean")).fingerprint
        let model = try ModelCopy()
        let text = try String(contentsOf: model.url(file), encoding: .utf8)
        #expect(text.contains(old))
        try model.write(text.replacing(old, with: new), to: file)
        let changed = try TextEncoder(contentsOf: model.folder).fingerprint
        #expect(changed != plain && changed.key != plain.key)
    }

    @Test func aMovedModelIsTheSameModel() throws {
        let model = try ModelCopy()
        let moved = try TextEncoder(contentsOf: model.folder).fingerprint
        let fixture = try TextEncoder(contentsOf: Fixtures.folder("tiny-bert-mean")).fingerprint
        #expect(moved.name != fixture.name)
        #expect(moved == fixture)
        #expect(try JSONDecoder().decode(ModelFingerprint.self, from: JSONEncoder().encode(moved)) == moved)
    }
}
