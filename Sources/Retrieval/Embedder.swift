package import LinearAlgebra
package import TextEmbedding

/// What turns texts into vectors: those of one embedder can be compared, those of two cannot.
package enum Embedder: Sendable {
    case model(TextEncoder)
    case endpoint(RemoteEncoder)
    /// No model: latent semantic analysis of the pages themselves.
    case latent(LatentEmbedder)

    /// What vectors and indexes are marked with: equal where vectors can be compared.
    package var fingerprint: String {
        switch self {
        case .model(let encoder): encoder.fingerprint.key
        case .endpoint(let encoder): encoder.fingerprint
        case .latent(let embedder): embedder.fingerprint
        }
    }

    /// One line for people.
    package var description: String {
        switch self {
        case .model(let encoder): encoder.fingerprint.description
        case .endpoint(let encoder): encoder.description
        case .latent(let embedder): embedder.description
        }
    }

    /// The length of an embedding.
    package var dimension: Int {
        switch self {
        case .model(let encoder): encoder.dimension
        case .endpoint(let encoder): encoder.dimension
        case .latent(let embedder): embedder.dimension
        }
    }

    /// The embedder that is fitted on pages, where it is one.
    package var latent: LatentEmbedder? {
        if case .latent(let embedder) = self { embedder } else { nil }
    }

    /// Whether vectors marked with `fingerprint` are of the same embedder, or of some fit of it.
    func isKin(of fingerprint: String) -> Bool {
        switch self {
        case .model, .endpoint: fingerprint == self.fingerprint
        case .latent: LatentEmbedder.isFingerprint(fingerprint)
        }
    }

    /// The texts' vectors, `[texts, dimension]` in the order of `texts`. It blocks for as long as that takes.
    package func embeddings(of texts: [String], as role: TextEncoder.Role) throws -> Matrix {
        switch self {
        case .model(let encoder): try encoder.embeddings(of: texts, as: role)
        case .endpoint(let encoder): try encoder.embeddings(of: texts, as: role)
        case .latent(let embedder): embedder.embeddings(of: texts)
        }
    }
}
