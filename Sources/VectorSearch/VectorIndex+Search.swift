package import IndexFiles

extension VectorIndex {
    /// The `limit` rows most similar to `query`, best first, equal scores by row number: those of `exactSearch`.
    ///
    ///     let rows = try index.search(query, limit: 10, in: visible)
    ///
    /// - Parameters:
    ///   - query: `[dimension]`, of any length but zero; a zero query finds nothing.
    ///   - rows: the rows that may be returned, all where `nil`; an empty set gives nothing.
    /// - Throws: `VectorError` for the query, `IndexFileError` where the file is damaged.
    /// - Precondition: `rows` is a set over this index's rows.
    package func search(_ query: [Float], limit: Int, in rows: RowSet? = nil) throws -> [ScoredRow] {
        try countedSearch(query, limit: limit, in: rows).rows
    }

    /// As `search`, with the number of rows that each stage looked at.
    ///
    /// - Parameter boundShare: how much of the error of each bound is used: 1 is certain, and 0 takes estimates for bounds.
    package func countedSearch(
        _ query: [Float], limit: Int, in rows: RowSet? = nil, boundShare: Double = 1
    ) throws -> (rows: [ScoredRow], counts: ScanCounts) {
        guard let coded else {
            var counts = ScanCounts()
            counts.exact = rowCount
            return (try exactSearch(query, limit: limit, in: rows), counts)
        }
        guard let query = try searchable(query, limit: limit, in: rows) else { return ([], ScanCounts()) }
        let top = TopRows(limit: min(limit, rowCount))
        var scan = CertifiedScan(query, of: coded, top: top, in: rows, boundShare: boundShare)
        try scan.run()
        return (scan.top.sorted(), scan.counts)
    }

    /// As `search` in the lists nearest to the query only: in each of them it finds what `search` would.
    ///
    /// - Parameter recall: the share of the best rows that it should find. How many lists that takes was measured on the
    ///   index's own rows, so it holds for queries like them.
    package func approximateSearch(
        _ query: [Float], limit: Int, recall: Double, in rows: RowSet? = nil
    ) throws -> (rows: [ScoredRow], counts: ScanCounts) {
        guard let coded, !CertifiedScan.isSelective(rows) else {
            return try countedSearch(query, limit: limit, in: rows)
        }
        guard let query = try searchable(query, limit: limit, in: rows) else { return ([], ScanCounts()) }
        var scan = CertifiedScan(
            query, of: coded, top: TopRows(limit: min(limit, rowCount)), in: rows,
            boundShare: Self.approximateBoundShare)
        try scan.run(listCount: coded.probes.listCount(forRecall: recall))
        return (scan.top.sorted(), scan.counts)
    }

    /// A bound's error at its full length would mean that all of it points the way of the query. Three
    /// tenths of it lose one of a thousand best rows and spare nine tenths of the fine codes.
    private static let approximateBoundShare = 0.3

    /// The query at length 1; `nil` where nothing can be found.
    func searchable(_ query: [Float], limit: Int, in rows: RowSet?) throws(VectorError) -> [Float]? {
        precondition(rows == nil || rows?.rowCount == rowCount, "the set of rows belongs to another index")
        let query = try unit(query)
        let isEmpty = limit <= 0 || rowCount == 0 || rows?.isEmpty ?? false
        return isEmpty || !query.contains { $0 != 0 } ? nil : query
    }
}
