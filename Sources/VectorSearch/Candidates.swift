import IndexFiles

/// Rows that may still be among the best, each with an upper bound of its similarity.
struct Candidates {
    private(set) var rows: [UInt32] = []
    private(set) var bounds: [Float] = []

    var count: Int { rows.count }

    mutating func append(_ row: UInt32, bound: Float) {
        rows.append(row)
        bounds.append(bound)
    }

    mutating func removeAll() {
        rows.removeAll(keepingCapacity: true)
        bounds.removeAll(keepingCapacity: true)
    }

    /// The bound that the `count` most promising rows reach; minus infinity where there are no more.
    func edge(ofMostPromising count: Int) -> Float {
        guard count < rows.count else { return -.infinity }
        var promising = TopRows(limit: count)
        for place in bounds.indices where bounds[place] > promising.threshold {
            promising.insert(ScoredRow(row: place, score: bounds[place]))
        }
        return promising.threshold
    }
}
