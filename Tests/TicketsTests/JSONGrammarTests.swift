import Foundation
import Testing
import Tickets

/// What RFC 8259 and I-JSON refuse is refused before a ticket is read from it; the offset is where reading stopped.
@Suite struct JSONGrammarTests {
    @Test(arguments: [
        ("", 0, "a value"), (" \n", 2, "a value"), ("nul", 0, "a value"), ("True", 0, "a value"), ("'a'", 0, "a value"),
        ("{", 1, "a name in quotes"), ("{\"a\"", 4, "\":\""), ("{\"a\" 1}", 5, "\":\""), ("{\"a\":", 5, "a value"),
        ("{\"a\":1", 6, "\"}\""), ("{\"a\":1,}", 7, "a name in quotes"), ("{a:1}", 1, "a name in quotes"),
        ("{,}", 1, "a name in quotes"), ("{\"a\":1;\"b\":2}", 6, "\"}\""), ("[1", 2, "\"]\""), ("[1,]", 3, "a value"),
        ("[,1]", 1, "a value"), ("[1}", 2, "\"]\""), ("{} {}", 3, "the end"), ("{}x", 2, "the end"),
        ("\"a", 2, "\"\"\""), ("\"\t\"", 1, "an escape instead of a control character"),
        ("\"\u{0}\"", 1, "an escape instead of a control character"), ("\"\\x\"", 2, "a known escape"),
        ("\"\\", 2, "a known escape"), ("\"\\u12g4\"", 3, "four hexadecimal digits"),
        ("\"\\u+123\"", 3, "four hexadecimal digits"), ("\"\\u12", 3, "four hexadecimal digits"),
        ("\"\\udc00\"", 7, "the first half of a surrogate pair"),
        ("\"\\ud800\"", 7, "the second half of a surrogate pair"),
        ("\"\\ud800\\u0041\"", 13, "the second half of a surrogate pair"),
        ("\"\\ud800\\n\"", 8, "the second half of a surrogate pair"),
        ("01", 1, "the end"), ("-", 1, "a digit"), ("+1", 0, "a value"), (".5", 0, "a value"), ("1.", 2, "a digit"),
        ("1e", 2, "a digit"), ("1e+-2", 3, "a digit"), ("0x10", 1, "the end"), ("NaN", 0, "a value"),
        ("-Infinity", 1, "a digit"), ("1 // one", 2, "the end"), ("\u{A0}1", 0, "a value"),
    ])
    func whatIsNotJSONIsRefusedWithItsPlace(text: String, byteOffset: Int, expected: String) {
        #expect(throws: TicketError.notJSON(byteOffset: byteOffset, expected: expected)) {
            try Ticket(json: Data(text.utf8))
        }
    }

    /// Of these the ticket's own rules complain, so the grammar let them pass.
    @Test(arguments: [
        "null", "true", "false", "0", "-0", "10", "1.50", "1e5", "1E+05", "-1.5e-3", "\"\"", "[]", " [ ] ",
        "[[], {}, [{}]]", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\uD83D\\uDE00\"", "\u{FEFF}[]", "\"\u{7F}\u{2028}😀\"",
        "[{\"a\": 1}, {\"a\": 1}]",
    ])
    func anyJSONPasses(_ text: String) {
        #expect(throws: TicketError.wrongType(pointer: "", expected: "an object")) {
            try Ticket(json: Data(text.utf8))
        }
    }

    @Test func spaceMayStandBetweenAllParts() throws {
        let spaced = String(decoding: TicketText.full.data, as: UTF8.self)
            .replacingOccurrences(of: "\": ", with: "\" \n: ")
            .replacingOccurrences(of: #"([{}\[\],])"#, with: "\r\n\t $1 \r\n\t", options: .regularExpression)
        #expect(try Ticket(json: Data(spaced.utf8)) == Ticket(json: TicketText.full.data))
    }

    @Test(arguments: [
        ("subject", #""a", "subject": "b""#, "/subject"),
        ("subject", #""a", "subj\u0065ct": "b""#, "/subject"),
        ("parameters", #"{"host": "a", "port": "b", "host": "c"}"#, "/parameters/host"),
        ("parameters", #"{"a/b": "a", "a/b": "c"}"#, "/parameters/a~1b"),
        ("parameters", #"{"é": "a", "e\u0301": "c"}"#, "/parameters/é"),
        ("thread", #"[{}, {"body": "x", "body": "x"}]"#, "/thread/1/body"),
    ])
    func aNameThatStandsTwiceIsRefused(field: String, value: String, pointer: String) {
        #expect(throws: TicketError.repeatedField(pointer: pointer)) {
            try Ticket(json: TicketText.full.with(field, value).data)
        }
    }

    @Test func theDepthHasALimit() {
        let levels = { (count: Int) in
            Data((String(repeating: "[", count: count) + String(repeating: "]", count: count)).utf8)
        }
        #expect(throws: TicketError.wrongType(pointer: "", expected: "an object")) { try Ticket(json: levels(64)) }
        #expect(throws: TicketError.notJSON(byteOffset: 64, expected: "at most 64 levels")) {
            try Ticket(json: levels(65))
        }
        #expect(throws: TicketError.notJSON(byteOffset: 64, expected: "at most 64 levels")) {
            try Ticket(json: Data(repeating: UInt8(ascii: "["), count: TicketLimits.ticketByteCountMax))
        }
    }

    @Test func bytesThatAreNotUTF8AreRefused() {
        for bytes in [
            [0x22, 0xFF, 0x22], [0x22, 0xC0, 0xAF, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0xFF, 0xFE, 0x31, 0],
        ] {
            #expect(throws: TicketError.notJSON(byteOffset: 0, expected: "UTF-8")) {
                try Ticket(json: Data(bytes.map(UInt8.init)))
            }
        }
    }
}
