import IndexFiles
import LexicalSearch
import VectorSearch

/// The two ways in which rows are found: by meaning and by words.
struct Lanes: Sendable {
    let vectors: VectorSnapshot
    let lexical: LexicalSnapshot

    /// Takes each lane's best rows and gives every one of them the scores of both lanes, so that a row which one lane
    /// alone proposed is judged by both.
    func score(
        _ query: [Float], _ terms: LexicalQuery, in allowed: RowSet?, options: FusionOptions,
        _ timings: inout StageTimings
    ) throws -> LaneScores {
        let dense = try timings.measure("dense") {
            try vectors.search(query, limit: options.candidateCount, in: allowed)
        }
        let words = timings.measure("lexical") { lexical.search(terms, limit: options.candidateCount, in: allowed) }
        return try timings.measure("join") {
            let rows = Set(dense.map(\.row)).union(words.map(\.row)).sorted()
            return LaneScores(
                rows: rows, dense: try vectors.scores(query, of: rows), lexical: lexical.scores(terms, of: rows),
                lexicalUnit: Self.lexicalUnit(lexical.highestScore(terms)),
                denseOrder: dense.map(\.row), lexicalOrder: words.map(\.row))
        }
    }
}

extension Lanes {
    /// What BM25 is counted in: the square root of the highest score that the query allows, by a fixed scale that makes it
    /// 80 for a query of 80.
    ///
    /// Each term of a query is evidence by itself, and evidence adds up as its square root does: a long query's BM25,
    /// divided by all that it could be, would tell too little, and by nothing, too much.
    private static func lexicalUnit(_ highestScore: Float) -> Float {
        highestScore > 0 ? (scaleOfUnit * highestScore).squareRoot() : 1
    }

    private static let scaleOfUnit: Float = 80
}

/// The candidates of both lanes: `dense[i]` and `lexical[i]` are the scores of `rows[i]`, and each lane's own ranking.
struct LaneScores: Sendable {
    let rows: [Int]
    let dense: [Float]
    let lexical: [Float]
    /// See `Lanes.lexicalUnit`; above 0.
    let lexicalUnit: Float
    let denseOrder: [Int]
    let lexicalOrder: [Int]
}
