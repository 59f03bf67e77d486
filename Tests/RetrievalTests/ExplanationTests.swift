import Foundation
import Retrieval
import Storage
import TestSupport
import Testing

/// An explanation says what the ranking did, and changes nothing of it.
@Suite struct ExplanationTests {
    private static func handbook(seed: UInt64) throws -> Handbook {
        var random = SeededGenerator(seed: seed)
        let words = [
            "standby", "replica", "promote", "WAL", "E4304", "--force", "disk", "quota", "timeout", "of", "the",
        ]
        func sentence() -> String {
            (0..<8).map { _ in words.randomElement(using: &random) ?? "" }.joined(separator: " ") + "."
        }
        let handbook = try Handbook()
        for number in 0..<60 {
            let product = number % 3 == 0 ? "product: redis" : number % 3 == 1 ? "product: postgresql" : "tags: [a]"
            try handbook.write(
                page(
                    "title: \(sentence())\n\(product)\nversions: \">=\(number % 5 + 12)\"",
                    "# \(sentence())\n\n\(sentence())\n\n## \(sentence())\n\n\(sentence())"),
                to: "p\(number).md")
        }
        try handbook.ingest()
        return handbook
    }

    private static let queries = [
        "promote the standby", "E4304 --force", "disks disks quota", "unheard words", "timeouts",
    ]

    @Test(arguments: queries) func explainingChangesNoRanking(_ query: String) throws {
        let searcher = try Self.handbook(seed: 1).searcher()
        let prepared = try searcher.query(query)
        let plain = try searcher.search(prepared, filters: Handbook.everyone, limit: 30)
        let explained = try searcher.search(prepared, filters: Handbook.everyone, limit: 30, explains: true)
        #expect(plain.passages.count == 30)
        #expect(plain.passages.map(\.chunk.id) == explained.passages.map(\.chunk.id))
        #expect(plain.passages.map(\.scores) == explained.passages.map(\.scores))
        #expect(plain.passages.allSatisfy { $0.explanation == nil } && plain.coverage.visible == nil)
        #expect(!plain.timings.stages.contains { $0.name == "explain" })
    }

    @Test(arguments: queries) func thePartsAddUpToTheScores(_ query: String) throws {
        let searcher = try Self.handbook(seed: 2).searcher()
        let result = try searcher.search(searcher.query(query), filters: Handbook.everyone, limit: 40, explains: true)
        for passage in result.passages {
            let explanation = try #require(passage.explanation)
            #expect(explanation.parts.map(\.name) == ["meaning", "crowd", "words", "identifiers", "feedback"])
            #expect(explanation.parts.reduce(0) { $0 + $1.value } == passage.scores.fused)
            #expect(explanation.parts[0].value == passage.scores.dense)
            let words = explanation.terms.reduce(0) { $0 + $1.score }
            #expect(abs(words - passage.scores.lexical) <= 1e-5 * max(1, words))
            #expect(explanation.terms.allSatisfy { !$0.fields.isEmpty })
            #expect(explanation.terms.map(\.score) == explanation.terms.map(\.score).sorted(by: >))
        }
    }

    /// Of a long question the most telling terms are searched, and those are explained.
    @Test func aLongQuestionsTermsAreThoseThatWereSearched() throws {
        let words = "bcdfghjk".flatMap { first in "lmnpqrstvw".map { "\(first)\($0)" } }
        let handbook = try Handbook(["a.md": "\(words.joined(separator: " "))", "b.md": "bl"])
        let searcher = try handbook.ingested().searcher()
        let result = try searcher.search(
            searcher.query(words.joined(separator: " ")), filters: Handbook.everyone, limit: 1, explains: true)
        let passage = try #require(result.passages.first)
        let terms = try #require(passage.explanation).terms
        #expect(terms.count == 64 && !terms.contains { $0.word == "bl" })
        #expect(abs(terms.reduce(0) { $0 + $1.score } - passage.scores.lexical) < 1e-3)
    }

