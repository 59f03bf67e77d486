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
        let (terms, words) = timings.measure("lexical") {
            let telling = lexical.resolved(lexical.narrowed(terms))
            return (telling, lexical.search(telling, limit: options.candidateCount, in: allowed))
        }
        return try timings.measure("join") {
            let rows = Set(dense.map(\.row)).union(words.map(\.row)).sorted()
            let (lexical, identifiers) = lexical.scores(terms, of: rows)
            return LaneScores(
                rows: rows, dense: try vectors.scores(query, of: rows), lexical: lexical, identifiers: identifiers,
                terms: terms, denseOrder: dense.map(\.row), lexicalOrder: words.map(\.row))
        }
    }
}

/// The candidates of both lanes: `dense[i]` and `lexical[i]` are the scores of `rows[i]`, and each lane's own ranking.
struct LaneScores: Sendable {
    let rows: [Int]
    let dense: [Float]
    let lexical: [Float]
    /// What of `lexical` identifiers give.
    let identifiers: [Float]
    /// What `lexical` is of: the query's terms, of a long query the most telling ones.
    let terms: LexicalSnapshot.ResolvedQuery
    let denseOrder: [Int]
    let lexicalOrder: [Int]

    /// A row's places in the lanes' own rankings, from 1.
    func ranks(of row: Int) -> ByLane<Int?> {
        ByLane(
            dense: denseOrder.firstIndex(of: row).map { $0 + 1 },
            lexical: lexicalOrder.firstIndex(of: row).map { $0 + 1 })
    }
}
