import Foundation
import TestSupport
import Testing

/// What a tired resolver reads.
@Suite struct DraftTextRunTests {
    private static let front = "product: widget\naudience: internal"

    /// The text of a draft from one page about the widget.
    private func text(
        _ body: String, front: String = front, subject: String = "Reset the widget", more: String = ""
    ) throws -> DocketRun {
        let about = "# Reset the widget\n\nReset the widget when it is lost (E4304).\n\n## Reset\n\n"
        let desk = try Desk.ingested(["docs/deep/widget.md": page(front, about + body)])
        let ticket = Desk.ticket(
            subject: subject, body: "The widget is lost with E4304, how do I reset it?",
            more: "\"product\": \"widget\"" + more)
        try desk.folder.write(ticket, to: "t.json")
        return try desk.docket("resolve", "--file", "t.json")
    }

    @Test(arguments: [
        ("1. ```bash\n   reset\n   ```\n", "1.\n```bash\nreset\n```\n[2]\n"),
        ("```bash\nreset\n```\n", "\n```bash\nreset\n```\n[2]\n"),
        ("1. Reset:\n\n   ```bash\n   reset\n   ```\n", "1. Reset: [2]\n\n```bash\nreset\n```\n"),
        ("- Reset.\n  Wait.\n\n  Go.\n", "- Reset.\nWait. [2]\n\nGo.\n"),
        ("- One:\n  - two\n", "- One: [2]\n\n   - two\n"),
        ("a | b\n--|--\n1 | 2\n", "\na | b\n--|--\n1 | 2\n\n[2]\n"),
        ("| a |\n|---|\n| 1 |\n", "\n| a |\n|---|\n| 1 |\n\n[2]\n"),
        ("<p>Reset.</p>\n", "\n<p>Reset.</p>\n\n[2]\n"),
    ])
    func theMarkStandsBehindProseAndNowhereElse(_ body: String, _ expected: String) throws {
        let run = try text(body)
        #expect(run.status == 0 && run.output.contains(expected), "\(run.output)")
    }

    @Test func sourcesThatCustomersMayNotSeeAreMarkedAndSaidFirst() throws {
        let inside = try text("Press it.\n").output
        #expect(inside.contains("\n\nA customer may not see all of this: [1], [2] are not public pages.\n\n"))
        #expect(inside.contains("\n[1] [internal] deep/widget: Reset the widget (deep/widget.md, bytes "))
        let outside = try text("Press it.\n", front: "product: widget\naudience: public").output
        #expect(!outside.contains("customer") && !outside.contains("internal]"))
        #expect(outside.contains("\n[1] deep/widget: Reset the widget (deep/widget.md, bytes "))
    }

    @Test func theHeadlineSaysHowMuchIsToAsk() throws {
        let front = Self.front + "\nparameters: [host, port]"
        let two = try text("Press {{host}} at {{port}}.\n", front: front).output
        #expect(two.contains(" · 2 questions to ask\n"))
        let one = try text("Press {{host}}.\n", front: front).output
        #expect(one.contains(" · 1 question to ask\n"))
        #expect(try #require(one.range(of: "To ask:")).upperBound < #require(one.range(of: "Sources:")).lowerBound)
        #expect(!(try text("Press it.\n").output.contains("to ask")))
    }

    @Test func whatIsLeftOutIsSaid() throws {
        let prose = (1...30).map { "Sentence \($0) is said about the widget. " }.joined()
        let steps = (1...40).map { "\($0). Press key \($0).\n" }.joined()
        let whole = try text(steps).output
        #expect(whole.contains("40. Press key 40.") && !whole.contains("not complete"))
        let long = try text(prose + "\n\n" + steps).output
        #expect(long.contains(" · not complete\n") && long.contains("\nLeft out for its length:\n- Reset, "))
        #expect(long.contains(" (deep/widget.md)\n"))
        #expect(!long.contains("1. Press") || long.contains("40. Press"))
    }

    @Test func whatIsLeftOutIsInTheObject() throws {
        let prose = (1...30).map { "Sentence \($0) is said about the widget. " }.joined()
        let desk = try Desk.ingested(["docs/widget.md": page(Self.front, "# Reset the widget\n\n" + prose)])
        try desk.folder.write(Desk.ticket(subject: "Reset the widget", body: "E4304"), to: "t.json")
        let object = try desk.docket("resolve", "--json", "--file", "t.json").json()
        let omitted = try #require(try object.objects("omitted").first)
        #expect(omitted.keys == ["document", "heading_path", "steps", "statements"])
        #expect(try omitted.integer("statements") == 6 && omitted.isNull("steps"))
        #expect(try object.objects("statements").count == 24)
    }

    @Test func aRefusalNamesTheNearestPages() throws {
        let desk = try Desk.ingested()
        try desk.folder.write(Desk.ticket(more: "\"product\": \"postgresql\", \"version\": \"99\""), to: "t.json")
        let text = try desk.docket("resolve", "--file", "t.json").output
        #expect(text.contains("for other versions of the product: the nearest is for postgresql >=14 <17."))
        #expect(text.contains("Nearest pages:\n- Failover (failover.md), for postgresql >=14 <17\n"))
        let object = try desk.docket("resolve", "--json", "--file", "t.json").json()
        let nearest = try object.objects("nearest")
        #expect((1...3).contains(nearest.count))
        #expect(nearest.allSatisfy { $0.keys == ["document", "title", "path", "audience", "applies_to"] })
    }

    @Test func aRefusalNamesNoPageThatTheReaderMayNotSee() throws {
        let desk = try Desk.ingested()
        let ticket = Desk.ticket(
            subject: "Memory quota exceeded", body: "The memory quota is exceeded, how do I raise maxmemory?")
        try desk.folder.write(ticket, to: "t.json")
        for format in [[], ["--json"]] {
            let run = try desk.run(
                [Desk.binary.path, "resolve", "--as", "public", "--file", "t.json"] + format)
            #expect(run.status == 1 && !run.output.contains("redis") && !run.output.contains("Quota"))
        }
    }

    @Test func nothingInvisibleReachesTheTerminal() throws {
        let run = try text("Press it\u{202E} now.\u{200B}\n", subject: "Reset \u{2066}the widget\u{FEFF}\\u001b[31m")
        #expect(run.status == 0 && run.output.contains("Press it\u{FFFD} now.\u{FFFD}"))
        #expect(
            !run.output.unicodeScalars.contains { "\u{202E}\u{200B}\u{2066}\u{FEFF}\u{1b}".unicodeScalars.contains($0) }
        )
    }

    @Test func aVersionStandsInNoProductsPlace() throws {
        let desk = try Desk(["t.json": Desk.ticket(more: "\"version\": \"15.4\"")])
        _ = try desk.docket("ticket", "import", "t.json")
        #expect(try desk.docket("ticket", "list").output.contains("Z  -  Promote the standby"))
    }
}
