package import LinearAlgebra
package import TextEmbedding

/// What turns texts into vectors: those of one embedder can be compared, those of two cannot.
package enum Embedder: Sendable {
    case model(TextEncoder)

    /// What vectors and indexes are marked with: equal where vectors can be compared.
    package var fingerprint: String {
        switch self {
        case .model(let encoder): encoder.fingerprint.key
        }
    }

    /// One line for people.
    package var description: String {
        switch self {
        case .model(let encoder): encoder.fingerprint.description
        }
    }

    /// The length of an embedding.
    package var dimension: Int {
        switch self {
        case .model(let encoder): encoder.dimension
        }
    }

    /// The texts' vectors, `[texts, dimension]` in the order of `texts`. It blocks for as long as that takes.
    package func embeddings(of texts: [String], as role: TextEncoder.Role) throws -> Matrix {
        switch self {
        case .model(let encoder): try encoder.embeddings(of: texts, as: role)
        }
    }
}
