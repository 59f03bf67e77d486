package import IndexFiles
package import LinearAlgebra

/// Several indexes searched as one: their rows are numbered through in their order.
///
/// What it finds is what one `VectorIndex` of the same rows would find, bit for bit.
package struct VectorSnapshot: Sendable {
    package let dimension: Int
    /// The model that made the vectors.
    package let fingerprint: String
    package var rowCount: Int { runs.rowCount }
    private let indexes: [VectorIndex]
    private let runs: RowRuns

    /// - Precondition: indexes of this dimension and fingerprint.
    package init(_ indexes: [VectorIndex], dimension: Int, fingerprint: String) {
        precondition(indexes.allSatisfy { $0.dimension == dimension && $0.fingerprint == fingerprint })
        (self.indexes, self.dimension, self.fingerprint) = (indexes, dimension, fingerprint)
        runs = RowRuns(counts: indexes.map(\.rowCount))
    }

    package init(_ index: VectorIndex) {
        self.init([index], dimension: index.dimension, fingerprint: index.fingerprint)
    }

    /// The `limit` rows most similar to `query`, best first, equal scores by row number, as `VectorIndex.search`.
    ///
    /// - Precondition: `rows` is a set over all rows.
    package func search(_ query: [Float], limit: Int, in rows: RowSet? = nil) throws -> [ScoredRow] {
        precondition(rows == nil || rows?.rowCount == rowCount, "the set of rows belongs to another index")
        guard rowCount > 0 else { return [] }
        _ = try unitQuery(query, dimension: dimension)
        var top = TopRows(limit: max(0, min(limit, rowCount)))
        for (index, range) in zip(indexes, runs.ranges) {
            for found in try index.search(query, limit: limit, in: rows?.slice(range)) {
                top.insert(ScoredRow(row: range.lowerBound + found.row, score: found.score))
            }
        }
        return top.sorted()
    }

    /// The similarity of `query` to each of `rows`, in their order: the scores that a search gives them.
    ///
    /// - Precondition: the rows are rows of one of the indexes.
    package func scores(_ query: [Float], of rows: [Int]) throws -> [Float] {
        guard !rows.isEmpty else { return [] }
        let query = try unitQuery(query, dimension: dimension)
        return try rows.map { row in
            let (index, place) = place(of: row)
            return try index.vectors.similarity(query, place)
        }
    }

    /// The vectors of `rows`, in their order, `[rows, dimension]`, each of length 1 or 0.
    ///
    /// - Precondition: the rows are rows of one of the indexes.
    package func rows(_ rows: [Int]) throws -> Matrix {
        var values: [Float] = []
        values.reserveCapacity(rows.count * dimension)
        for row in rows {
            let (index, place) = place(of: row)
            values += try index.vectors.values(ofRow: place)
        }
        return Matrix(rowCount: rows.count, columnCount: dimension, values: values)
    }

    /// Makes sure that nothing in the files is damaged: what a search checks as it goes.
    package func check() throws(IndexFileError) {
        for index in indexes { try index.check() }
    }

    /// The index that has a row, and the row's number there.
    private func place(of row: Int) -> (index: VectorIndex, row: Int) {
        let run = runs.run(of: row)
        return (indexes[run], row - runs.ranges[run].lowerBound)
    }
}
