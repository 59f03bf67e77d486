import Foundation

/// A ticket's JSON, field by field as text, so that a test can say anything: a wrong type, a key twice, nothing.
struct TicketText {
    var fields: [String: String]

    /// Only what is required.
    static let smallest = TicketText(fields: [
        "id": #""4852d6e6-0f0b-4d5c-9b1c-2f7a5f0c9e11""#, "created_at": #""2026-09-14T08:12:00Z""#,
        "subject": #""Replica lags""#, "body": #""It lags since this morning.""#,
    ])

    /// Every field.
    static let full =
        smallest
        .with("channel", #""email""#)
        .with("requester", #"{"name": "Ada", "email": "ada@example.org"}"#)
        .with("product", #""PostgreSQL""#)
        .with("version", #""15.4""#)
        .with("platform", #""Debian""#)
        .with("error_codes", #"["53300", "FATAL"]"#)
        .with("parameters", #"{"host": "db1", "port": "5432"}"#)
        .with("thread", #"[{"at": "2026-09-14T09:00:00Z", "from": "agent", "body": "Which version?"}]"#)

    func with(_ field: String, _ json: String?) -> TicketText {
        var copy = self
        copy.fields[field] = json
        return copy
    }

    var data: Data {
        Data(("{" + fields.sorted { $0.key < $1.key }.map { "\"\($0)\": \($1)" }.joined(separator: ", ") + "}").utf8)
    }
}

/// A JSON string of so many bytes between its quotes.
func quoted(byteCount: Int, of character: String = "x") -> String {
    "\"" + String(repeating: character, count: byteCount / character.utf8.count) + "\""
}

/// A JSON list of the same element.
func list(_ element: String, count: Int) -> String {
    "[" + [String](repeating: element, count: count).joined(separator: ", ") + "]"
}
