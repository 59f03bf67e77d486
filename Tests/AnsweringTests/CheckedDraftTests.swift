import Answering
import Retrieval
import Storage
import TestSupport
import Testing
import Tickets

/// Every statement of a draft is judged by the words that it cites.
@Suite(.enabled(if: Repository.hasModel, "the embedding model is not fetched: run scripts/fetch-model"))
struct CheckedDraftTests {
    /// Marks of Markdown inside what a page shows as code are words, so nothing of a page is lost on the way.
    @Test(arguments: [
        "1. Stop the spooler:\n\n   ```bash\n   systemctl stop {{service}} && rm -rf '/srv/{{service}}'\n   ```\n2. Wait 30 s.\n",
        "| code | meaning |\n|---|---|\n| `E4304` | no *spool* for {{service}} |\n",
        "- Do not stop {{service}} before `lpq -a` says that it is empty.\n- See [the queue](queue.md).\n",
    ])
    func whatAPageSaysIsKept(_ body: String) throws {
        let front = """
            ---
            audience: public
            parameters: {service: {form: text, description: the service}}
            ---
            # Spool overflow E4304 in the print server

            The print server stops with E4304 when its spool overflows.

            ## Clean the spool of the print server


            """
        let library = try Library(["a.md": front + body])
        let draft = try library.draft(
            """
            {"id": "4852d6e6-a472-484f-b6bb-f73e18bfc7f2", "created_at": "2026-02-11T08:14:52Z",
             "subject": "print server stops with E4304, spool overflow", "body": "how do I stop and clean the spooler",
             "parameters": {"service": "my-spool"}}
            """)
        #expect(draft.status == .answered)
        #expect(draft.omitted.isEmpty, "\(draft.omitted)")
        #expect(draft.statements.map(\.text).joined().contains("my-spool"))
    }

    @Test func aStatementIsJudgedByAllThatItCites() {
        func citation(_ quote: String) -> Citation {
            Citation(document: "a", revision: "", headingPath: [], byteRange: 0..<quote.utf8.count, quote: quote)
        }
        let cited = [citation("Stop the spooler."), citation("Wait for 30 s.")]
        func isSupported(_ text: String) -> Bool {
            StatementChecker().judge(Statement(text: text, appliesTo: nil, citations: cited)).isSupported
        }
        #expect(isSupported("Stop the spooler. Wait for 30 s."))
        #expect(isSupported("Stop the spooler, then wait 30 seconds."))
        #expect(!isSupported("Stop the spooler. Wait for 40 s."))
        #expect(!StatementChecker().judge(Statement(text: "Wait.", appliesTo: nil, citations: [])).isSupported)
    }
}
