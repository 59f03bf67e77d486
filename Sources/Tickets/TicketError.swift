/// Why a ticket was refused: the place as a JSON pointer (RFC 6901), and what to do.
package enum TicketError: Error, Equatable, Sendable {
    case notJSON(byteOffset: Int, expected: String)
    case repeatedField(pointer: String)
    case unknownField(pointer: String, known: [String])
    case missingField(pointer: String)
    case wrongType(pointer: String, expected: String)
    case badValue(pointer: String, got: String, expected: String)
    case tooLong(pointer: String, got: Int, expected: Int)

    /// The JSON pointer of the field at fault; empty for the whole ticket.
    package var pointer: String {
        switch self {
        case .notJSON: ""
        case .repeatedField(let pointer), .unknownField(let pointer, _), .missingField(let pointer),
            .wrongType(let pointer, _), .badValue(let pointer, _, _), .tooLong(let pointer, _, _):
            pointer
        }
    }
}

extension TicketError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notJSON(let byteOffset, let expected): "is not JSON: expected \(expected) at byte \(byteOffset)"
        case .repeatedField(let pointer): "\(place(pointer)): stands twice in its object; remove one"
        case .unknownField(let pointer, let known):
            "\(place(pointer)): unknown field; remove it or use one of \(known.joined(separator: ", "))"
        case .missingField(let pointer): "\(place(pointer)): required field is missing"
        case .wrongType(let pointer, let expected): "\(place(pointer)): expected \(expected)"
        case .badValue(let pointer, let got, let expected): "\(place(pointer)): got \"\(got)\", expected \(expected)"
        case .tooLong(let pointer, let got, let expected):
            "\(place(pointer)): has \(got) elements or bytes, at most \(expected) are accepted"
        }
    }
    private func place(_ pointer: String) -> String { pointer.isEmpty ? "the ticket" : pointer }
}
