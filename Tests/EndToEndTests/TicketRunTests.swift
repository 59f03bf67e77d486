import Foundation
import TestSupport
import Testing

@Suite struct TicketRunTests {
    private static func id(_ number: Int) -> String { String(format: "00000000-0000-4000-8000-%012d", number) }

    @Test func importKeepsTheOrderOfTheFilesAndRunsAgainUnchanged() throws {
        let desk = try Desk()
        let order = [5, 3, 9, 1]
        for (place, number) in order.enumerated() {
            try desk.folder.write(
                Desk.ticket(id: Self.id(number), more: "\"product\": \"Redis\""), to: "in/\(place).json")
        }
        let first = try desk.docket("ticket", "import", "in")
        #expect(
            first.status == 0 && first.output == "4 created, 0 amended, 0 unchanged, 0 failed\n" && first.errors == "")
        #expect(try desk.docket("ticket", "import", "in").output == "0 created, 0 amended, 4 unchanged, 0 failed\n")
        try desk.folder.write(Desk.ticket(id: Self.id(3), subject: "Changed"), to: "in/1.json")
        #expect(try desk.docket("ticket", "import", "in").output == "0 created, 1 amended, 3 unchanged, 0 failed\n")
        let list = try desk.docket("ticket", "list", "--json")
        #expect(list.status == 0 && list.errors == "")
        #expect(try list.jsonLines().map { try $0.string("id") } == order.map(Self.id))
        #expect(list.output.split(separator: "\n").allSatisfy { $0.hasPrefix("{\"id\":\"") }, "the id stands first")
        #expect(try list.jsonLines().map { try $0.string("subject") }[1] == "Changed")
        let text = try desk.docket("ticket", "list").output.split(separator: "\n")
        #expect(text.map { String($0.prefix(36)) } == order.map(Self.id))
    }

    @Test func showNamesWhatHappened() throws {
        let desk = try Desk.ingested()
        try desk.folder.write(Desk.ticket(more: "\"parameters\": {\"host\": \"db2\"}"), to: "t.json")
        #expect(try desk.docket("ticket", "import", "t.json").status == 0)
        _ = try desk.docket("resolve", "4852d6e6")
        let text = try desk.docket("ticket", "show", "4852d6e6")
        #expect(text.status == 0)
        #expect(text.output.contains("host=db2"))
        #expect(
            text.output.split(separator: "\n").suffix(2).map { $0.split(separator: " ")[1] } == ["created", "drafted"])
        let object = try desk.docket("ticket", "show", "--json", "4852d6e6-a472-484f-b6bb-f73e18bfc7f2").json()
        #expect(try object.string("created_at") == "2026-02-11T08:14:52Z")
    }

    /// A ticket that is refused, and what is said about it.
    static let refused: [(name: String, text: String, complaint: String)] = [
        ("unknown field", Desk.ticket(more: "\"severity\": 1"), "/severity: unknown field"),
        (
            "unknown nested field", Desk.ticket(more: "\"requester\": {\"phone\": \"1\"}"),
            "/requester/phone: unknown field"
        ),
        (
            "unknown field in a list",
            Desk.ticket(more: "\"thread\": [{\"at\": \"2026-02-11T08:14:52Z\", \"body\": \"x\", \"cc\": 1}]"),
            "/thread/0/cc: unknown field"
        ),
        ("missing field", "{\"id\": \"4852d6e6-a472-484f-b6bb-f73e18bfc7f2\"}", "/created_at: "),
        ("no UUID", Desk.ticket(id: "7"), "/id: got \"7\""),
        ("wrong type", Desk.ticket(more: "\"product\": 7"), "/product: expected"),
        ("no JSON", "{", "is not JSON"),
        ("not an object", "[1]", ""),
        ("empty", "", "holds nothing"),
    ]

    @Test(arguments: refused.indices) func aBadTicketIsNamedWithItsPlace(_ index: Int) throws {
        let (_, text, complaint) = Self.refused[index]
        let desk = try Desk(["bad.json": text])
        let alone = try desk.docket("ticket", "import", "bad.json")
        #expect(alone.status == 3)
        #expect(alone.errors.contains("bad.json: \(complaint)"), "\(alone.errors)")
        try desk.folder.write(Desk.ticket(id: Self.id(1)), to: "in/a.json")
        try desk.folder.write(text, to: "in/b.json")
        try desk.folder.write(Desk.ticket(id: Self.id(2)), to: "in/c.json")
        let some = try desk.docket("ticket", "import", "in")
        #expect(some.status == 6)
        #expect(some.output == "2 created, 0 amended, 0 unchanged, 1 failed\n")
        #expect(some.errors.contains("in/b.json: \(complaint)"))
        #expect(try desk.docket("ticket", "list", "--json").jsonLines().count == 2)
        let json = try desk.docket("ticket", "import", "--json", "in")
        #expect(json.status == 6 && json.errors == "")
        #expect(try json.json().integer("unchanged") == 2 && json.json().integer("failed") == 1)
    }

    @Test func linesOfTicketsNameTheirLine() throws {
        let line = Desk.ticket(id: Self.id(1)).split(separator: "\n").joined()
        let desk = try Desk(["t.jsonl": line + "\r\n\r\n{\"id\": 1}\r\n"])
        let run = try desk.docket("ticket", "import", "t.jsonl")
        #expect(run.status == 6 && run.output.hasPrefix("1 created"))
        #expect(run.errors.contains("t.jsonl:3: "))
    }

    @Test func standardInputIsOneTicketOrOneALine() throws {
        let desk = try Desk()
        #expect(try desk.docket("ticket", "import", "-", input: Desk.ticket()).status == 0)
        #expect(try desk.docket("ticket", "list", "--json").jsonLines().count == 1)
        let lines = (1...3).map { Desk.ticket(id: Self.id($0)).split(separator: "\n").joined() + "\n" }.joined()
        let run = try desk.docket("ticket", "import", "-", input: lines)
        #expect(run.status == 0 && run.output.hasPrefix("3 created"))
    }

    @Test(arguments: ["empty.json", "empty.jsonl", "blank.jsonl"])
    func aFileOfNoTicketsIsBadInput(_ name: String) throws {
        let desk = try Desk(["empty.json": "", "empty.jsonl": "", "blank.jsonl": "\n  \r\n\n"])
        let run = try desk.docket("ticket", "import", name)
        #expect(run.status == 3 && run.errors.contains("\(name): holds nothing"))
    }

    @Test(arguments: [["import", "none.json"], ["import", "empty"]]) func whatIsNotThereIsBadInput(
        _ arguments: [String]
    ) throws {
        let desk = try Desk(["empty/readme.txt": "x"])
        let run = try desk.run([Desk.binary.path, "ticket"] + arguments)
        #expect(run.status == 3 && run.errors.contains(arguments[1]))
    }

    @Test func aTicketThatIsNotThereIsNotFound() throws {
        let desk = try Desk.ingested()
        for command in [["ticket", "show", "abc"], ["resolve", "abc"]] {
            let run = try desk.run([Desk.binary.path] + command)
            #expect(run.status == 1 && run.output == "")
            #expect(run.errors.contains("docket ticket list"))
        }
        for number in [1, 2] { try desk.folder.write(Desk.ticket(id: Self.id(number)), to: "in/\(number).json") }
        _ = try desk.docket("ticket", "import", "in")
        let ambiguous = try desk.docket("ticket", "show", "0000")
        #expect(ambiguous.status == 2 && ambiguous.errors.contains("2 tickets begin with 0000"))
    }

    @Test func aSubjectOfSeveralLinesIsOneLineOfTheList() throws {
        let desk = try Desk(["t.json": Desk.ticket(subject: "one\\ntwo\\u001b[2J")])
        _ = try desk.docket("ticket", "import", "t.json")
        let list = try desk.docket("ticket", "list").output
        #expect(list.split(separator: "\n").count == 1)
        #expect(list.contains("one two") && !list.contains("\u{1b}"))
    }
}
