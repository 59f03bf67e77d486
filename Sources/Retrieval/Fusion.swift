import Foundation
import IndexFiles
import VectorSearch

/// How the two lanes' lists become one.
///
/// The weights were fitted on judged sets (`docs/decisions/0020-fusion-with-feedback.md`).
package struct FusionOptions: Sendable, Equatable {
    /// How many rows each lane proposes.
    package var candidateCount = 100
    /// What a cosine counts.
    package var denseWeight: Float = 1
    /// What BM25 counts, by the unit that `LaneScores.lexicalUnit` tells.
    package var lexicalWeight: Float = 0.8
    /// What the likeness to the best rows counts; 0 asks for none.
    package var feedbackWeight: Float = 0.3
    /// How many of the best rows give feedback.
    package var feedbackCount = 5
    /// How much sooner than a worse row a better one is believed: the exponent of a difference in score.
    package var feedbackSharpness: Float = 17.5

    package init() {}

    /// The weights for an embedder's vectors: cosines of latent semantic analysis tell little that BM25 over the same
    /// terms does not (`docs/decisions/0014-latent-semantic-analysis.md`).
    package init(for embedder: Embedder) {
        if embedder.latent != nil { denseWeight = 0.1 }
    }
}

/// A row with the scores of both lanes.
struct FusedRow: Equatable {
    let row: Int
    let scores: PassageScores
}

extension Lanes {
    /// Ranks the candidates of both lanes by the weighted sum of cosine, BM25 and likeness to the best of them, best
    /// first, equal scores by row number.
    ///
    /// The last is pseudo-relevance feedback (Rocchio 1971, "Relevance feedback in information retrieval"): the rows
    /// that are best by the first two are taken for relevant, each by how good it is, and what is like them gains.
    func fused(_ scores: LaneScores, options: FusionOptions) throws -> [FusedRow] {
        let first = scores.rows.indices.map { index in
            options.denseWeight * scores.dense[index]
                + options.lexicalWeight * scores.lexical[index] / scores.lexicalUnit
        }
        let likeness = try likeness(ofEach: scores.rows, toBestBy: first, options)
        return scores.rows.indices.map { index in
            let fused = first[index] + options.feedbackWeight * likeness[index]
            return FusedRow(
                row: scores.rows[index],
                scores: PassageScores(dense: scores.dense[index], lexical: scores.lexical[index], fused: fused))
        }.sorted { left, right in
            (left.scores.fused, -left.row) > (right.scores.fused, -right.row)
        }
    }

    /// The similarity of each row to the mean of the best, weighted by the softmax of their scores.
    private func likeness(
        ofEach rows: [Int], toBestBy scores: [Float], _ options: FusionOptions
    ) throws -> [Float] {
        var top = TopRows(limit: min(options.feedbackCount, rows.count))
        guard options.feedbackWeight != 0, top.limit > 0 else { return [Float](repeating: 0, count: rows.count) }
        for (row, score) in zip(rows, scores) { top.insert(ScoredRow(row: row, score: score)) }
        let best = top.sorted()
        let gains = best.map { exp(options.feedbackSharpness * ($0.score - best[0].score)) }
        let sum = gains.reduce(0, +)
        return try vectors.products(of: rows, withSumOf: best.map(\.row), weights: gains.map { $0 / sum })
    }
}
