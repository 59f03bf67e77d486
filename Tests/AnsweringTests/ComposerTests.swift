import Answering
import Foundation
import Retrieval
import Storage
import TestSupport
import Testing
import TextEmbedding
import Tickets

/// Whatever way a page writes its code, a ticket's value reaches no command unquoted.
@Suite(.enabled(if: Repository.hasModel, "the embedding model is not fetched: run scripts/fetch-model"))
struct ComposerTests {
    @Test(
        arguments: [
            "Clean it:\n\n    rm -rf {{spool}}\n",
            "Clean it with ``rm -rf {{spool}}`` now.\n",
            "Clean it with `rm -rf\n{{spool}}` now.\n",
            "Clean it:\n\n````text\n```\nrm -rf {{spool}}\n```\n````\n",
            "Clean it: <code>rm -rf {{spool}}</code> now.\n",
            "<pre>\nrm -rf {{spool}}\n</pre>\n",
            "Clean it:\n\n~~~bash\necho \"a\nrm {{spool}}\"\n~~~\n",
            "1. Clean it:\n\n   ```bash\n   cat <<EOF\n   {{spool}}\n   EOF\n   ```\n",
            "| step | command |\n|---|---|\n| clean | `rm -rf {{spool}}` |\n",
        ], ["\n", "\r\n"])
    func aHostileValueStaysOut(_ body: String, _ lineEnd: String) throws {
        let text = try draft(page(body), lineEnd: lineEnd, spool: "; rm -rf ~ ;").statements.map(\.text)
        #expect(!text.joined().contains("; rm -rf ~ ;"))
        #expect(text.joined().contains("{{spool}}"))
    }

    @Test(arguments: ["\n", "\r\n"])
    func aFencedCommandIsQuotedAndKeepsItsFence(_ lineEnd: String) throws {
        let body = "1. Clean the spool:\n\n   ~~~bash\n   rm -rf {{spool}}\n   ~~~\n"
        let texts = try draft(page(body), lineEnd: lineEnd, spool: "/srv/my spool").statements.map(\.text)
        #expect(texts.contains("1. Clean the spool:\n\n```bash\nrm -rf '/srv/my spool'\n```"))
    }

    @Test func bulletsStayBullets() throws {
        let texts = try draft(page("- One thing.\n- Another thing.\n"), lineEnd: "\n", spool: "x").statements.map(
            \.text)
        #expect(texts.contains("- One thing.") && texts.contains("- Another thing."))
    }

