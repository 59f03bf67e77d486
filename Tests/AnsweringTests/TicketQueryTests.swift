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
])
func whatMailAddsIsNotSearched(_ body: String, _ expected: String) throws {
    #expect(TicketQuery(try ticket(body: body)).text == "Subject\n" + expected)
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
