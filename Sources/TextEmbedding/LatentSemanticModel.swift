import Foundation
import IndexFiles
package import LinearAlgebra

/// Latent semantic analysis: texts as vectors of few dimensions, learnt from which terms occur together in a collection.
///
/// Deerwester et al. 1990, "Indexing by latent semantic analysis",
/// <https://doi.org/10.1002/(SICI)1097-4571(199009)41:6%3C391::AID-ASI1%3E3.0.CO;2-9>. It needs nothing but the
/// collection, and is the fallback where there is no model. It knows only terms that its caller gives.
///
/// A text's vector is the mean of its known terms' vectors, weighted by tf-idf and scaled to length 1; a text without a
/// known term has the zero vector, which is similar to nothing. The same terms give the same bits, alone or among others.
package struct LatentSemanticModel: Sendable {
    /// Raised whenever the same texts would give other vectors, or a file another layout.
    static let scheme = 1

    /// The length of a vector, at least 1.
    package let dimension: Int
    /// Texts that it was fitted on.
    package let textCount: Int
    /// What makes its caller's terms; a file of another one is refused.
    package let vocabulary: String
    /// SHA-256 of all that decides a text's vector, lower-case hexadecimal.
    package let digest: String
    /// The keys of the texts that it was fitted on, ascending, by which its caller knows how much has changed since.
    package let textKeys: [UInt64]

    let terms: SortedTerms
    /// The weight of each term, `[terms]`: its inverse document frequency.
    let weights: WeightArray<Float>
    /// `[terms, dimension]`, row-major.
    let vectors: WeightArray<Float>

    package var termCount: Int { terms.count }

    /// What indexes and caches are marked with: vectors of two fits never meet.
    package var fingerprint: String { "lsa, \(dimension) dimensions, scheme \(Self.scheme), sha256 \(digest)" }

    /// The texts' vectors, `[texts, dimension]`, each of length 1 or 0, of the texts' terms and how often each occurs.
    package func embeddings(of texts: [[String: Int]]) -> Matrix {
        var values: [Float] = []
        values.reserveCapacity(texts.count * dimension)
        for text in texts { values += embedding(of: text) }
        return Matrix(rowCount: texts.count, columnCount: dimension, values: values)
    }

    private func embedding(of counts: [String: Int]) -> [Float] {
        // In the order of the terms' numbers: a dictionary's own order differs from run to run, and so would the sums.
        let known = counts.compactMap { term, count in terms.number(of: term).map { (number: $0, count: count) } }
            .sorted { $0.number < $1.number }
        var sum = [Float](repeating: 0, count: dimension)
        unsafe vectors.withUnsafeBufferPointer { vectors in
            unsafe weights.withUnsafeBufferPointer { weights in
                for (number, count) in known {
                    let weight = unsafe termFrequency(count) * weights[number]
                    for index in 0..<dimension {
                        unsafe sum[index] += weight * vectors[number * dimension + index]
                    }
                }
            }
        }
        return normalised(sum)
    }
}

/// How much a term counts that occurs so often in a text: later occurrences tell less.
func termFrequency(_ count: Int) -> Float { count > 0 ? 1 + Float(log(Double(count))) : 0 }

/// A vector scaled to length 1; a zero vector stays zero.
func normalised(_ vector: [Float]) -> [Float] {
    let square = vector.reduce(0) { $0 + Double($1) * Double($1) }
    guard square > 0 else { return vector }
    let factor = 1 / square.squareRoot()
    return vector.map { Float(Double($0) * factor) }
}
