/// A filter that may be given up where it leaves nothing. The audience is none of them: it never is.
package enum Relaxation: String, Sendable, CaseIterable {
    case tags, platform, product, version

    package func applies(to filters: SearchFilters) -> Bool {
        switch self {
        case .tags: !filters.tags.isEmpty
        case .platform: filters.platform != nil
        case .product: filters.product != nil
        case .version: filters.version != nil
        }
    }

    fileprivate func relax(_ filters: inout SearchFilters) {
        switch self {
        case .tags: filters.tags = []
        case .platform: filters.platform = nil
        case .product:
            // The version says nothing about other products, and still all about its own.
            filters.versionProduct = filters.product
            filters.product = nil
        case .version:
            filters.version = nil
        }
    }
}

/// Which filters are given up, and in which order: the first alone, then the first two, and so on.
///
///     RelaxationOrder.standard.steps(from: filters)  // as given, without the platform, without platform and product
package struct RelaxationOrder: Sendable, Equatable {
    package let relaxations: [Relaxation]

    /// The version is left out: what holds for another version is wrong for this one.
    package static let standard = RelaxationOrder([.tags, .platform, .product])
    /// Every filter stays.
    package static let none = RelaxationOrder([])

    package init(_ relaxations: [Relaxation]) {
        precondition(Set(relaxations).count == relaxations.count, "a filter is given up once")
        self.relaxations = relaxations
    }

    /// The filters as they are, then with one more of those that are asked given up each time.
    package func steps(from filters: SearchFilters) -> [SearchFilters] {
        var steps = [filters]
        for relaxation in relaxations where relaxation.applies(to: filters) {
            var weaker = steps[steps.count - 1]
            relaxation.relax(&weaker)
            steps.append(weaker)
        }
        return steps
    }

    /// What was given up between the filters that were asked and those that were searched with, in order.
    package func relaxed(from asked: SearchFilters, to searched: SearchFilters) -> [Relaxation] {
        relaxations.filter { $0.applies(to: asked) && !$0.applies(to: searched) }
    }
}

extension Searcher {
    /// The first search in the order's steps that finds a passage; with what was given up for it. Where none does, the
    /// last. Unknown names are those of the filters that were asked.
    package func search(
        _ query: SearchQuery, filters: SearchFilters, limit: Int, relaxing order: RelaxationOrder,
        explains: Bool = false
    ) throws -> (result: SearchResult, relaxed: [Relaxation]) {
        var query = query
        var timings = query.timings
        query.timings = StageTimings()
        var result = try search(query, filters: filters, limit: limit, explains: explains)
        timings.append(result.timings)
        let unknown = result.coverage.unknown
        var searched = filters
        for step in order.steps(from: filters).dropFirst() where result.passages.isEmpty {
            searched = step
            result = try search(query, filters: step, limit: limit, explains: explains)
            timings.append(result.timings)
        }
        result.timings = timings
        result.coverage.unknown = unknown
        return (result, order.relaxed(from: filters, to: searched))
    }
}