    @Test func aSentenceThatAnnouncesCodeIsSaidAlone() throws {
        let body = "The spool is full. It has to be emptied. Empty it:\n\n```bash\nrm -rf /srv/spool\n```\n"
        let statements = try draft(page(body), lineEnd: "\n", spool: "x").statements.suffix(3)
        #expect(
            statements.map(\.text) == [
                "The spool is full.", "It has to be emptied.", "Empty it:\n\n```bash\nrm -rf /srv/spool\n```",
            ])
        #expect(statements.last?.citations.map(\.quote) == ["Empty it:\n\n```bash\nrm -rf /srv/spool\n```"])
    }

    @Test(arguments: [
        (
            "1. Check:\n   - the spool\n   - the queue\n\n     ```bash\n     lpq\n     ```\n2. Wait.\n",
            ["1. Check:\n\n   - the spool\n   - the queue\n\n   ```bash\n   lpq\n   ```", "2. Wait."]
        ),
        (
            "- Do this:\n\n  3. stop\n  4. start\n\n     1. once\n\n  Then wait.\n",
            ["- Do this:\n\n   3. stop\n   4. start\n\n      1. once\n\nThen wait."]
        ),
        ("1. ```bash\n   lpq\n   ```\n", ["1.\n```bash\nlpq\n```"]),
        ("- Look:\n\n  a | b\n  --|--\n  1 | 2\n", ["- Look:\n\na | b\n--|--\n1 | 2"]),
        ("7. One.\n\n   Two.\n8. Three.\n", ["7. One.\n\nTwo.", "8. Three."]),
    ])
    func listsKeepTheirMarkersAndDepths(_ body: String, _ expected: [String]) throws {
        let texts = try draft(page(body), lineEnd: "\n", spool: "x").statements.map(\.text)
        #expect(Array(texts.suffix(expected.count)) == expected)
    }

    @Test(arguments: [30, 200]) func aProcedureIsNeverCutInside(_ stepCount: Int) throws {
        let steps = (1...stepCount).map { "\($0). Clean tray \($0) of the print server's spool.\n" }.joined()
        let texts = try draft(page(steps), lineEnd: "\n", spool: "x").statements.map(\.text)
        #expect(texts.count { $0.contains("Clean tray") } == stepCount)
    }

    @Test(arguments: [
        ("See [the queue](queue.md) and [it](#top).", "See the queue and it."),
        ("See [the `a](b)` queue](../queue.md#x).", "See the `a](b)` queue."),
        ("See [here](https://example.org/a_(b)) or `[x](y)`.", "See [here](https://example.org/a_(b)) or `[x](y)`."),
        ("Mail [us](mailto:help@example.org), \\[not](a).", "Mail [us](mailto:help@example.org), \\[not](a)."),
        ("![The queue](queue.png) is [full](<my queue.md> \"q\").", "The queue is full."),
        ("An [array](a[0].md) and a[0] (b).", "An array and a[0] (b)."),
    ])
    func linksThatLeadNowhereAreSaidAsTheirText(_ sentence: String, _ expected: String) throws {
        #expect(try draft(page(sentence), lineEnd: "\n", spool: "x").statements.last?.text == expected)
    }

    /// Of a page in another format what a reader sees is said, and what stands in the file is quoted.
    @Test(arguments: [
        (
            "spool.html",
            "<!--\n---\naudience: public\n---\n-->\n<h1>Spool overflow E4304 in the print server</h1>"
                + "<p>It stops &amp; waits. Run <code>purge -a</code> <b>now</b>.</p><table><tr><th>a<th>b<tr><td>c<td>d</table>",
            "Run <code>purge -a</code> <b>now</b>."
        ),
        (
            "spool.rst",
            "..\n   ---\n   audience: public\n   ---\n\nSpool overflow E4304 in the print server\n"
                + "========================================\n\nIt stops & waits. Run ``purge -a``\n*now*.\n\n"
                + "== ==\na  b\n== ==\nc  d\n== ==\n",
            "Run ``purge -a``\n*now*."
        ),
    ])
    func otherFormatsAreSaidAsMarkdown(_ path: String, _ text: String, _ quote: String) throws {
        let statements = try draft(text, lineEnd: "\n", spool: "x", path: path).statements
        #expect(
            statements.map(\.text) == ["It stops & waits.", "Run `purge -a` now.", "| a | b |\n|---|---|\n| c | d |"])
        #expect(statements.map(\.citations[0].quote)[1] == quote)
    }

    private func page(_ body: String) -> String {
        """
        ---
        audience: public
        parameters: {spool: {form: text, description: the spool}}
        ---
        # Spool overflow E4304 in the print server

        The print server stops with E4304 when its spool overflows.

        ## Clean the spool of the print server

        \(body)
        """
    }

    private func draft(
        _ page: String, lineEnd: String, spool: String, path: String = "spool.md"
    ) throws -> Draft {
        let library = try Library([path: page.replacingOccurrences(of: "\n", with: lineEnd)])
        let ticket = """
            {"id": "4852d6e6-a472-484f-b6bb-f73e18bfc7f2", "created_at": "2026-02-11T08:14:52Z",
             "subject": "print server stops with E4304, spool overflow", "body": "how do I clean the spool",
             "parameters": {"spool": "\(spool)"}}
            """
        let draft = try library.draft(ticket, visible: ["public"])
        #expect(draft.status == .answered)
        return draft
    }
}
