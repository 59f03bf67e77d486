import Foundation
import Retrieval
import Storage
import TestSupport
import Testing
import TextEmbedding

@Suite struct RerankerTests {
    private let handbook: Handbook
    private let encoder: CrossEncoder

    init() throws {
        handbook = try Handbook(
            Dictionary(
                uniqueKeysWithValues: (0..<40).map { number in
                    ("page\(number).md", "# Page \(number)\n\nThe server fails with error \(number).\n")
                }))
        try handbook.ingest()
        encoder = try CrossEncoder(
            contentsOf: Repository.tinyModel.appending(path: "../tiny-cross-encoder"),
            turns: EncoderTurns(threadCount: 1))
    }

    private func searcher() throws -> Searcher {
        try Searcher(
            store: handbook.store, embedder: Handbook.tiny.get(), indexes: handbook.indexes,
            reranker: Reranker(encoder))
    }

    @Test func theBestPassagesStandInTheCrossEncodersOrder() throws {
        let query = "database connection timeout"
        let found = try searcher().search(query, filters: Handbook.everyone, limit: 20).passages
        #expect(found.map(\.rank) == Array(1...20))
        let scores = found.compactMap(\.scores.reranked)
        #expect(scores.count == 20 && scores == scores.sorted(by: >) && Set(scores).count > 1)
        for passage in found {
            let text = embeddingText(
                title: passage.document.title, headingPath: passage.chunk.headingPath,
                searchText: passage.chunk.searchText)
            let known = try encoder.scores(of: [text], for: query)
            #expect(abs(known[0] - (passage.scores.reranked ?? .nan)) < 1e-5)
        }
    }

    @Test func whatTheFusedRankingLeftFarBehindIsNotRead() throws {
        let plain = try handbook.searcher().search("error 7", filters: Handbook.everyone, limit: 32).passages
        let found = try searcher().search("error 7", filters: Handbook.everyone, limit: 3).passages
        #expect(found.count == 3)
        #expect(Set(found.map(\.chunk.id)).isSubset(of: plain.map(\.chunk.id)))
        #expect(plain.allSatisfy { $0.scores.reranked == nil })
    }

    @Test func noMorePassagesAreReadThanTheDepth() throws {
        let found = try searcher().search("error 7", filters: Handbook.everyone, limit: 40).passages
        #expect(found.count == 40 && found.map(\.rank) == Array(1...40))
        #expect(found.map { $0.scores.reranked != nil } == (1...40).map { $0 <= 32 })
    }

    @Test func filtersHoldAndNothingIsFoundForNothing() throws {
        let searcher = try searcher()
        #expect(try searcher.search(" ", filters: Handbook.everyone, limit: 5).passages.isEmpty)
        let nobody = SearchFilters(audiences: [])
        #expect(try searcher.search("server", filters: nobody, limit: 5).passages.isEmpty)
    }
}
