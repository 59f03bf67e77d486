import Foundation
import TestSupport
import Testing

@Suite struct ResolveRunTests {
    private static let full =
        "\"product\": \"postgresql\", \"version\": \"15.4\", \"parameters\": {\"host\": \"db2.example.org\"}"

    private func desk(_ ticket: String) throws -> Desk {
        let desk = try Desk.ingested()
        try desk.folder.write(ticket, to: "t.json")
        #expect(try desk.docket("ticket", "import", "t.json").status == 0)
        return desk
    }

    /// An answer without what differs from run to run.
    private func untimed(_ run: DocketRun) throws -> NSDictionary {
        var members = try run.json().members
        members["timings_ms"] = nil
        return NSDictionary(dictionary: members)
    }

    @Test func theObjectHasItsContractAndEachQuoteIsItsBytes() throws {
        let desk = try desk(Desk.ticket(more: Self.full))
        let run = try desk.docket("resolve", "--json", "4852d6e6")
        #expect(run.status == 0 && run.errors == "")
        let object = try run.json()
        #expect(
            object.keys == [
                "ticket", "status", "reason", "confidence", "statements", "questions", "relaxed", "timings_ms",
            ])
        #expect(try object.string("ticket") == "4852d6e6-a472-484f-b6bb-f73e18bfc7f2")
        #expect(try object.string("status") == "answered" && object.isNull("reason"))
        #expect(try (0...1).contains(object.number("confidence")))
        #expect(try object.strings("questions") == [] && object.strings("relaxed") == [])
        #expect(try object.object("timings_ms").members.values.allSatisfy { $0 is NSNumber })
        let statements = try object.objects("statements")
        #expect(try statements.contains { try $0.string("text").contains("ssh db2.example.org") })
        for statement in statements {
            #expect(statement.keys.subtracting(["applies_to"]) == ["text", "citations"])
            let citations = try statement.objects("citations")
            #expect(!citations.isEmpty)
            for citation in citations {
                #expect(
                    citation.keys == ["document", "revision", "heading_path", "byte_range", "quote", "audience"])
                #expect(try citation.string("audience") == "public")
                #expect(try citation.string("revision").count == 64)
                #expect(try citation.strings("heading_path").first == "Failover")
                let source = try desk.source(citation.string("document"))
                #expect(try Array(citation.string("quote").utf8) == Array(source[citation.range("byte_range")]))
            }
        }
    }

    @Test(arguments: ["4852d6e6", "4852D6E6-A472-484F-B6BB-F73E18BFC7F2"])
    func aFileGivesTheDraftThatItsIDGives(_ id: String) throws {
        let desk = try desk(Desk.ticket(more: Self.full))
        let byID = try desk.docket("resolve", "--json", id)
        let byFile = try desk.docket("resolve", "--json", "--file", "t.json")
        let byInput = try desk.docket("resolve", "--json", "--file", "-", input: Desk.ticket(more: Self.full))
        #expect(try untimed(byFile) == untimed(byID))
        #expect(try untimed(byInput) == untimed(byID))
        #expect((byFile.status, byInput.status) == (0, 0))
        let text = try desk.docket("resolve", id)
        #expect(try desk.docket("resolve", "--file", "t.json").output == text.output)
        #expect(text.output.contains("Sources:\n[1] pg/failover: Failover"))
    }

    @Test func aMissingParameterStaysVisibleAndIsAskedFor() throws {
        let desk = try desk(Desk.ticket(more: "\"product\": \"postgresql\", \"version\": \"15.4\""))
        let object = try desk.docket("resolve", "--json", "4852d6e6").json()
        #expect(try object.objects("statements").contains { try $0.string("text").contains("ssh {{host}}") })
        #expect(try object.strings("questions").contains { $0.contains("the standby's name") })
    }

    @Test func aTicketWithoutAVersionIsAskedForItAndItsStepsAreLabelled() throws {
        let desk = try desk(Desk.ticket(more: "\"product\": \"postgresql\""))
        let object = try desk.docket("resolve", "--json", "4852d6e6").json()
        #expect(try object.string("status") == "answered")
        #expect(try object.strings("questions").contains { $0.contains("Which version of postgresql") })
        #expect(try object.objects("statements").allSatisfy { try $0.string("applies_to").hasPrefix("postgresql ") })
        #expect(try desk.docket("resolve", "4852d6e6").output.contains("(postgresql >=14 <17)"))
    }

    /// A version that is none selects nothing and is asked for, in words that the requester knows.
    @Test func aVersionThatCannotBeReadIsAskedFor() throws {
        let desk = try desk(Desk.ticket(more: "\"product\": \"postgresql\", \"version\": \"the newest\""))
        let object = try desk.docket("resolve", "--json", "4852d6e6").json()
        #expect(try object.string("status") == "answered")
        #expect(try object.strings("questions").contains { $0.contains("“the newest”") })
    }

    @Test(arguments: [
        (Desk.ticket(subject: "?", body: "!!!"), "unclear"),
        (Desk.ticket(more: "\"product\": \"postgresql\", \"version\": \"99\""), "wrong_version"),
    ])
    func aRefusalPrintsItsObjectAndExitsWithOne(_ ticket: String, _ reason: String) throws {
        let desk = try desk(ticket)
        for source in [["4852d6e6"], ["--file", "t.json"]] {
            let run = try desk.run([Desk.binary.path, "resolve", "--json"] + source)
            #expect(run.status == 1 && run.errors == "")
            let object = try run.json()
            #expect(
                object.keys.subtracting(["nearest"]) == [
                    "ticket", "status", "reason", "confidence", "statements", "questions", "relaxed", "timings_ms",
                ])
            #expect(try object.string("status") == "refused" && object.string("reason") == reason)
            #expect(try object.objects("statements").isEmpty)
        }
        let text = try desk.docket("resolve", "4852d6e6")
        #expect(text.status == 1 && text.output.contains("Refused: \(reason)") && text.errors == "")
    }

    @Test func aReaderWhoMayNotSeeThePageIsRefused() throws {
        let desk = try desk(
            Desk.ticket(
                subject: "Memory quota exceeded", body: "The memory quota is exceeded, how do I raise maxmemory?",
                more: "\"product\": \"redis\", \"version\": \"7.2\""))
        #expect(try desk.docket("resolve", "4852d6e6").status == 0)
        let run = try desk.docket("resolve", "--json", "--as", "public", "4852d6e6")
        #expect(run.status == 1)
        #expect(!run.output.contains("maxmemory"))
    }

    @Test func nothingIngestedIsNoRefusal() throws {
        let desk = try Desk(["t.json": Desk.ticket()])
        _ = try desk.docket("ticket", "import", "t.json")
        for source in [["4852d6e6"], ["--file", "t.json"]] {
            let run = try desk.run([Desk.binary.path, "resolve"] + source)
            #expect(run.status == 4 && run.output == "" && run.errors.contains("docket ingest FOLDER"))
        }
    }

    @Test(arguments: [
        (["resolve"], 2), (["resolve", "4852d6e6", "--file", "t.json"], 2), (["resolve", "--file", "none.json"], 3),
        (["resolve", "--file", "bad.json"], 3), (["resolve", "4852d6e6", "--as", "nobody"], 2),
    ])
    func whatCannotBeResolvedSaysWhy(_ arguments: [String], status: Int) throws {
        let desk = try desk(Desk.ticket())
        try desk.folder.write(Desk.ticket(more: "\"severity\": 1"), to: "bad.json")
        let run = try desk.run([Desk.binary.path] + arguments)
        #expect(run.status == Int32(status) && run.output == "" && !run.errors.isEmpty)
        if arguments.contains("bad.json") { #expect(run.errors.contains("bad.json: /severity")) }
    }

    /// A page written on Windows: the lines of its quotes and steps are lines all the same.
    @Test func aPageWithWindowsLineEndsIsQuotedAndFilled() throws {
        let files = Desk.handbook.mapValues { $0.replacing("\n", with: "\r\n") }
        let desk = try Desk.ingested(files)
        try desk.folder.write(
            Desk.ticket(body: "How do I promote the standby?\\r\\n\\r\\nKind regards\\r\\nOtto", more: Self.full),
            to: "t.json")
        let object = try desk.docket("resolve", "--json", "--file", "t.json").json()
        let statements = try object.objects("statements")
        #expect(try statements.contains { try $0.string("text").contains("ssh db2.example.org") })
        for citation in try statements.flatMap({ try $0.objects("citations") }) {
            let source = try desk.source(citation.string("document"))
            #expect(try Array(citation.string("quote").utf8) == Array(source[citation.range("byte_range")]))
        }
    }
}
