import LexicalSearch
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
    /// What the square counts of the share that a row's identifiers have in the highest BM25 that the query allows: a query
    /// that is little else asks where they stand.
    package var identifierWeight: Float = 8
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

/// One summand of the fused scores: `values[i]` is what it gives to the i-th candidate.
struct FusionPart {
    let name: String
    let values: [Float]
}

/// The candidates, best first, with what their ranking came about by.
struct FusedRanking {
    let rows: [FusedRow]
    let candidates: LaneScores
    /// In this order they add up to the fused scores, to the last bit.
    let parts: [FusionPart]
}

extension Lanes {
    /// Ranks the candidates of both lanes, best first, equal scores by row number: the sum of cosine, the crowd around
    /// the row, BM25, identifiers, and likeness to the rows that are best by those, each by its weight.
    func fused(_ scores: LaneScores, options: FusionOptions) throws -> FusedRanking {
        let parts = try parts(of: scores, options)
        let sums = parts.sums(count: scores.rows.count)
        let rows = scores.rows.indices.map { index in
            FusedRow(
                row: scores.rows[index],
                scores: PassageScores(
                    dense: scores.dense[index], lexical: scores.lexical[index], fused: sums[index]))
        }.sorted { left, right in
            (left.scores.fused, -left.row) > (right.scores.fused, -right.row)
        }
        return FusedRanking(rows: rows, candidates: scores, parts: parts)
    }

    private func parts(of scores: LaneScores, _ options: FusionOptions) throws -> [FusionPart] {
        let neighbours = try neighbourhood(of: scores.rows, options)
        let own = options.evidence(scores, crowding: neighbours?.crowding(count: options.crowdCount))
        guard let neighbours else { return own }
        let likeness = neighbours.likeness(
            toBestBy: own.sums(count: scores.rows.count), count: options.feedbackCount,
            sharpness: options.feedbackSharpness)
        return own + [FusionPart(name: "feedback", values: likeness.map { options.feedbackWeight * $0 })]
    }

    /// `nil` where no weight asks for it.
    private func neighbourhood(of rows: [Int], _ options: FusionOptions) throws -> Neighbourhood? {
        guard options.crowdingWeight != 0 || options.feedbackWeight != 0 else { return nil }
        return Neighbourhood(vectors: try vectors.rows(rows))
    }
}

extension [FusionPart] {
    /// For each of `count` candidates, in the parts' order.
    fileprivate func sums(count: Int) -> [Float] {
        reduce(into: [Float](repeating: 0, count: count)) { sums, part in
            for index in sums.indices { sums[index] += part.values[index] }
        }
    }
}

extension FusionOptions {
    /// What each candidate's own scores and the crowd around it say for it.
    ///
    /// Each term of a query is evidence by itself, and evidence adds up as its square root does: a long query's BM25,
    /// divided by all that it could be, would tell too little, and by nothing, too much. Identifiers that are most of a
    /// query outweigh what it may mean; of a long one, the square of their share is next to nothing.
    fileprivate func evidence(_ scores: LaneScores, crowding: [Float]?) -> [FusionPart] {
        let highest = scores.terms.highestScore
        let crowdShare = crowdingWeight * evidenceScale / (evidenceScale + highest)
        let crowd = crowding.map { [FusionPart(name: "crowd", values: $0.map { -denseWeight * crowdShare * $0 })] }
        let wordUnit = highest > 0 ? (evidenceScale * highest).squareRoot() : 1
        let exactShares = scores.identifiers.map { highest > 0 ? $0 / highest : 0 }
        return [FusionPart(name: "meaning", values: scores.dense.map { denseWeight * $0 })] + (crowd ?? [])
            + [
                FusionPart(name: "words", values: scores.lexical.map { lexicalWeight * $0 / wordUnit }),
                FusionPart(name: "identifiers", values: exactShares.map { identifierWeight * $0 * $0 }),
            ]
    }
}
