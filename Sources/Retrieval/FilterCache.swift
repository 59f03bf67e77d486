import Synchronization

/// The rows that filters leave on one snapshot, for the filters that were asked for last: making such a set takes a step a
/// row, and searches ask for few different ones.
final class FilterCache: Sendable {
    /// A set of a million rows takes 125 KB.
    static let entryCountMax = 16

    private let entries = Mutex<[(filters: SearchFilters, rows: FilteredRows)]>([])

    /// The rows that were made for `filters` before, or that `make` makes; errors are not kept.
    func rows(for filters: SearchFilters, _ make: () throws -> FilteredRows) rethrows -> FilteredRows {
        if let known = entries.withLock({ $0.first { $0.filters == filters }?.rows }) { return known }
        let rows = try make()
        entries.withLock { entries in
            entries.insert((filters, rows), at: 0)
            if entries.count > Self.entryCountMax { entries.removeLast() }
        }
        return rows
    }
}
