import IndexFiles

/// Places whose rows may still be among the best, each with an upper bound of its row's similarity.
struct Candidates {
    private(set) var places: [UInt32] = []
    private(set) var bounds: [Float] = []

    var count: Int { places.count }

    mutating func append(_ place: UInt32, bound: Float) {
        places.append(place)
        bounds.append(bound)
    }

    mutating func removeAll() {
        places.removeAll(keepingCapacity: true)
        bounds.removeAll(keepingCapacity: true)
    }

    /// The bound that the `count` most promising reach; minus infinity where there are no more.
    func edge(ofMostPromising count: Int) -> Float {
        guard count < places.count else { return -.infinity }
        var promising = TopRows(limit: count)
        for (index, bound) in bounds.enumerated() where bound > promising.threshold {
            promising.insert(ScoredRow(row: index, score: bound))
        }
        return promising.threshold
    }
}
