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
        let library = try Library(["own.md": Self.own, "silent.md": silent])
        let draft = try library.draft(
            """
            {"id": "4852d6e6-a472-484f-b6bb-f73e18bfc7f2", "created_at": "2026-02-11T08:14:52Z",
             "subject": "Memory alarm E4304 at night", "body": "Memory alarm E4304, who is called at night?",
             "error_codes": ["E4304"]\(product.map { ", \"product\": \"\($0)\"" } ?? "")}
            """)
        return draft.statements.first?.citations.first?.document
    }

    @Test func theTicketsProductIsPreferredToSilence() throws {
        #expect(try firstPage(Self.silent, product: nil) == "silent")
        #expect(try firstPage(Self.silent, product: "redis") == "own")
    }
}
