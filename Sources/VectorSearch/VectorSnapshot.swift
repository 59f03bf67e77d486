package import IndexFiles
package import LinearAlgebra

/// Several indexes searched as one: their rows are numbered through in their order.
///
/// What it finds is what one `VectorIndex` of the same rows would find, bit for bit.
package struct VectorSnapshot: Sendable {
    package let dimension: Int
    /// The model that made the vectors.
    package let fingerprint: String
    package let rowCount: Int
    private let parts: [Part]

    private struct Part {
        let index: VectorIndex
        /// The index's rows among those of the whole.
        let rows: Range<Int>
    }

    /// - Precondition: indexes of this dimension and fingerprint.
    package init(_ indexes: [VectorIndex], dimension: Int, fingerprint: String) {
        precondition(indexes.allSatisfy { $0.dimension == dimension && $0.fingerprint == fingerprint })
        (self.dimension, self.fingerprint) = (dimension, fingerprint)
        var start = 0
        parts = indexes.map { index in
            defer { start += index.rowCount }
            return Part(index: index, rows: start..<start + index.rowCount)
        }
        rowCount = start
    }

    package init(_ index: VectorIndex) {
        self.init([index], dimension: index.dimension, fingerprint: index.fingerprint)
    }

    /// The `limit` rows most similar to `query`, best first, equal scores by row number, as `VectorIndex.search`.
    ///
    /// - Precondition: `rows` is a set over all rows.
    package func search(_ query: [Float], limit: Int, in rows: RowSet? = nil) throws -> [ScoredRow] {
        precondition(rows == nil || rows?.rowCount == rowCount, "the set of rows belongs to another index")
        _ = try unitQuery(query, dimension: dimension)
        var top = TopRows(limit: max(0, min(limit, rowCount)))
        for part in parts {
            for found in try part.index.search(query, limit: limit, in: rows?.slice(part.rows)) {
                top.insert(ScoredRow(row: part.rows.lowerBound + found.row, score: found.score))
            }
        }
        return top.sorted()
    }

    /// The similarity of `query` to each of `rows`, in their order: the scores that a search gives them.
    ///
    /// - Precondition: the rows are rows of one of the indexes.
    package func scores(_ query: [Float], of rows: [Int]) throws -> [Float] {
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
        for part in parts { try part.index.check() }
    }

    /// The index that has a row, and the row's number there.
    private func place(of row: Int) -> (index: VectorIndex, row: Int) {
        precondition((0..<rowCount).contains(row), "row outside the indexes")
        var (low, high) = (0, parts.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if parts[middle].rows.upperBound <= row { low = middle + 1 } else { high = middle }
        }
        return (parts[low].index, row - parts[low].rows.lowerBound)
    }
}
