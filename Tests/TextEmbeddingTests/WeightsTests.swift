import Foundation
import LinearAlgebra
import Testing
import TextEmbedding

/// The ways in which the same weights are stored.
@Suite struct WeightsTests {
    private let texts = ["server error", "login timeout", "the database is down"]

    private func embeddings(_ change: (inout SafetensorsParts) -> Void, padding: Int = 0) throws -> Matrix {
        let model = try ModelCopy()
        var file = try SafetensorsParts(contentsOf: model.url("model.safetensors"))
        change(&file)
        try file.data(padding: padding).write(to: model.url("model.safetensors"))
        return try TextEncoder(contentsOf: model.folder).embeddings(of: texts, as: .document)
    }

    private func expected() throws -> Matrix {
        try TextEncoder(contentsOf: Fixtures.folder("tiny-bert-mean")).embeddings(of: texts, as: .document)
    }

    private func worstError(_ a: Matrix, _ b: Matrix) -> Float {
        zip(a.values, b.values).reduce(0) { max($0, abs($1.0 - $1.1)) }
    }

    @Test(arguments: [0, 1, 2, 3])
    func tensorsMayLieAtAnyByte(padding: Int) throws {
        #expect(try embeddings({ _ in }, padding: padding) == expected())
    }

    @Test func halfPrecisionWeightsAreRead() throws {
        let half = try embeddings { $0.halve(to: "F16") { Float16($0).bitPattern } }
        #expect(try worstError(half, expected()) < 2e-3)
        #expect(try worstError(half, expected()) > 0)
    }

    @Test func brainFloatWeightsAreRead() throws {
        let half = try embeddings { $0.halve(to: "BF16") { UInt16(truncatingIfNeeded: $0.bitPattern >> 16) } }
        #expect(try worstError(half, expected()) < 5e-2)
        #expect(try worstError(half, expected()) > 0)
    }

    @Test func namesMayStandBehindAPrefix() throws {
        let prefixed = try embeddings { file in
            file.parts = Dictionary(uniqueKeysWithValues: file.parts.map { ("bert." + $0, $1) })
        }
        #expect(try prefixed == expected())
    }

    @Test func normsMayBeCalledGammaAndBeta() throws {
        let old = try embeddings { file in
            file.parts = Dictionary(
                uniqueKeysWithValues: file.parts.map { name, part in
                    let renamed = name.replacingOccurrences(of: "LayerNorm.weight", with: "LayerNorm.gamma")
                    return (renamed.replacingOccurrences(of: "LayerNorm.bias", with: "LayerNorm.beta"), part)
                })
        }
        #expect(try old == expected())
    }
}
