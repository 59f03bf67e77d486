import Foundation
import Testing
import Tickets

/// Each limit holds exactly: as much is accepted, one more is refused with its place and both numbers.
@Suite struct TicketLimitTests {
    struct Limit: CustomTestStringConvertible {
        let pointer: String
        let max: Int
        let text: @Sendable (Int) -> TicketText
        var testDescription: String { pointer }
    }

    private static let time = #""at": "2026-09-14T09:00:00Z""#

    static let limits: [Limit] = [
        Limit(pointer: "/subject", max: TicketLimits.subjectByteCountMax) {
            .full.with("subject", quoted(byteCount: $0))
        },
        Limit(pointer: "/body", max: TicketLimits.bodyByteCountMax) { .full.with("body", quoted(byteCount: $0)) },
        Limit(pointer: "/thread/0/body", max: TicketLimits.bodyByteCountMax) {
            .full.with("thread", "[{\(time), \"body\": \(quoted(byteCount: $0))}]")
        },
        Limit(pointer: "/product", max: TicketLimits.valueByteCountMax) {
            .full.with("product", quoted(byteCount: $0))
        },
        Limit(pointer: "/version", max: TicketLimits.valueByteCountMax) {
            .full.with("version", quoted(byteCount: $0))
        },
        Limit(pointer: "/platform", max: TicketLimits.valueByteCountMax) {
            .full.with("platform", quoted(byteCount: $0))
        },
        Limit(pointer: "/requester/name", max: TicketLimits.valueByteCountMax) {
            .full.with("requester", "{\"name\": \(quoted(byteCount: $0))}")
        },
        Limit(pointer: "/requester/email", max: TicketLimits.valueByteCountMax) {
            .full.with("requester", "{\"email\": \(quoted(byteCount: $0))}")
        },
        Limit(pointer: "/error_codes", max: TicketLimits.errorCodeCountMax) {
            .full.with("error_codes", list("\"E1\"", count: $0))
        },
        Limit(pointer: "/error_codes/1", max: TicketLimits.valueByteCountMax) {
            .full.with("error_codes", "[\"E1\", \(quoted(byteCount: $0))]")
        },
        Limit(pointer: "/parameters", max: TicketLimits.parameterCountMax) { count in
            let pairs = (0..<count).map { "\"p\($0)\": \"x\"" }
            return .full.with("parameters", "{" + pairs.joined(separator: ",") + "}")
        },
        Limit(pointer: "/parameters/host", max: TicketLimits.valueByteCountMax) {
            .full.with("parameters", "{\"host\": \(quoted(byteCount: $0))}")
        },
        Limit(pointer: "/thread", max: TicketLimits.messageCountMax) {
            .full.with("thread", list("{\(time), \"body\": \"x\"}", count: $0))
        },
    ]

    @Test(arguments: limits) func aLimitHoldsExactly(_ limit: Limit) throws {
        #expect(throws: Never.self) { try Ticket(json: limit.text(limit.max).data) }
        #expect(throws: TicketError.tooLong(pointer: limit.pointer, got: limit.max + 1, expected: limit.max)) {
            try Ticket(json: limit.text(limit.max + 1).data)
        }
    }

    @Test func limitsAreInBytesNotCharacters() throws {
        let count = TicketLimits.subjectByteCountMax
        #expect(throws: Never.self) {
            try Ticket(json: TicketText.full.with("subject", quoted(byteCount: count, of: "é")).data)
        }
        #expect(throws: TicketError.tooLong(pointer: "/subject", got: count + 2, expected: count)) {
            try Ticket(json: TicketText.full.with("subject", quoted(byteCount: count + 2, of: "é")).data)
        }
    }

    @Test func aParameterNameIsAShortTextToo() throws {
        let max = TicketLimits.valueByteCountMax
        let name = String(repeating: "n", count: max)
        #expect(throws: Never.self) {
            try Ticket(json: TicketText.full.with("parameters", "{\"\(name)\": \"x\"}").data)
        }
        #expect(throws: TicketError.tooLong(pointer: "/parameters/\(name)n", got: max + 1, expected: max)) {
            try Ticket(json: TicketText.full.with("parameters", "{\"\(name)n\": \"x\"}").data)
        }
    }

    @Test func ofSeveralLongParametersTheFirstByNameIsReported() {
        let value = quoted(byteCount: TicketLimits.valueByteCountMax + 1)
        let pairs = ["c", "b", "d", "e"].map { "\"\($0)\": \(value)" }.joined(separator: ", ")
        let error = #expect(throws: TicketError.self) {
            try Ticket(json: TicketText.full.with("parameters", "{\(pairs)}").data)
        }
        #expect(error?.pointer == "/parameters/b")
    }

    /// `İ` has two bytes, its lower case three: what is kept must be readable again.
    @Test(arguments: ["product", "platform"]) func aNameThatGrowsInLowerCaseIsMeasuredAsKept(_ field: String) throws {
        let max = TicketLimits.valueByteCountMax
        #expect(throws: TicketError.tooLong(pointer: "/\(field)", got: max / 2 * 3, expected: max)) {
            try Ticket(json: TicketText.full.with(field, quoted(byteCount: max, of: "İ")).data)
        }
    }

    @Test(arguments: ["id", "created_at", "channel"]) func aRefusedValueIsNotRepeatedAtAnyLength(_ field: String) {
        let max = TicketLimits.valueByteCountMax
        #expect(throws: TicketError.tooLong(pointer: "/\(field)", got: max + 1, expected: max)) {
            try Ticket(json: TicketText.full.with(field, quoted(byteCount: max + 1)).data)
        }
    }

    @Test func aWholeTicketHasALimitToo() {
        let max = TicketLimits.ticketByteCountMax
        var data = TicketText.full.data
        data.append(Data(repeating: UInt8(ascii: " "), count: max - data.count))
        #expect(throws: Never.self) { try Ticket(json: data) }
        data.append(UInt8(ascii: " "))
        #expect(throws: TicketError.tooLong(pointer: "", got: max + 1, expected: max)) { try Ticket(json: data) }
    }
}
