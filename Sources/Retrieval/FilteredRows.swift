import Documents
import IndexFiles
import Storage

/// What filters leave to search.
struct FilteredRows: Sendable {
    let rows: RowSet
    let chunkCount: Int
    let documentCount: Int
    /// Names in the filters that no page has which the reader may see; looked for where the filters refuse them.
    let unknown: [UnknownName]
}

extension IndexSnapshot {
    /// The rows whose documents pass the filters; a removed document never does.
    func rows(matching filters: SearchFilters) throws -> FilteredRows {
        try filteredRows.rows(for: filters) {
            let filter = try DocumentFilter(effective(filters))
            let unknown = filters.refusesUnknownNames ? unknownNames(in: filters) : []
            let isRefused = unknown.contains { $0.filter == .product || $0.filter == .platform }
            let isAllowed = documents.map { document in !isRefused && (document.map(filter.allows) ?? false) }
            let allowed = RowSet(rowCount: rows.count) { row in isAllowed[Int(rows.documentOfRow[row])] }
            return FilteredRows(
                rows: allowed, chunkCount: allowed.count, documentCount: isAllowed.count(where: \.self),
                unknown: unknown)
        }
    }

    /// Where unknown names are refused, the version of a product that no visible page is for holds for every page: the
    /// name may be misspelt, and whether hidden pages have it is not told.
    func effective(_ filters: SearchFilters) -> SearchFilters {
        guard filters.refusesUnknownNames, let product = filters.versionProduct?.lowercased(),
            !frontMatter(visibleTo: filters.audiences).contains(where: { $0.product?.lowercased() == product })
        else { return filters }
        var filters = filters
        filters.versionProduct = nil
        return filters
    }

    /// What the pages say about themselves that such a reader sees.
    func frontMatter(visibleTo audiences: [String]) -> [FrontMatter] {
        documents.compactMap { $0 }.filter { audiences.contains($0.audience) }.map(\.frontMatter)
    }
}
