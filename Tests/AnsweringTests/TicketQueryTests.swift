import Answering
import Foundation
import Testing
import Tickets

private func ticket(subject: String = "Subject", body: String, codes: [String] = [], thread: String = "[]") throws
    -> Ticket
{
    let json = """
        {"id": "4852d6e6-a472-484f-b6bb-f73e18bfc7f2", "created_at": "2026-02-11T08:14:52Z",
         "subject": \(quoted(subject)), "body": \(quoted(body)),
         "error_codes": [\(codes.map(quoted).joined(separator: ","))], "thread": \(thread)}
        """
    return try Ticket(json: Data(json.utf8))
}

private func quoted(_ text: String) -> String {
    String(decoding: (try? JSONEncoder().encode(text)) ?? Data(), as: UTF8.self)
}

@Test(arguments: [
    ("It fails.\n-- \nBob\nExample Ltd", "It fails."),
    ("It fails.\n\nKind regards\nBob", "It fails.\n"),
    ("It fails.\n> You wrote\n> this\nStill.", "It fails.\nStill."),
    ("It fails.\nOn Mon, 4 May 2026, Support wrote:\n> old", "It fails."),
    ("It fails.\nSent from my phone", "It fails."),
    ("the best regards page fails", "the best regards page fails"),
    // A courtesy at the beginning closes nothing.
    ("Thanks.\nThe pool is full and every client waits.", "Thanks.\nThe pool is full and every client waits."),
    ("Best\n\nE4304 on db2", "Best\n\nE4304 on db2"),
    ("\nThanks!\nIt fails.", "\nThanks!\nIt fails."),
    // Nor one with more behind it than a signature.
    (
        "It fails.\nThanks\nSince the update of Monday the standby refuses every connection from the proxy.",
        "It fails.\nThanks\nSince the update of Monday the standby refuses every connection from the proxy."
    ),
    ("A\nCheers\n1\n2\n3\n4\n5\n6", "A\nCheers\n1\n2\n3\n4\n5\n6"),
    (
        "It fails.\n--\nThe log says that the pool of the proxy is full, and it is.\n",
        "It fails.\n--\nThe log says that the pool of the proxy is full, and it is.\n"
    ),
    ("It fails.\n\nThank you!\nBob Example\nExample Ltd\n\nOn Mon, Support wrote:\n> old", "It fails.\n"),
    // The answer may stand below what it answers.
    ("On Mon, 4 May 2026, Support wrote:\n> Which version?\n\nIt is 15.4.", "\nIt is 15.4."),
    ("Hello.\nOn Mon, Support\n<help@example.org> wrote:\n> Which?\n> Why?\nIt is 15.4.", "Hello.\nIt is 15.4."),
    ("Am 4. Mai 2026 schrieb Support:\n> Welche?\nEs ist 15.4.", "Es ist 15.4."),
    ("It fails.\nOn Mon, Support wrote:\nold words without marks", "It fails."),
    ("It fails.\n-----Original Message-----\nFrom: Support\nold words", "It fails."),
    ("-----Original Message-----\nIt fails.", "It fails."),
    ("On Monday it fails.\nWho wrote: nobody", "On Monday it fails.\nWho wrote: nobody"),
])
func whatMailAddsIsNotSearched(_ body: String, _ expected: String) throws {
    #expect(TicketQuery(try ticket(body: body)).text == "Subject\n" + expected)
}

/// What a log says of the fault is searched, not when, where and how often.
@Test(arguments: [
    (
        "2026-02-11 08:59:41.112 CET [21877] shop@shopdb FATAL:  sorry, too many clients already\n"
            + "2026-02-11 08:59:41.118 CET [21878] shop@shopdb FATAL:  sorry, too many clients already",
        "shop@shopdb FATAL: sorry, too many clients already"
    ),
    (
        "2026/03/04 14:31:27 [error] 1187#1187: *90233 connect() failed (111: Connection refused), client: 198.51.100.23",
        "[error] connect() failed (111: Connection refused), client:"
    ),
    (
        "Feb 11 08:59:41 web3 sshd[812]: error: maximum authentication attempts",
        "web3 sshd[812]: error: maximum authentication attempts"
    ),
    ("[2026-03-04T14:31:27Z] E4304 at 0x00007f3a5c2e11 code 0x80070005", "E4304 at code 0x80070005"),
    (
        "198.51.100.66 - - [28/Feb/2026:22:31:07 +0100] \"GET /article HTTP/1.1\" 502 18212",
        "\"GET /article HTTP/1.1\" 502"
    ),
    ("08:59:41 job 6f1c2b9e-3d1a-4f6e-9a58-1f2d3c4b5a69 failed", "job failed"),
    // Prose keeps its words, and two equal lines of it.
    ("It began at nine.\nIt began at nine.", "It began at nine.\nIt began at nine."),
    ("PostgreSQL 15.4 on 192.0.2.7, port 5432", "PostgreSQL 15.4 on 192.0.2.7, port 5432"),
    ("Every morning at about a quarter to 08:59:41 or so", "Every morning at about a quarter to 08:59:41 or so"),
    (
        "java.net.ConnectException: Connection refused\n\tat a.b.Pool.open(Pool.java:12)\n\tat a.b.Main.run(Main.java:9)\n"
            + "\t... 23 more\nCaused by: a.b.PoolException: full\n\tat a.b.Pool.take(Pool.java:77)\n\tat x.y(Z.java:1)",
        "java.net.ConnectException: Connection refused\n\tat a.b.Pool.open(Pool.java:12)\n"
            + "Caused by: a.b.PoolException: full\n\tat a.b.Pool.take(Pool.java:77)"
    ),
    (
        "Traceback (most recent call last):\n  File \"/srv/app.py\", line 3, in main\n    run()\n"
            + "  File \"/srv/app.py\", line 9, in run\n    raise ValueError(x)\nValueError: 12 is no port",
        "Traceback (most recent call last):\n  File \"/srv/app.py\", line 3, in main\nValueError: 12 is no port"
    ),
    ("at nine (sharp) it fails\nAt ten (sharp) too", "at nine (sharp) it fails\nAt ten (sharp) too"),
    ("at nine it fails\nat ten it fails, too", "at nine it fails\nat ten it fails, too"),
])
func outputIsReadForItsSignatures(_ body: String, _ expected: String) throws {
    #expect(TicketQuery(try ticket(body: body)).text == "Subject\n" + expected)
}

