import Foundation
import Retrieval
import Storage
import TestSupport
import Testing

/// Filters are given up in the declared order only, where they leave nothing, and it is said.
@Suite struct RelaxationTests {
    private static let all = SearchFilters(
        product: "redis", version: "7", platform: "linux", tags: ["backup"], audiences: ["internal"])

    @Test func eachStepGivesUpOneMore() {
        let steps = RelaxationOrder.standard.steps(from: Self.all)
        #expect(steps.map(\.tags) == [["backup"], [], [], []])
        #expect(steps.map(\.platform) == ["linux", "linux", nil, nil])
        #expect(steps.map(\.product) == ["redis", "redis", "redis", nil])
        #expect(steps.map(\.version) == ["7", "7", "7", "7"])
        #expect(steps.map(\.versionProduct) == [nil, nil, nil, "redis"])
        let order = RelaxationOrder([.version, .tags])
        #expect(order.steps(from: Self.all).map(\.version) == ["7", nil, nil])
        #expect(RelaxationOrder.none.steps(from: Self.all) == [Self.all])
    }

    @Test func whatIsNotAskedIsNotGivenUp() {
        let filters = SearchFilters(platform: "linux", audiences: ["internal"])
        let order = RelaxationOrder.standard
        #expect(order.steps(from: filters).count == 2)
        #expect(order.relaxed(from: filters, to: SearchFilters(audiences: ["internal"])) == [.platform])
        #expect(order.relaxed(from: filters, to: filters) == [])
    }

    @Test(arguments: [[], [.tags], [.version, .product], Relaxation.allCases, Relaxation.allCases.reversed()])
    func theAudienceIsNeverGivenUp(_ relaxations: [Relaxation]) {
        for step in RelaxationOrder(relaxations).steps(from: Self.all) { #expect(step.audiences == ["internal"]) }
    }

    private static func handbook() throws -> Handbook {
        try Handbook([
            "redis.md": page("product: redis\nversions: \">=6\"\nplatforms: [linux]\ntags: [cache]", "# R\n\nwords"),
            "nginx.md": page("product: nginx\nplatforms: [bsd]\ntags: [backup]", "# N\n\nwords"),
            "old.md": page("product: redis\nversions: \"<6\"", "# O\n\nwords"),
            "secret.md": page("product: mysql\naudience: secret\ntags: [hidden]", "# S\n\nwords"),
        ]).ingested()
    }

    private static func search(
        _ searcher: Searcher, _ filters: SearchFilters, _ order: RelaxationOrder
    ) throws -> (documents: [String], relaxed: [Relaxation], unknown: [String]) {
        var filters = filters
        filters.refusesUnknownNames = true
        let (result, relaxed) = try searcher.search(
            searcher.query("words"), filters: filters, limit: 9, relaxing: order)
        return (result.passages.map(\.document.id).sorted(), relaxed, result.coverage.unknown.map(\.description))
    }

    @Test(
        arguments: [
            (SearchFilters(product: "redis", audiences: ["internal"]), ["old", "redis"], []),
            (SearchFilters(product: "redis", tags: ["backup"], audiences: ["internal"]), ["old", "redis"], [.tags]),
            (
                SearchFilters(product: "nginx", platform: "linux", tags: ["cache"], audiences: ["internal"]), ["nginx"],
                [.tags, .platform]
            ),
            (
                SearchFilters(product: "mysql", platform: "bsd", audiences: ["internal"]), ["nginx", "old", "redis"],
                [.platform, .product]
            ),
            (
                SearchFilters(product: "redis", version: "7", tags: ["backup"], audiences: ["internal"]), ["redis"],
                [.tags]
            ),
            (SearchFilters(product: "typo", version: "7", audiences: ["internal"]), ["nginx", "redis"], [.product]),
            // As a name that nobody has: a hidden page's product is not told.
            (SearchFilters(product: "mysql", version: "7", audiences: ["internal"]), ["nginx", "redis"], [.product]),
            (SearchFilters(tags: ["hidden"], audiences: ["public"]), [], [.tags]),
        ] as [(SearchFilters, [String], [Relaxation])])
    func aSearchGivesUpNoMoreThanItMust(
        _ filters: SearchFilters, _ documents: [String], _ relaxed: [Relaxation]
    ) throws {
        let searcher = try Self.handbook().searcher()
        let (found, given, _) = try Self.search(searcher, filters, .standard)
        #expect(found == documents && given == relaxed)
        let strict = try Self.search(searcher, filters, .none)
        #expect(strict.documents == (relaxed.isEmpty ? documents : []) && strict.relaxed == [])
    }

    @Test func onlyADeclaredVersionIsGivenUp() throws {
        let searcher = try Self.handbook().searcher()
        let filters = SearchFilters(
            product: "redis", version: "9", platform: "linux", tags: ["cache"], audiences: ["internal"])
        #expect(try Self.search(searcher, filters, .standard).relaxed == [])
        let none = SearchFilters(product: "nginx", version: "2024-05-01", tags: ["cache"], audiences: ["internal"])
        #expect(try Self.search(searcher, none, RelaxationOrder([.version])).documents == [])
        let dated = SearchFilters(product: "redis", version: "2024-05-01", audiences: ["internal"])
        #expect(try Self.search(searcher, dated, .none).documents == [], "a date is in no range of numbers")
        let found = try Self.search(searcher, dated, RelaxationOrder([.version]))
        #expect(found.documents == ["old", "redis"] && found.relaxed == [.version])
    }

    @Test(arguments: [
        (
            SearchFilters(product: "rediss", audiences: ["internal"]),
            "no page is for product rediss; pages are for redis, nginx"
        ),
        (
            SearchFilters(platform: "win", audiences: ["internal"]),
            "no page is for platform win; pages are for bsd, linux"
        ),
        (
            SearchFilters(tags: ["back", "cache"], audiences: ["internal"]),
            "no page has the tag back; pages have backup, cache"
        ),
        (
            SearchFilters(product: "mysql", audiences: ["internal"]),
            "no page is for product mysql; pages are for nginx, redis"
        ),
        (
            SearchFilters(platform: "linux", audiences: ["secret"]),
            "no page is for platform linux; no page names a platform"
        ),
    ])
    func anUnknownNameFindsNothingAndNamesTheNearest(_ filters: SearchFilters, _ message: String) throws {
        let (documents, _, unknown) = try Self.search(Self.handbook().searcher(), filters, .none)
        #expect(documents == [] && unknown == [message])
    }

    @Test func aNameThatNobodyHasIsSaidThoughItWasGivenUp() throws {
        let filters = SearchFilters(product: "rediss", audiences: ["internal"])
        let (documents, relaxed, unknown) = try Self.search(Self.handbook().searcher(), filters, .standard)
        #expect(documents == ["nginx", "old", "redis"] && relaxed == [.product])
        #expect(unknown == ["no page is for product rediss; pages are for redis, nginx"])
    }

    @Test func aKnownNameIsNoUnknownOneWhateverItsCase() throws {
        let filters = SearchFilters(product: "REDIS", platform: "Linux", tags: ["CACHE"], audiences: ["internal"])
        let (documents, _, unknown) = try Self.search(Self.handbook().searcher(), filters, .none)
        #expect(documents == ["redis"] && unknown == [])
    }
}
