import Foundation
import TestSupport
import Testing
import Tickets

/// What is written reads equal, and is written equal again: an import of the same ticket changes nothing.
@Suite struct TicketRoundTripTests {
    @Test(arguments: [TicketText.smallest, .full]) func aTicketSurvivesItsJSON(_ text: TicketText) throws {
        try expectRoundTrip(of: Ticket(json: text.data))
    }

    @Test func theJSONHasSortedKeysAndLeavesOutWhatIsEmpty() throws {
        let text = TicketText.smallest.with("body", #""see /etc/fstab""#).with("requester", "{}")
        let expected =
            #"{"body":"see /etc/fstab","channel":"api","created_at":"2026-09-14T08:12:00Z","#
            + #""id":"4852d6e6-0f0b-4d5c-9b1c-2f7a5f0c9e11","requester":{},"subject":"Replica lags"}"#
        #expect(String(decoding: try Ticket(json: text.data).json(), as: UTF8.self) == expected)
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64]) func anyTicketSurvivesItsJSON(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<200 { try expectRoundTrip(of: Ticket(json: randomTicket(using: &generator).data)) }
    }

    private func expectRoundTrip(of ticket: Ticket) throws {
        let json = try ticket.json()
        let again = try Ticket(json: json)
        #expect(again == ticket)
        #expect(try again.json() == json)
    }
}

/// The tickets that ship with the repository.
@Suite(.enabled(if: FileManager.default.fileExists(atPath: corpus.path), "corpus/tickets is absent"))
struct CorpusTicketTests {
    @Test func everyTicketOfTheCorpusIsDecoded() throws {
        let names = try FileManager.default.subpathsOfDirectory(atPath: corpus.path).filter { $0.hasSuffix(".json") }
        #expect(!names.isEmpty)
        for name in names {
            let data = try Data(contentsOf: corpus.appending(path: name))
            #expect(throws: Never.self, "\(name)") {
                let ticket = try Ticket(json: data)
                #expect(try Ticket(json: ticket.json()) == ticket, "\(name)")
            }
        }
    }
}

private let corpus = Repository.root.appending(path: "corpus/tickets")

private let awkwardTexts = [
    "", "a", "…", "\"", "\\", "/", "\n\t\r", "\u{0}", "\u{1F}", "\u{7F}", "\u{2028}", "é", "e\u{301}", "👩🏽‍💻",
    "-0", "null", "<b>&amp;</b>", "{{host}}", "ß", "İ", "Σ",
]

private func randomTicket(using generator: inout SeededGenerator) -> TicketText {
    func text(_ generator: inout SeededGenerator) -> String {
        (0..<Int.random(in: 0...4, using: &generator)).map { _ in awkwardTexts.randomElement(using: &generator)! }
            .joined()
    }
    func json(_ value: some Encodable) -> String { String(decoding: try! JSONEncoder().encode(value), as: UTF8.self) }
    var ticket = TicketText.full
    for field in ["subject", "body", "product", "version", "platform"] {
        ticket = ticket.with(field, json(text(&generator)))
    }
    for field in ["channel", "requester", "product", "version", "platform", "error_codes", "parameters", "thread"]
    where Bool.random(using: &generator) {
        ticket = ticket.with(field, nil)
    }
    if ticket.fields["parameters"] != nil {
        ticket = ticket.with("parameters", json([text(&generator) + "k": text(&generator)]))
    }
    if ticket.fields["error_codes"] != nil {
        ticket = ticket.with("error_codes", json([text(&generator), text(&generator)]))
    }
    return ticket
}
