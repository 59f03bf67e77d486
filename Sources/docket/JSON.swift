import Foundation

/// A JSON value (RFC 8259) whose objects keep the order in which they were written, as the documented outputs do.
enum JSON {
    case object([(String, JSON)])
    case array([JSON])
    case string(String)
    case integer(Int)
    case number(Double)
    case boolean(Bool)
    case null

    /// The value on one line.
    var text: String {
        switch self {
        case .object(let members):
            "{" + members.map { Self.quoted($0) + ":" + $1.text }.joined(separator: ",") + "}"
        case .array(let elements): "[" + elements.map(\.text).joined(separator: ",") + "]"
        case .string(let string): Self.quoted(string)
        case .integer(let integer): "\(integer)"
        case .number(let number): number.isFinite ? "\(number)" : "null"
        case .boolean(let boolean): boolean ? "true" : "false"
        case .null: "null"
        }
    }

    /// An object with one more member at its end.
    func adding(_ name: String, _ value: JSON) -> JSON {
        guard case .object(let members) = self else { preconditionFailure("only an object has members") }
        return .object(members + [(name, value)])
    }

    static func optional(_ string: String?) -> JSON { string.map(JSON.string) ?? .null }

    static func optional(_ integer: Int?) -> JSON { integer.map(JSON.integer) ?? .null }

    static func strings(_ strings: [String]) -> JSON { .array(strings.map(JSON.string)) }

    /// A measured value, rounded to what is worth reading.
    static func rounded(_ number: some BinaryFloatingPoint, places: Int = 4) -> JSON {
        let scale = pow(10, Double(places))
        return .number((Double(number) * scale).rounded() / scale)
    }

    private static func quoted(_ string: String) -> String {
        var quoted = "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            case "\u{0}"..<"\u{20}", "\u{7f}": quoted += String(format: "\\u%04x", scalar.value)
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
