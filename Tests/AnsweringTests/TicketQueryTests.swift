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

/// A body of nothing but closings, blank lines or quote headers is read once, not once a line.
@Test(arguments: ["Thanks\n", "\n", "On Mon, Support wrote:\n", "x\n\nThanks\n\n\n"])
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

@Test func aLongBodyIsSearchedByItsFirstWords() throws {
    let words = (1...TicketQuery.bodyWordCountMax + 1).map { "w\($0)" }
    let text = TicketQuery(try ticket(body: words.joined(separator: " \n"), codes: ["53300"])).text
    #expect(text.split(whereSeparator: \.isWhitespace).map(String.init) == ["Subject"] + words.dropLast() + ["53300"])
}

@Test(arguments: [("", "", false), ("??", "!!", false), ("502", "a", true), ("日本語", "接続", true)])
func aTicketWithoutWordsIsNotSearchable(_ subject: String, _ body: String, _ isSearchable: Bool) throws {
    #expect(TicketQuery(try ticket(subject: subject, body: body)).isSearchable == isSearchable)
}