    @Test(arguments: queries) func theRanksAreThoseOfTheLanesScores(_ query: String) throws {
        let searcher = try Self.handbook(seed: 3).searcher()
        let result = try searcher.search(query, filters: Handbook.everyone, limit: 1_000)
        let dense = result.passages.compactMap { passage in passage.ranks.dense.map { ($0, passage.scores.dense) } }
        let lexical = result.passages.compactMap { passage in passage.ranks.lexical.map { ($0, passage.scores.lexical) }
        }
        #expect(dense.count == result.coverage.candidateCounts.dense)
        #expect(lexical.count == result.coverage.candidateCounts.lexical)
        for lane in [dense, lexical] {
            let order = lane.sorted { $0.0 < $1.0 }
            #expect(order.map(\.0) == Array(order.indices.map { $0 + 1 }))
            #expect(zip(order, order.dropFirst()).allSatisfy { $0.1 >= $1.1 })
        }
        #expect(result.passages.allSatisfy { $0.ranks.lexical == nil || $0.scores.lexical > 0 })
    }

    @Test func matchedTermsNameTheirWordAndTheirFields() throws {
        let handbook = try Handbook([
            "a.md": page("title: Replicas", "# Disk errors\n\nThe disks of a replica report E4304."),
            "b.md": "# Other\n\nNothing.",
        ])
        let searcher = try handbook.ingested().searcher()
        let result = try searcher.search(
            searcher.query("(replica) disk, E4304 quota"), filters: Handbook.everyone, limit: 1, explains: true)
        let explanation = try #require(result.passages.first?.explanation)
        func fields(_ word: String, isIdentifier: Bool = false) -> [MatchedTerm.Field]? {
            explanation.terms.first { $0.word == word && $0.isIdentifier == isIdentifier }?.fields
        }
        #expect(fields("replica") == [.title, .body])
        #expect(fields("disk") == [.headings, .body])
        #expect(fields("E4304", isIdentifier: true) == [.body])
        #expect(fields("quota") == nil)
        #expect(explanation.identifiers == ["e4304"])
    }

    @Test func eachFilterSaysWhyThePagePasses() throws {
        let handbook = try Handbook([
            "a.md": page(
                "product: PostgreSQL\nversions: \">=14 <17\"\nplatforms: [linux, bsd]\ntags: [backup]\naudience: public",
                "words")
        ])
        let searcher = try handbook.ingested().searcher()
        func reasons(_ filters: SearchFilters) throws -> [String] {
            let result = try searcher.search(searcher.query("words"), filters: filters, limit: 1, explains: true)
            return try #require(result.passages.first?.explanation).filters.map {
                "\($0.filter.rawValue): \($0.reason)"
            }
        }
        #expect(try reasons(SearchFilters(audiences: ["public"])) == ["audience: public is visible"])
        let all = SearchFilters(
            product: "postgresql", version: "15.4", platform: "Linux", tags: ["Backup"], audiences: ["public"])
        #expect(
            try reasons(all) == [
                "product: is for PostgreSQL", "version: >=14 <17 contains 15.4", "platform: is for linux, bsd",
                "tags: has Backup", "audience: public is visible",
            ])
        var other = SearchFilters(version: "3", audiences: ["public"])
        other.versionProduct = "redis"
        #expect(try reasons(other).first == "version: is for PostgreSQL, and 3 is of redis")
    }

    @Test func theCoverageCountsWhatPassesOfWhatTheReaderMaySee() throws {
        let handbook = try Handbook([
            "a.md": page("product: redis\naudience: public", "# A\n\nwords\n\n## B\n\nmore words"),
            "b.md": page("product: nginx\naudience: public", "# B\n\nwords"),
            "c.md": page("product: redis\naudience: secret", "# C\n\nwords"),
        ])
        let searcher = try handbook.ingested().searcher()
        let result = try searcher.search(
            searcher.query("words"), filters: SearchFilters(product: "redis", audiences: ["public"]), limit: 9,
            explains: true)
        let coverage = result.coverage
        #expect(coverage.documentCount == 1 && coverage.chunkCount == result.passages.count)
        #expect(coverage.visible?.documentCount == 2 && coverage.visible?.chunkCount == coverage.chunkCount + 1)
        #expect(coverage.candidateCounts.dense == coverage.chunkCount)
        #expect(try coverage.fingerprint == Handbook.tiny.get().fingerprint)
    }
}
