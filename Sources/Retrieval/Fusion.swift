import Foundation
import VectorSearch

/// How the two lanes' lists become one.
///
/// The weights were fitted on judged sets (`docs/decisions/0020-fusion-with-feedback.md`).
package struct FusionOptions: Sendable, Equatable {
    /// How many rows each lane proposes.
    package var candidateCount = 100
    /// What a cosine counts.
    package var denseWeight: Float = 1
    /// What BM25 counts, by the square root of `evidenceScale` times the highest BM25 that the query allows.
    package var lexicalWeight: Float = 0.8
    /// The highest BM25 of a query, about that of a claim of ten words, at which it is the unit of BM25 itself.
    package var evidenceScale: Float = 80
    /// What is taken from a cosine for the crowd around its row, by the share of `evidenceScale` in its sum with the
    /// highest BM25: the less a query says, the more. 0 asks for none.
    package var crowdingWeight: Float = 0.5
    /// How many of a row's nearest are the crowd.
    package var crowdCount = 10
    /// What the likeness to the best rows counts; 0 asks for none.
    package var feedbackWeight: Float = 0.4
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
    /// Ranks the candidates of both lanes, best first, equal scores by row number: the sum of cosine, the crowd around
    /// the row, BM25, and likeness to the rows that are best by those, each by its weight.
    func fused(_ scores: LaneScores, options: FusionOptions) throws -> [FusedRow] {
        let neighbours = try neighbourhood(of: scores.rows, options)
        let first = options.evidence(scores, crowding: neighbours?.crowding(count: options.crowdCount))
        let likeness = neighbours?.likeness(
            toBestBy: first, count: options.feedbackCount, sharpness: options.feedbackSharpness)
        return scores.rows.indices.map { index in
            let fused = first[index] + options.feedbackWeight * (likeness?[index] ?? 0)
            return FusedRow(
                row: scores.rows[index],
                scores: PassageScores(dense: scores.dense[index], lexical: scores.lexical[index], fused: fused))
        }.sorted { left, right in
            (left.scores.fused, -left.row) > (right.scores.fused, -right.row)
        }
    }

    /// `nil` where no weight asks for it.
    private func neighbourhood(of rows: [Int], _ options: FusionOptions) throws -> Neighbourhood? {
        guard options.crowdingWeight != 0 || options.feedbackWeight != 0 else { return nil }
        return Neighbourhood(vectors: try vectors.rows(rows))
    }
}

extension FusionOptions {
    /// What each candidate's own scores say for it.
    ///
    /// Each term of a query is evidence by itself, and evidence adds up as its square root does: a long query's BM25,
    /// divided by all that it could be, would tell too little, and by nothing, too much.
    fileprivate func evidence(_ scores: LaneScores, crowding: [Float]?) -> [Float] {
        let highest = scores.highestLexical
        let lexicalUnit = highest > 0 ? (evidenceScale * highest).squareRoot() : 1
        let crowdShare = crowdingWeight * evidenceScale / (evidenceScale + highest)
        return scores.rows.indices.map { index in
            denseWeight * (scores.dense[index] - crowdShare * (crowding?[index] ?? 0))
                + lexicalWeight * scores.lexical[index] / lexicalUnit
        }
    }
}
