import IndexFiles

/// What the stages of the certified scan say of a row's similarity: it is none of these greater.
package struct SimilarityBounds: Sendable, Equatable {
    package var coarse: Float
    package var fine: Float
}

extension VectorIndex {
    /// Each row's bounds, `[rows]`, where there are codes and the query is not zero: what a search's proof rests upon, to
    /// be looked at.
    ///
    /// - Parameter boundShare: as in `countedSearch`.
    package func bounds(_ query: [Float], boundShare: Double = 1) throws -> [SimilarityBounds]? {
        guard let coded, let query = try searchable(query, limit: rowCount, in: nil) else { return nil }
        let coarse = CoarseQuery(query, of: coded.coarse, boundShare: boundShare)
        let fine = FineQuery(query, columnCount: coded.fine.columnCount, boundShare: boundShare)
        var candidates = Candidates()
        for list in 0..<coded.coarse.listCount {
            try coarse.scan(list, threshold: -.infinity, in: nil, into: &candidates)
        }
        var found: [ScoredRow] = []
        try fine.scan(candidates.places, of: coded.fine, threshold: -.infinity, into: &found)
        var bounds = [SimilarityBounds](repeating: SimilarityBounds(coarse: .nan, fine: .nan), count: rowCount)
        for (index, place) in candidates.places.enumerated() {
            guard let row = try coded.coarse.row(at: place) else { continue }
            bounds[row] = SimilarityBounds(coarse: candidates.bounds[index], fine: found[index].score)
        }
        return bounds
    }
}
