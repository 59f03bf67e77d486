import Foundation
import Testing
import Tickets

@Suite struct TicketDecodingTests {
    @Test func everyFieldIsRead() throws {
        let ticket = try Ticket(json: TicketText.full.data)
        #expect(ticket.id == UUID(uuidString: "4852D6E6-0F0B-4D5C-9B1C-2F7A5F0C9E11"))
        #expect(ticket.createdAt == Date(timeIntervalSince1970: 1_789_373_520))
        #expect(ticket.channel == .email)
        #expect(ticket.requester?.name == "Ada")
        #expect(ticket.requester?.email == "ada@example.org")
        #expect(ticket.subject == "Replica lags")
        #expect(ticket.body == "It lags since this morning.")
        #expect(ticket.product == "postgresql", "a product is in lower case")
        #expect(ticket.version == "15.4")
        #expect(ticket.platform == "debian", "a platform is in lower case")
        #expect(ticket.errorCodes == ["53300", "FATAL"])
        #expect(ticket.parameters == ["host": "db1", "port": "5432"])
        #expect(ticket.thread.map(\.body) == ["Which version?"])
        #expect(ticket.thread.map(\.from) == [.agent])
        #expect(ticket.thread.map(\.at) == [Date(timeIntervalSince1970: 1_789_376_400)])
    }

    @Test func whatIsNotRequiredHasADefault() throws {
        let ticket = try Ticket(json: TicketText.smallest.data)
        #expect(ticket.channel == .api)
        #expect(ticket.requester == nil && ticket.product == nil && ticket.version == nil && ticket.platform == nil)
        #expect(ticket.errorCodes.isEmpty && ticket.parameters.isEmpty && ticket.thread.isEmpty)
    }

