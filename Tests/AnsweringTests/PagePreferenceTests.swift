import Answering
import Foundation
import Retrieval
import Storage
import TestSupport
import Testing
import TextEmbedding
import Tickets

/// A page that names no product answers a ticket about a product only where it is clearly better.
@Suite(.enabled(if: Repository.hasModel, "the embedding model is not fetched: run scripts/fetch-model"))
struct PagePreferenceTests {
    private static let own = """
        ---
        product: redis
        ---
        # Memory alarm E4304

        The memory alarm E4304 is raised when the cache has no memory left.
        """
    private static let silent = """
        # Memory alarm E4304 at night

        The memory alarm E4304 is raised when the cache has no memory left. Who is called at night when it is raised?
        """

    /// The first page that is cited, where the silent page says `silent`.
    private func firstPage(_ silent: String, product: String?) throws -> String? {
        let folder = try TemporaryFolder()
        try folder.write(Self.own, to: "docs/own.md")
        try folder.write(silent, to: "docs/silent.md")
        let store = try Store(in: folder.url.appending(path: "data"), creating: true)
        let encoder = try TextEncoder(contentsOf: Repository.model)
        let indexes = folder.url.appending(path: "indexes")
        let order = AudienceOrder(names: ["public", "internal"], defaultAudience: "internal")
        let ingester = Ingester(store: store, encoder: encoder, indexes: indexes, audiences: order, report: { _ in })
        #expect(try ingester.ingest([folder.url.appending(path: "docs")]).errors == [])
        let json = """
            {"id": "4852d6e6-a472-484f-b6bb-f73e18bfc7f2", "created_at": "2026-02-11T08:14:52Z",
             "subject": "Memory alarm E4304 at night", "body": "Memory alarm E4304, who is called at night?",
             "error_codes": ["E4304"]\(product.map { ", \"product\": \"\($0)\"" } ?? "")}
            """
        let resolver = Resolver(
            searcher: try Searcher(store: store, encoder: encoder, indexes: indexes), visible: order.names,
            allAudiences: order.names)
        return try resolver.resolve(Ticket(json: Data(json.utf8))).draft.statements.first?.citations.first?.document
    }

    @Test func theTicketsProductIsPreferredToSilence() throws {
        #expect(try firstPage(Self.silent, product: nil) == "silent")
        #expect(try firstPage(Self.silent, product: "redis") == "own")
    }
}
