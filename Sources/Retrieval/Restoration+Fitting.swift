import Foundation
import LinearAlgebra
import Storage

extension Restoration {
    /// Texts embedded between two commits.
    private static let batchCount = 128

    /// The generation to build an index of, and the fit of latent semantic analysis that its vectors are of, where they are.
    ///
    /// A fit stands with the index, and the index is not in a backup: it is made anew from the generation's texts. Where it
    /// was made from the same texts, it is the same, and so are the embeddings that are there.
    func fitted(_ generation: Generation?, in copy: Store) throws -> (Generation, LatentEmbedder?)? {
        guard let generation else { return nil }
        guard LatentEmbedder.isFingerprint(generation.fingerprint) else { return (generation, nil) }
        let fit = try LatentEmbedder(fittedOn: copy, generation: generation.id)
        try embed(generation, by: fit, in: copy)
        try copy.setModel(fit.fingerprint, ofGeneration: generation.id)
        try copy.forgetEmbeddings(
            of: copy.embeddedFingerprints().filter { LatentEmbedder.isFingerprint($0) && $0 != fit.fingerprint })
        return try copy.servingGeneration().map { ($0, fit) }
    }

    private func embed(_ generation: Generation, by fit: LatentEmbedder, in copy: Store) throws {
        var texts: [Data: String] = [:]
        try copy.forEachChunk(ofGeneration: generation.id, fingerprint: fit.fingerprint) { chunk, vector in
            if vector.count != fit.dimension { texts[chunk.textHash] = chunk.embeddingText }
        }
        let rest = texts.sorted { $0.key.lexicographicallyPrecedes($1.key) }
        for start in stride(from: 0, to: rest.count, by: Self.batchCount) {
            let batch = rest[start..<min(start + Self.batchCount, rest.count)]
            let vectors = fit.embeddings(of: batch.map(\.value))
            try copy.store(
                embeddings: batch.enumerated().map { ($1.key, Array(vectors[row: $0])) }, fingerprint: fit.fingerprint)
        }
    }
}

extension IndexedChunk {
    var embeddingText: String {
        Retrieval.embeddingText(title: title, headingPath: headingPath, searchText: searchText)
    }
}
