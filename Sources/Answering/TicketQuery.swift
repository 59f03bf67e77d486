import Foundation
package import Tickets

/// What is searched for a ticket: its words without what mail adds to them and logs repeat, and its error codes.
///
/// Measured on the handbook's `dev` tickets (`docs/decisions/0021-what-is-searched-for-a-ticket.md`).
package struct TicketQuery {
    package let text: String

    /// Words of a body that are searched; a longer one says its point early or repeats itself.
    package static let bodyWordCountMax = 400

    package init(_ ticket: Ticket) {
        func words(_ body: String) -> String { PastedOutput(MailBody(body).ownWords).signatures }
        // The last message is what is asked now: a long first one does not push it out.
        let later = ticket.thread.filter { $0.from == .requester }.map { words($0.body) }
        let replies = firstWords(Self.bodyWordCountMax / 2, of: later.reversed().joined(separator: "\n"))
        let left = Self.bodyWordCountMax - replies.split(whereSeparator: \.isWhitespace).count
        let parts = [ticket.subject, firstWords(left, of: words(ticket.body))] + (replies.isEmpty ? [] : [replies])
        text = (parts + ticket.errorCodes).joined(separator: "\n")
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
