import Foundation
import Testing
import Tickets

/// Names that scripts and the database hold on to.
@Suite struct TicketNounTests {
    @Test func eventsAndReasonsKeepTheirNames() {
        #expect(
            RefusalReason.allCases.map(\.rawValue) == ["nothing_found", "wrong_version", "not_visible", "unclear"])
        #expect([TicketEvent.created, .amended, .drafted(draft: 1)].map(\.name) == ["created", "amended", "drafted"])
    }

    @Test func aDraftSurvivesItsJSON() throws {
        let citation = Citation(
            document: "pg", revision: "ab", headingPath: ["A", "B"], byteRange: 3..<9, quote: "VACUUM")
        let statement = Statement(text: "Run `VACUUM`.", appliesTo: "postgresql >=15", citations: [citation])
        let answer = Draft(
            ticket: UUID(), status: .answered, reason: nil, confidence: 0.75, statements: [statement], questions: ["?"],
            relaxed: ["platform"])
        let refusal = Draft(
            ticket: UUID(), status: .refused, reason: .wrongVersion, confidence: 0, statements: [], questions: [],
            relaxed: [])
        for draft in [answer, refusal] {
            #expect(try JSONDecoder().decode(Draft.self, from: JSONEncoder().encode(draft)) == draft)
        }
    }

    @Test(arguments: [
        (TicketError.notJSON(byteOffset: 7, expected: "a value"), "is not JSON: expected a value at byte 7"),
        (.repeatedField(pointer: "/id"), "/id: stands twice in its object; remove one"),
        (.unknownField(pointer: "/a", known: ["b", "c"]), "/a: unknown field; remove it or use one of b, c"),
        (.missingField(pointer: "/id"), "/id: required field is missing"),
        (.wrongType(pointer: "/id", expected: "a string"), "/id: expected a string"),
        (.wrongType(pointer: "", expected: "an object"), "the ticket: expected an object"),
        (.badValue(pointer: "/id", got: "x", expected: "a UUID"), "/id: got \"x\", expected a UUID"),
        (.tooLong(pointer: "", got: 9, expected: 8), "the ticket: has 9 elements or bytes, at most 8 are accepted"),
    ])
    func anErrorSaysWhatAndWhere(error: TicketError, text: String) {
        #expect(error.description == text)
    }

    @Test func aRefusalWithoutAReasonIsAMistake() async {
        await #expect(processExitsWith: .failure) {
            _ = Draft(
                ticket: UUID(), status: .refused, reason: nil, confidence: 0, statements: [], questions: [],
                relaxed: [])
        }
    }
}
