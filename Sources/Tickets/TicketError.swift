/// Why a ticket was refused: the place as a JSON pointer (RFC 6901), and what to do.
package enum TicketError: Error, Equatable, Sendable {
    case notJSON(detail: String)
    case unknownField(pointer: String, known: [String])
    case missingField(pointer: String)
    case wrongType(pointer: String, expected: String)
    case badValue(pointer: String, got: String, expected: String)
    case tooLong(pointer: String, got: Int, expected: Int)

    /// The JSON pointer of the field at fault; empty for the whole ticket.
    package var pointer: String {
        switch self {
        case .notJSON: ""
        case .unknownField(let pointer, _), .missingField(let pointer), .wrongType(let pointer, _),
            .badValue(let pointer, _, _), .tooLong(let pointer, _, _):
            pointer
        }
    }
}

extension TicketError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notJSON(let detail): "is not a JSON object: \(detail)"
        case .unknownField(let pointer, let known):
            "\(pointer): unknown field; remove it or use one of \(known.joined(separator: ", "))"
        case .missingField(let pointer): "\(pointer): required field is missing"
        case .wrongType(let pointer, let expected): "\(pointer): expected \(expected)"
        case .badValue(let pointer, let got, let expected): "\(pointer): got \"\(got)\", expected \(expected)"
        case .tooLong(let pointer, let got, let expected):
            "\(pointer): has \(got) elements or bytes, at most \(expected) are accepted"
        }
    }
}
