import Foundation
package import Tickets

/// What is searched for a ticket: its words without what mail adds to them, and its error codes.
package struct TicketQuery {
    package let text: String

    /// Words of a body that are searched; a longer one says its point early or repeats itself.
    package static let bodyWordCountMax = 400

    package init(_ ticket: Ticket) {
        let bodies = [ticket.body] + ticket.thread.filter { $0.from == .requester }.map(\.body)
        let body = firstWords(Self.bodyWordCountMax, of: bodies.map(withoutMailFurniture).joined(separator: "\n"))
        text = ([ticket.subject, body] + ticket.errorCodes).joined(separator: "\n")
    }

    /// Whether there is something to search for: a handful of letters at least.
    package var isSearchable: Bool {
        text.unicodeScalars.count { $0.properties.isAlphabetic || $0.properties.numericType != nil } >= 4
    }
}

/// The text up to the end of its `count`th word.
private func firstWords(_ count: Int, of text: String) -> String {
    var left = count
    var wasSpace = true
    let end = text.firstIndex { character in
        if !character.isWhitespace && wasSpace { left -= 1 }
        wasSpace = character.isWhitespace
        return left < 0
    }
    return String(text[..<(end ?? text.endIndex)])
}

/// A message without quoted mail and without what follows a signature's mark or a closing line.
///
/// `-- ` on a line of its own begins a signature (RFC 3676, section 4.3).
private func withoutMailFurniture(_ body: String) -> String {
    var lines: [Substring] = []
    for line in body.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
        let trimmed = line.trimmingCharacters(in: .whitespaces)
        if trimmed == "--" || isClosing(trimmed) || isQuoteHeader(trimmed) { break }
        if !trimmed.hasPrefix(">") { lines.append(line) }
    }
    return lines.joined(separator: "\n")
}

private let closings = [
    "best regards", "kind regards", "regards", "best", "cheers", "thanks", "many thanks", "thank you", "sincerely",
    "mit freundlichen grüßen", "viele grüße", "sent from my",
]

private func isClosing(_ line: String) -> Bool {
    let line = line.lowercased().trimmingCharacters(in: .punctuationCharacters)
    return closings.contains(line) || line.hasPrefix("sent from my ")
}

/// The line that mail programs put above a quoted message, such as `On Mon, 4 May 2026, Support wrote:`.
private func isQuoteHeader(_ line: String) -> Bool {
    (line.hasPrefix("On ") && line.hasSuffix("wrote:")) || line.hasPrefix("-----Original Message")
}
