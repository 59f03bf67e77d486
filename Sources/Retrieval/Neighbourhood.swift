import Foundation
import IndexFiles
package import LinearAlgebra

/// What the vectors of a query's candidates say about each other.
package struct Neighbourhood {
    /// `[candidates, dimension]`, each of length 1 or 0.
    private let vectors: Matrix

    package init(vectors: Matrix) { self.vectors = vectors }

    /// How crowded it is around each candidate: the mean of its `count` highest similarities to the others.
    ///
    /// A vector that is near to many is near to a query by chance more often: cross-domain similarity local scaling
    /// (Conneau et al. 2018, "Word translation without parallel data", <https://arxiv.org/abs/1710.04087>, §2.3), with the
    /// candidates in place of all rows. A candidate without others is not crowded: 0.
    ///
    /// - Complexity: a product of n² · dimension for n candidates.
    package func crowding(count: Int) -> [Float] {
        let rowCount = vectors.rowCount
        let nearest = min(count, rowCount - 1)
        guard nearest > 0 else { return [Float](repeating: 0, count: rowCount) }
        let similarities = vectors.multiplied(byTransposed: vectors).values
        return (0..<rowCount).map { row in
            var top = TopRows(limit: nearest)
            var threshold = top.threshold
            let start = row * rowCount
            for other in 0..<rowCount where similarities[start + other] > threshold && other != row {
                top.insert(ScoredRow(row: other, score: similarities[start + other]))
                threshold = top.threshold
            }
            return Self.rounded(top.sorted().reduce(0) { $0 + $1.score } / Float(nearest))
        }
    }

    /// The similarity of each candidate to the mean of the best, weighted by the softmax of their scores: pseudo-relevance
    /// feedback (Rocchio 1971, "Relevance feedback in information retrieval").
    ///
    /// - Parameters:
    ///   - scores: `[candidates]`; the best by them are taken for relevant, each by how good it is.
    ///   - count: how many are.
    ///   - sharpness: the exponent of a difference in score.
    package func likeness(toBestBy scores: [Float], count: Int, sharpness: Float) -> [Float] {
        var top = TopRows(limit: min(count, scores.count))
        guard top.limit > 0 else { return [Float](repeating: 0, count: scores.count) }
        for (row, score) in scores.enumerated() { top.insert(ScoredRow(row: row, score: score)) }
        let best = top.sorted()
        let gains = best.map { exp(sharpness * ($0.score - best[0].score)) }
        let sum = gains.reduce(0, +)
        var mean = [Float](repeating: 0, count: vectors.columnCount)
        for (found, gain) in zip(best, gains) {
            for (column, value) in vectors[row: found.row].enumerated() { mean[column] += gain / sum * value }
        }
        let centre = Matrix(rowCount: 1, columnCount: mean.count, values: mean)
        return vectors.multiplied(byTransposed: centre).values.map(Self.rounded)
    }

    /// The last bits of a product by BLAS depend on where in the matrix a row stands; without them, equal rows nearly always
    /// have equal values, save at the edge of a step.
    private static func rounded(_ value: Float) -> Float { (value * 65_536).rounded() / 65_536 }
}
