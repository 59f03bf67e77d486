import Foundation
import LinearAlgebra
import TestSupport
import Testing
import TextEmbedding

@Suite struct PrecisionTests {
    private func lowestCosine(_ a: Matrix, _ b: Matrix) -> Float {
        (0..<a.rowCount).map { row in zip(a[row: row], b[row: row]).reduce(0) { $0 + $1.0 * $1.1 } }.min() ?? 1
    }

    @Test(.enabled(if: Fixtures.model != nil, "needs all-MiniLM-L6-v2"))
    func int8StaysCloseToTheReference() throws {
        let golden = try Fixtures.miniLM()
        let encoder = try TextEncoder(contentsOf: #require(Fixtures.model), precision: .int8)
        let rows = try encoder.embeddings(of: golden.map(\.text), as: .document)
        let reference = Matrix(rowCount: golden.count, columnCount: 384, values: golden.flatMap(\.embedding))
        #expect(lowestCosine(rows, reference) > 0.995)
    }

    @Test(arguments: Fixtures.tinyEncoders) func everyShapeOfModelCanBeCoded(_ model: String) throws {
        let texts = try Fixtures.miniLM().map(\.text)
        let exact = try TextEncoder(contentsOf: Fixtures.folder(model)).embeddings(of: texts, as: .document)
        let coded = try TextEncoder(contentsOf: Fixtures.folder(model), precision: .int8)
        let rows = try coded.embeddings(of: texts, as: .document)
        #expect(lowestCosine(rows, exact) > 0.99)
        #expect(rows != exact)
    }

    /// Not in its last bit: sums of bytes are exact, and the rest looks at one text at a time.
    @Test(arguments: [1, 2, 3]) func anInt8VectorDoesNotDependOnItsNeighbours(_ threadCount: Int) throws {
        let encoder = try TextEncoder(
            contentsOf: Fixtures.folder("tiny-bert-mean"), precision: .int8,
            turns: EncoderTurns(threadCount: threadCount))
        let texts = try Fixtures.miniLM().map(\.text)
        let together = try encoder.embeddings(of: texts, as: .document)
        for index in stride(from: 0, to: texts.count, by: 7) {
            let alone = try encoder.embeddings(of: [texts[index]], as: .document)
            #expect(alone[row: 0].elementsEqual(together[row: index]))
        }
    }

    @Test func vectorsOfTwoPrecisionsDoNotMeet() throws {
        let exact = try TextEncoder(contentsOf: Fixtures.folder("tiny-bert-mean")).fingerprint
        let coded = try TextEncoder(contentsOf: Fixtures.folder("tiny-bert-mean"), precision: .int8).fingerprint
        #expect(exact != coded && exact.key != coded.key)
        #expect(coded.description.contains("int8"))
    }

    // MARK: Kept weights

    private func embeddings(_ model: ModelCopy, cache: URL) throws -> Matrix {
        try TextEncoder(contentsOf: model.folder, precision: .int8, cache: cache)
            .embeddings(of: ["Server login", "timeout"], as: .document)
    }

    private func keptFile(_ cache: URL) throws -> URL {
        let folder = cache.appending(path: "models")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(names.count == 1, "no file is left beside it")
        return folder.appending(path: try #require(names.first))
    }

    @Test func keptWeightsGiveTheSameVectors() throws {
        let (model, cache) = (try ModelCopy(), try TemporaryFolder())
        let made = try embeddings(model, cache: cache.url)
        let file = try keptFile(cache.url)
        let date = try FileManager.default.attributesOfItem(atPath: file.path)[.modificationDate] as? Date
        #expect(try embeddings(model, cache: cache.url) == made)
        #expect(try FileManager.default.attributesOfItem(atPath: file.path)[.modificationDate] as? Date == date)
        #expect(
            try TextEncoder(contentsOf: model.folder, precision: .int8).fingerprint
                == TextEncoder(contentsOf: model.folder, precision: .int8, cache: cache.url).fingerprint)
    }

    @Test(arguments: [0, 100, 5000]) func keptWeightsThatAreDamagedAreMadeAgain(_ byteCount: Int) throws {
        let (model, cache) = (try ModelCopy(), try TemporaryFolder())
        let made = try embeddings(model, cache: cache.url)
        let file = try keptFile(cache.url)
        let whole = try Data(contentsOf: file)
        try whole.prefix(byteCount).write(to: file)
        #expect(try embeddings(model, cache: cache.url) == made)
        #expect(try Data(contentsOf: file) == whole)
        var flipped = whole
        flipped[whole.count / 2] ^= 1
        try flipped.write(to: file)
        #expect(try embeddings(model, cache: cache.url) == made)
    }

    @Test func keptWeightsOfAnotherModelAreNotUsed() throws {
        let (model, cache) = (try ModelCopy(), try TemporaryFolder())
        let before = try embeddings(model, cache: cache.url)
        let weights = model.folder.appending(path: "model.safetensors")
        try FileManager.default.removeItem(at: weights)
        try FileManager.default.copyItem(
            at: Fixtures.folder("tiny-bert-relu").appending(path: "model.safetensors"), to: weights)
        let after = try embeddings(model, cache: cache.url)
        #expect(after != before)
        #expect(
            try after
                == TextEncoder(contentsOf: model.folder, precision: .int8)
                .embeddings(of: ["Server login", "timeout"], as: .document))
    }

    @Test func keptWeightsOfOtherSettingsAreNotUsed() throws {
        let (model, cache) = (try ModelCopy(), try TemporaryFolder())
        _ = try embeddings(model, cache: cache.url)
        let text = try String(contentsOf: model.url("config.json"), encoding: .utf8)
        try model.write(text.replacing("\"gelu\"", with: "\"relu\""), to: "config.json")
        let fresh = try TextEncoder(contentsOf: model.folder, precision: .int8)
        #expect(
            try embeddings(model, cache: cache.url) == fresh.embeddings(of: ["Server login", "timeout"], as: .document))
    }

    /// A cache that cannot be written costs time, and nothing else.
    @Test func withoutRoomForACacheTheModelStillRuns() throws {
        let model = try ModelCopy()
        #expect(try embeddings(model, cache: URL(filePath: "/proc/none")).rowCount == 2)
    }
}
