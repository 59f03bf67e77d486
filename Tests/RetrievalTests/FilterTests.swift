import Documents
import Foundation
import Retrieval
import Storage
import TestSupport
import Testing

@Suite struct FilterTests {
    private static let products = ["postgresql", "Redis", "nginx"]
    private static let ranges = [">=14 <17", ">=9.6 <14", ">=15", "<1.25.1"]
    private static let platforms = ["linux", "Windows", "macos"]
    private static let tags = ["backup", "Upgrade", "tls"]

    /// What a page says about itself, each key at random or not at all.
    private struct Page {
        var product: String?
        var versions: String?
        var platforms: [String] = []
        var tags: [String] = []
        var audience: String?

        init(_ random: inout SeededGenerator) {
            if Bool.random(using: &random) { product = products.randomElement(using: &random) }
            if Bool.random(using: &random) { versions = ranges.randomElement(using: &random) }
            platforms = FilterTests.platforms.filter { _ in Int.random(in: 0..<3, using: &random) == 0 }
            tags = FilterTests.tags.filter { _ in Bool.random(using: &random) }
            if Bool.random(using: &random) { audience = Handbook.audiences.names.randomElement(using: &random) }
        }

        var text: String {
            let keys = [
                product.map { "product: \($0)" }, versions.map { "versions: \"\($0)\"" },
                platforms.isEmpty ? nil : "platforms: [\(platforms.joined(separator: ", "))]",
                tags.isEmpty ? nil : "tags: [\(tags.joined(separator: ", "))]", audience.map { "audience: \($0)" },
            ]
            return page("title: t\n" + keys.compactMap(\.self).joined(separator: "\n"), "Some words.")
        }

        /// The rule of the filters, said once more.
        func passes(_ filters: SearchFilters) throws -> Bool {
            let isForProduct =
                filters.product == nil || product == nil || product?.lowercased() == filters.product?.lowercased()
            let isOfAnother =
                filters.versionProduct != nil && product != nil
                && product?.lowercased() != filters.versionProduct?.lowercased()
            let isForVersion =
                try filters.version == nil || versions == nil || isOfAnother
                || VersionRange(parsing: versions ?? "").contains(Version(parsing: filters.version ?? ""))
            let names = platforms.map { $0.lowercased() }
            let isForPlatform =
                filters.platform == nil || names.isEmpty || names.contains(filters.platform?.lowercased() ?? "")
            let own = tags.map { $0.lowercased() }
            let hasTags = filters.tags.allSatisfy { own.contains($0.lowercased()) }
            return isForProduct && isForVersion && isForPlatform && hasTags
                && filters.audiences.contains(audience ?? "internal")
        }
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>) func exactlyThePagesThatPassAreShown(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let pages = (0..<40).map { _ in Page(&random) }
        let handbook = try Handbook()
        for (number, page) in pages.enumerated() { try handbook.write(page.text, to: "\(number).md") }
        let searcher = try handbook.ingested().searcher()
        for _ in 0..<60 {
            var filters = SearchFilters(
                product: (Self.products + [nil, "unknown", "POSTGRESQL"]).randomElement(using: &random) ?? nil,
                version: [nil, "13.2", "14", "15.4", "17", "1.25", "1.25.1"].randomElement(using: &random) ?? nil,
                platform: (Self.platforms + [nil, "LINUX", "plan9"]).randomElement(using: &random) ?? nil,
                tags: (Self.tags + ["TLS", "none"]).filter { _ in Int.random(in: 0..<4, using: &random) == 0 },
                audiences: Handbook.audiences.names.filter { _ in Bool.random(using: &random) })
            filters.versionProduct = [nil, nil, "redis", "PostgreSQL"].randomElement(using: &random) ?? nil
            let expected = try pages.indices.filter { try pages[$0].passes(filters) }.map(String.init).sorted()
            #expect(try searcher.documents(filters) == expected, "\(filters)")
        }
    }

    @Test(arguments: [
        SearchFilters(product: "redis", audiences: ["internal"]), SearchFilters(version: "13", audiences: ["internal"]),
        SearchFilters(platform: "windows", audiences: ["internal"]), SearchFilters(audiences: ["public"]),
        SearchFilters(tags: ["words"], audiences: ["internal"]),
        SearchFilters(version: "2024-05-01", audiences: ["internal"]),
        SearchFilters(audiences: []),
    ])
    func aFilterThatNothingPassesGivesNothing(_ filters: SearchFilters) throws {
        let handbook = try Handbook([
            "a.md": page("product: postgresql\nversions: \">=14\"\nplatforms: [linux]", "# A\n\nredis windows 13 words")
        ])
        let searcher = try handbook.ingested().searcher()
        #expect(try searcher.search("redis windows 13 words", filters: filters, limit: 10).passages.isEmpty)
        #expect(try searcher.search("words", filters: Handbook.everyone, limit: 10).passages.count == 1)
    }

    /// Many pages that do not pass, and better ones at that, do not push out the few that do.
    @Test func whatPassesIsFoundBehindAnyNumberThatDoNot() throws {
        let handbook = try Handbook(["z.md": page("product: redis", "# Z\n\nsomething else")])
        for number in 0..<300 {
            try handbook.write(page("product: nginx", "# Quota\n\nquota exceeded \(number)"), to: "\(number).md")
        }
        let searcher = try handbook.ingested().searcher()
        let filters = SearchFilters(product: "redis", audiences: ["internal"])
        #expect(try searcher.search("quota exceeded", filters: filters, limit: 5).passages.map(\.document.id) == ["z"])
    }

    @Test(arguments: ["abc", "", "15.x"]) func aVersionThatIsNoneIsRefused(_ version: String) throws {
        let searcher = try Handbook(["a.md": "# A\n\nwords"]).ingested().searcher()
        #expect(throws: RetrievalError.self) {
            try searcher.search("words", filters: SearchFilters(version: version, audiences: ["internal"]), limit: 1)
        }
    }
}
