package import IndexFiles
package import LinearAlgebra

extension VectorSnapshot {
    /// The `limit` rows most similar to `query`, best first, equal scores by row number: those that one `VectorIndex` of
    /// all rows would give, bit for bit.
    ///
    /// - Parameters:
    ///   - query: `[dimension]`, of any length but zero; a zero query finds nothing.
    ///   - rows: the row numbers that may be returned, all where `nil`; those beyond the set's range are not in it.
    /// - Throws: `VectorError` for the query, `SegmentError` where a file is damaged.
    package func search(_ query: [Float], limit: Int, in rows: RowSet? = nil) throws -> [ScoredRow] {
        try best(of: query, limit: limit, in: rows) { try $0.search(query, limit: limit, in: $1) }
    }

    /// The same by reading every float.
    package func exactSearch(_ query: [Float], limit: Int, in rows: RowSet? = nil) throws -> [ScoredRow] {
        try best(of: query, limit: limit, in: rows) { try $0.exactSearch(query, limit: limit, in: $1) }
    }

    /// As `search` in the lists nearest to the query only, of each segment.
    ///
    /// - Parameter recall: the share of the best rows that it should find, as `VectorIndex` measured it on its own rows.
    package func approximateSearch(
        _ query: [Float], limit: Int, recall: Double, in rows: RowSet? = nil
    ) throws -> [ScoredRow] {
        try best(of: query, limit: limit, in: rows) {
            try $0.approximateSearch(query, limit: limit, recall: recall, in: $1).rows
        }
    }

    /// As `search` for many queries, `[queries, dimension]`.
    package func search(
        _ queries: Matrix, limit: Int, in rows: RowSet? = nil, threadCount: Int = 1
    ) throws -> [[ScoredRow]] {
        for row in 0..<queries.rowCount { _ = try unitQuery(Array(queries[row: row]), dimension: dimension) }
        var tops = [TopRows](repeating: top(limit), count: queries.rowCount)
        for segment in segments {
            let found = try folder.sayingRemedy {
                try segment.file.index.search(
                    queries, limit: limit, in: segment.places(in: rows), threadCount: threadCount)
            }
            for (query, rows) in found.enumerated() { tops[query].insert(rows, of: segment) }
        }
        return tops.map { $0.sorted() }
    }

    /// The similarity of `query` to each of the rows, in their order: the scores that a search gives them. `nil` for rows
    /// that are not there.
    package func scores(_ query: [Float], of rowNumbers: [Int]) throws -> [Float?] {
        _ = try unitQuery(query, dimension: dimension)
        return try folder.sayingRemedy {
            try rowNumbers.map { number in
                guard let (segment, place) = place(of: number) else { return nil }
                return try segments[segment].file.index.scores(query, of: [place])[0]
            }
        }
    }

    private func best(
        of query: [Float], limit: Int, in rows: RowSet?, _ search: (VectorIndex, RowSet?) throws -> [ScoredRow]
    ) throws -> [ScoredRow] {
        _ = try unitQuery(query, dimension: dimension)
        var top = top(limit)
        for segment in segments {
            top.insert(
                try folder.sayingRemedy { try search(segment.file.index, segment.places(in: rows)) }, of: segment)
        }
        return top.sorted()
    }

    private func top(_ limit: Int) -> TopRows { TopRows(limit: max(0, min(limit, rowCount))) }
}

extension TopRows {
    fileprivate mutating func insert(_ rows: [ScoredRow], of segment: Segment) {
        for found in rows {
            insert(ScoredRow(row: Int(segment.file.rowNumbers[found.row]), score: found.score))
        }
    }
}
