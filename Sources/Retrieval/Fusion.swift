import IndexFiles

/// How the two lanes' lists become one.
package struct FusionOptions: Sendable, Equatable {
    /// How many rows each lane proposes.
    package var candidateCount = 100
    /// The share of the cosine in the fused score; the rest is BM25 divided by its best.
    package var denseWeight: Float = 0.5

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

/// Ranks the union of both lanes' candidates by a weighted sum of cosine and BM25, the latter divided by the query's best.
///
/// A negative cosine counts as none. Equal scores rank by row number.
func fused(_ scores: LaneScores, options: FusionOptions) -> [FusedRow] {
    let best = scores.lexical.max() ?? 0
    return scores.rows.indices.map { index in
        let (cosine, bm25) = (scores.dense[index], scores.lexical[index])
        let share = best > 0 ? bm25 / best : 0
        let sum = options.denseWeight * max(cosine, 0) + (1 - options.denseWeight) * share
        return FusedRow(row: scores.rows[index], scores: PassageScores(dense: cosine, lexical: bm25, fused: sum))
    }.sorted { left, right in
        (left.scores.fused, -left.row) > (right.scores.fused, -right.row)
    }
}