/// A body of nothing but closings, blank lines or quote headers is read once, not once a line.
@Test(arguments: ["Thanks\n", "\n", "08:59:41 [1] x\n", "  at f(\n", "On Mon, Support wrote:\n", "x\n\nThanks\n\n\n"])
func aLongBodyIsReadInOneGo(_ line: String) throws {
    let body = String(repeating: line, count: 300_000 / line.utf8.count)
    #expect(TicketQuery(try ticket(body: body)).text.hasPrefix("Subject\n"))
}

@Test func errorCodesAndTheRequestersMessagesAreSearched() throws {
    let thread = """
        [{"at": "2026-02-11T09:00:00Z", "from": "agent", "body": "Which version?"},
         {"at": "2026-02-11T09:01:00Z", "from": "requester", "body": "fifteen"}]
        """
    let text = TicketQuery(try ticket(body: "It fails.", codes: ["53300"], thread: thread)).text
    #expect(text == "Subject\nIt fails.\nfifteen\n53300")
}

/// Error numbers stay, with or without letters; what only says which process it was goes.
@Test(arguments: [
    ("08:59:41 ERROR: 53300: too many", "ERROR: 53300: too many"),
    ("2026-02-11 08:59:41 CET [21877] FATAL: 28000 no entry", "FATAL: 28000 no entry"),
    ("Feb 11 08:59:41 sql Error: 18456, Severity: 14", "sql Error: 18456, Severity: 14"),
    (
        "2026-02-11 08:59:41 upstream answered with the status [502] for 4567890",
        "upstream answered with the status [502] for"
    ),
]) func anErrorsNumberIsKept(_ line: String, _ signature: String) throws {
    #expect(TicketQuery(try ticket(body: line)).text == "Subject\n" + signature)
}

@Test func theDeeperFramesOfPythonAndGoAreDropped() throws {
    let python = """
        Traceback (most recent call last):
          File "/app/a.py", line 3, in f
            g(53300)
            ~^^^^^^^
          File "/app/b.py", line 9, in g
            raise ValueError("gone")
            ^^^^^^^^^^^^^^^^^^^^^^^^
        ValueError: gone
        """
    let text = TicketQuery(try ticket(body: python)).text
    #expect(text.contains("a.py") && text.contains("ValueError: gone") && !text.contains("b.py"))
    #expect(!text.contains("^^"))
    let go = """
        panic: runtime error: index out of range

        goroutine 1 [running]:
        main.first(0x1)
        \t/app/first.go:12 +0x1d
        main.(*Pool).second(0xc000012345)
        \t/app/second.go:40 +0x2a
        created by main.start in goroutine 7
        \t/app/third.go:7 +0x4b
        It happens daily.
        """
    let trace = TicketQuery(try ticket(body: go)).text
    #expect(trace.contains("first.go") && trace.contains("It happens daily."))
    for word in ["second", "third", "created by"] { #expect(!trace.contains(word), "\(trace)") }
}

@Test func theLastMessageIsSearchedHoweverLongTheFirstIs() throws {
    let thread = """
        [{"at": "2026-01-01T10:00:00Z", "from": "requester", "body": "Now it says 53300 instead."}]
        """
    let text = TicketQuery(try ticket(body: String(repeating: "filler ", count: 900), thread: thread)).text
    #expect(text.hasSuffix("Now it says 53300 instead."))
    #expect(text.split(separator: " ").count < TicketQuery.bodyWordCountMax + 10)
}

@Test func aLongBodyIsSearchedByItsFirstWords() throws {
    let words = (1...TicketQuery.bodyWordCountMax + 1).map { "w\($0)" }
    let text = TicketQuery(try ticket(body: words.joined(separator: " \n"), codes: ["53300"])).text
    #expect(text.split(whereSeparator: \.isWhitespace).map(String.init) == ["Subject"] + words.dropLast() + ["53300"])
}

@Test(arguments: [("", "", false), ("??", "!!", false), ("502", "a", true), ("日本語", "接続", true)])
func aTicketWithoutWordsIsNotSearchable(_ subject: String, _ body: String, _ isSearchable: Bool) throws {
    #expect(TicketQuery(try ticket(subject: subject, body: body)).isSearchable == isSearchable)
}