    @Test(arguments: [
        "channel", "requester", "product", "version", "platform", "error_codes", "parameters", "thread",
    ])
    func anOptionalFieldMayBeNull(_ field: String) throws {
        #expect(
            try Ticket(json: TicketText.smallest.with(field, "null").data) == Ticket(json: TicketText.smallest.data))
    }

    @Test(arguments: ["channel", "product", "version", "platform"])
    func anEmptyTextSaysNothing(_ field: String) throws {
        #expect(
            try Ticket(json: TicketText.smallest.with(field, "\"\"").data) == Ticket(json: TicketText.smallest.data))
    }

    @Test func anEmptySubjectAndBodyAreTexts() throws {
        let ticket = try Ticket(json: TicketText.smallest.with("subject", "\"\"").with("body", "\"\"").data)
        #expect(ticket.subject == "" && ticket.body == "")
    }

    @Test func anEmptyRequesterIsARequesterOfWhomNothingIsKnown() throws {
        let text = #"{"name": "", "email": null}"#
        let requester = try Ticket(json: TicketText.smallest.with("requester", text).data).requester
        #expect(requester != nil && requester?.name == nil && requester?.email == nil)
    }

    @Test(arguments: ["id", "created_at", "subject", "body"])
    func aRequiredFieldThatIsMissingIsNamed(_ field: String) {
        expect(.missingField(pointer: "/\(field)"), of: .full.with(field, nil))
    }

    @Test(arguments: [("at", #"{"body": "x"}"#), ("body", #"{"at": "2026-09-14T09:00:00Z"}"#)])
    func aRequiredFieldMissingFromAMessageIsNamedWithItsPlace(field: String, message: String) {
        let good = #"{"at": "2026-09-14T09:00:00Z", "body": "x"}"#
        expect(.missingField(pointer: "/thread/1/\(field)"), of: .full.with("thread", "[\(good), \(message)]"))
    }

    static let texts = ["id", "created_at", "subject", "body", "channel", "product", "version", "platform"]

    @Test(arguments: texts, ["5", "true", "[]", "{}"])
    func aTextOfAnotherTypeIsRefused(field: String, value: String) {
        expect(.wrongType(pointer: "/\(field)", expected: "a string"), of: .full.with(field, value))
    }

    @Test(arguments: ["id", "created_at", "subject", "body"])
    func aRequiredFieldMayNotBeNull(_ field: String) {
        expect(.wrongType(pointer: "/\(field)", expected: "a string"), of: .full.with(field, "null"))
    }

    @Test(arguments: [
        ("requester", #""Ada""#, "/requester", "an object"),
        ("requester", "[]", "/requester", "an object"),
        ("requester", #"{"name": 5}"#, "/requester/name", "a string"),
        ("requester", #"{"email": []}"#, "/requester/email", "a string"),
        ("error_codes", #""53300""#, "/error_codes", "a list"),
        ("error_codes", "{}", "/error_codes", "a list"),
        ("error_codes", #"["53300", 5]"#, "/error_codes/1", "a string"),
        ("error_codes", "[null]", "/error_codes/0", "a string"),
        ("parameters", "[]", "/parameters", "an object"),
        ("parameters", #"{"port": 5432}"#, "/parameters/port", "a string"),
        ("parameters", #"{"port": null}"#, "/parameters/port", "a string"),
        ("thread", "{}", "/thread", "a list"),
        ("thread", #"["hello"]"#, "/thread/0", "an object"),
        ("thread", "[null]", "/thread/0", "an object"),
        ("thread", #"[{"at": 5, "body": "x"}]"#, "/thread/0/at", "a string"),
        ("thread", #"[{"at": "2026-09-14T09:00:00Z", "from": 5, "body": "x"}]"#, "/thread/0/from", "a string"),
        ("thread", #"[{"at": "2026-09-14T09:00:00Z", "body": {}}]"#, "/thread/0/body", "a string"),
    ])
    func aPartOfAnotherTypeIsRefusedWithItsPlace(field: String, value: String, pointer: String, expected: String) {
        expect(.wrongType(pointer: pointer, expected: expected), of: .full.with(field, value))
    }

    @Test(arguments: ["[]", "5", "null", "\"ticket\"", "true"])
    func whatIsNotAnObjectIsNoTicket(_ json: String) {
        #expect(throws: TicketError.wrongType(pointer: "", expected: "an object")) { try Ticket(json: Data(json.utf8)) }
    }

    @Test(arguments: [
        ("summary", "\"x\"", "/summary"),
        ("Subject", "\"x\"", "/Subject"),
        ("createdAt", "\"x\"", "/createdAt"),
        ("", "\"x\"", "/"),
        ("a/b~c", "\"x\"", "/a~1b~0c"),
        ("requester", #"{"phone": "5"}"#, "/requester/phone"),
        ("requester", #"{"~/": "5"}"#, "/requester/~0~1"),
        ("thread", #"[{"at": "2026-09-14T09:00:00Z", "body": "x", "to": "y"}]"#, "/thread/0/to"),
    ])
    func anUnknownFieldIsRefusedAtEveryLevel(field: String, value: String, pointer: String) {
        let error = #expect(throws: TicketError.self) { try Ticket(json: TicketText.full.with(field, value).data) }
        guard case .unknownField(pointer, let known)? = error else {
            Issue.record("got \(String(describing: error))")
            return
        }
        #expect(known.contains(pointer.hasPrefix("/requester") ? "email" : "body"))
    }

    @Test func ofSeveralUnknownFieldsTheFirstByNameIsReported() {
        for _ in 0..<10 {
            let text = TicketText.full.with("zeta", "1").with("alpha", "1").with("omega", "1")
            let error = #expect(throws: TicketError.self) { try Ticket(json: text.data) }
            #expect(error?.pointer == "/alpha")
        }
    }

    @Test(arguments: ["007", "+5", "0", "Index 3", "a/b", "~"])
    func aParameterIsNamedAsItIsWritten(_ name: String) {
        let escaped = name.replacingOccurrences(of: "~", with: "~0").replacingOccurrences(of: "/", with: "~1")
        expect(
            .wrongType(pointer: "/parameters/\(escaped)", expected: "a string"),
            of: .full.with("parameters", "{\"\(name)\": 5}"))
    }

    @Test(arguments: [
        ("channel", "\"fax\"", "/channel", "fax", "one of email, form, chat, api"),
        ("channel", "\"Email\"", "/channel", "Email", "one of email, form, chat, api"),
        (
            "thread", #"[{"at": "2026-09-14T09:00:00Z", "from": "robot", "body": "x"}]"#, "/thread/0/from", "robot",
            "one of requester, agent"
        ),
    ])
    func aWordOutsideAClosedSetIsRefused(
        field: String, value: String, pointer: String, got: String, expected: String
    ) {
        expect(.badValue(pointer: pointer, got: got, expected: expected), of: .full.with(field, value))
    }

    @Test(arguments: [
        "", "4852d6e6", "4852d6e6-0f0b-4d5c-9b1c-2f7a5f0c9e1", "4852d6e6-0f0b-4d5c-9b1c-2f7a5f0c9e111",
        "4852d6e60f0b4d5c9b1c2f7a5f0c9e11", "{4852d6e6-0f0b-4d5c-9b1c-2f7a5f0c9e11}",
        "g852d6e6-0f0b-4d5c-9b1c-2f7a5f0c9e11", " 4852d6e6-0f0b-4d5c-9b1c-2f7a5f0c9e11",
        #"4852d6e6-0f0b-4d5c-9b1c-2f7a5f0c9e11\u0000and more"#,
    ])
    func whatIsNoUUIDIsRefused(_ text: String) {
        let got = text.replacingOccurrences(of: #"\u0000"#, with: "\0")
        expect(
            .badValue(pointer: "/id", got: got, expected: "a UUID (RFC 9562)"), of: .full.with("id", "\"\(text)\""))
    }

    private func expect(
        _ error: TicketError, of text: TicketText, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(throws: error, sourceLocation: sourceLocation) { try Ticket(json: text.data) }
    }
}
