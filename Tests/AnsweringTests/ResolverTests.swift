import Answering
import Foundation
import Retrieval
import Storage
import TestSupport
import Testing
import TextEmbedding
import Tickets

/// A small handbook, really ingested and searched with the real model.
@Suite(.enabled(if: Repository.hasModel, "the embedding model is not fetched: run scripts/fetch-model"))
struct ResolverTests {
    let library: Library

    init() throws { library = try Library(pages) }

    private func draft(
        _ subject: String, _ body: String, _ more: String = "", as visible: [String] = ["public", "internal"]
    ) throws -> Draft {
        let json = """
            {"id": "4852d6e6-a472-484f-b6bb-f73e18bfc7f2", "created_at": "2026-02-11T08:14:52Z",
             "subject": "\(subject)", "body": "\(body)"\(more)}
            """
        return try library.draft(json, visible: visible)
    }

    @Test func anAnswerQuotesTheStepsWithTheTicketsParameters() throws {
        let draft = try draft(
            "Too many clients", "FATAL: sorry, too many clients already",
            #", "product": "postgresql", "version": "15.4", "error_codes": ["53300"], "parameters": {"host": "db1.example.org"}"#
        )
        #expect(draft.status == .answered)
        let text = draft.statements.map(\.text).joined(separator: "\n")
        #expect(text.contains("psql -h db1.example.org -c 'SHOW max_connections'"))
        #expect(text.contains("systemctl restart {{service}}"))
        #expect(draft.questions == ["What is the systemd unit of the server? ({{service}})"])
        #expect(draft.statements.allSatisfy { $0.citations.count == 1 && $0.appliesTo == nil })
    }

    @Test func everyQuoteIsTheBytesOfItsRange() throws {
        let draft = try draft("Too many clients", "sorry, too many clients already")
        #expect(!draft.statements.isEmpty)
        for citation in draft.statements.flatMap(\.citations) {
            let bytes = try #require(try library.store.bytes(ofRevision: citation.revision))
            #expect(Array(citation.quote.utf8) == Array(bytes[citation.byteRange]))
        }
    }

    @Test func withoutAVersionStepsAreLabelledAndTheVersionIsAsked() throws {
        let draft = try draft(
            "permission denied for schema public", "create table fails: permission denied for schema public",
            #", "product": "postgresql""#)
        #expect(draft.status == .answered)
        #expect(draft.statements.contains { $0.appliesTo == "postgresql >=15" })
        #expect(draft.questions.contains { $0.hasPrefix("Which version of postgresql") })
    }

    @Test func aPageForAnotherVersionIsNeverUsed() throws {
        let draft = try draft(
            "permission denied for schema public", "create table fails: permission denied for schema public",
            #", "product": "postgresql", "version": "9.4""#)
        #expect(draft.status == .refused)
        #expect(draft.reason == .wrongVersion)
        #expect(draft.statements.isEmpty)
    }

    @Test func anInternalPageIsNotShownToThePublic() throws {
        let subject = "Failover of the database cluster"
        let body = "How do I promote the standby and fail over the database cluster?"
        let hidden = try draft(subject, body, as: ["public"])
        #expect(hidden.reason == .notVisible && hidden.statements.isEmpty)
        #expect(try draft(subject, body).status == .answered)
    }

    @Test func whatTheHandbookDoesNotSayIsRefused() throws {
        let draft = try draft(
            "Printer", "The label printer in the warehouse prints hieroglyphs since the toner was changed.")
        #expect(draft.reason == .nothingFound && draft.statements.isEmpty && draft.questions.isEmpty)
    }

    @Test func aTicketWithoutWordsIsAskedBack() throws {
        let draft = try draft("??", "!!")
        #expect(draft.reason == .unclear && draft.questions.count == 1)
    }

    @Test func aMistakenProductIsRelaxedAndSaid() throws {
        let draft = try draft(
            "Too many clients", "FATAL: sorry, too many clients already, SQLSTATE 53300", #", "product": "nginx""#)
        #expect(draft.status == .answered)
        #expect(draft.relaxed == ["product"])
    }

    @Test func resolvingAgainGivesTheSameDraft() throws {
        let first = try draft("Too many clients", "sorry, too many clients already")
        #expect(try draft("Too many clients", "sorry, too many clients already") == first)
    }
}

private let pages = [
    "postgresql/connections.md": """
    ---
    id: postgresql-connections
    product: postgresql
    audience: public
    parameters:
      host: {form: host, description: the host name of the database server}
      service: {form: name, description: the systemd unit of the server}
    ---
    # Too many clients already (53300)

    PostgreSQL refuses a connection because every slot is taken: `FATAL: sorry, too many clients already`.

    ## Raise the limit

    1. Set a higher `max_connections` in `postgresql.conf`.
    2. Restart the server:

       ```bash
       sudo systemctl restart {{service}}
       ```

    3. Verify the value:

       ```bash
       psql -h {{host}} -c 'SHOW max_connections'
       ```
    """,
    "postgresql/schema-15.md": """
    ---
    product: postgresql
    versions: ">=15"
    audience: public
    ---
    # permission denied for schema public

    ## Grant the right

    From PostgreSQL 15, only the owner of a database may create objects in schema public.

    1. Grant the right to create:

       ```sql
       GRANT CREATE ON SCHEMA public TO app;
       ```
    """,
    "postgresql/failover.md": """
    ---
    product: postgresql
    audience: internal
    ---
    # Failover of the database cluster

    ## Promote the standby

    1. Promote the standby of the database cluster:

       ```sql
       SELECT pg_promote();
       ```
    """,
    "nginx/too-large.md": """
    ---
    product: nginx
    audience: public
    ---
    # 413 Request Entity Too Large

    nginx refuses an upload that is larger than `client_max_body_size`.
    """,
]
