import Foundation

/// A message as a mail program sends it: with what it quotes, above or below, and with a signature.
struct MailBody {
    private let lines: [Substring]

    /// A closing with more lines behind it, or with longer ones, closes nothing.
    private static let signatureLineCountMax = 5
    private static let signatureLineLengthMax = 48

    init(_ text: String) {
        lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    }

    /// What its writer says: without quoted mail, and without what follows a signature's mark or a closing line.
    var ownWords: String { withoutSignature(withoutQuotes(lines)).joined(separator: "\n") }

    // MARK: Quoted mail

    /// A quoted message is marked line by line, or it is all that follows its header.
    private func withoutQuotes(_ lines: [Substring]) -> [Substring] {
        var kept: [Substring] = []
        var hasWords = false
        var index = 0
        while index < lines.count {
            let headerCount = quoteHeaderLineCount(lines[index...])
            if headerCount > 0 {
                index += headerCount
                if hasWords && !beginsMarked(lines[index...]) { break }
                continue
            }
            if !isMarked(lines[index]) {
                kept.append(lines[index])
                hasWords = hasWords || !isBlank(lines[index])
            }
            index += 1
        }
        return kept
    }

    private func isMarked(_ line: Substring) -> Bool { line.drop(while: \.isWhitespace).hasPrefix(">") }

    private func isBlank(_ line: Substring) -> Bool { line.allSatisfy(\.isWhitespace) }

    private func beginsMarked(_ lines: ArraySlice<Substring>) -> Bool {
        lines.first { !isBlank($0) }.map(isMarked) ?? false
    }

    /// The lines that mail programs put above a quoted message, such as `On Mon, 4 May 2026, Support wrote:`, perhaps
    /// broken in two; 0 where none stand here.
    private func quoteHeaderLineCount(_ lines: ArraySlice<Substring>) -> Int {
        let first = lines.first?.trimmingCharacters(in: .whitespaces) ?? ""
        if first.hasPrefix("-----Original Message") { return 1 }
        guard first.hasPrefix("On ") || first.hasPrefix("Am ") else { return 0 }
        if isQuoteHeaderEnd(first) { return 1 }
        let second = lines.dropFirst().first?.trimmingCharacters(in: .whitespaces) ?? ""
        return isQuoteHeaderEnd(second) && second.contains("@") ? 2 : 0
    }

    private func isQuoteHeaderEnd(_ line: String) -> Bool {
        line.hasSuffix("wrote:") || (line.hasSuffix(":") && line.contains("schrieb"))
    }

    // MARK: Signature

    private func withoutSignature(_ lines: [Substring]) -> ArraySlice<Substring> {
        // What stands before any word is a courtesy.
        guard let first = lines.firstIndex(where: { !isBlank($0) }) else { return lines[...] }
        let end = lines[first...].indices.dropFirst().first { index in
            // `-- ` on a line of its own begins a signature (RFC 3676, section 4.3).
            lines[index] == "-- " || (isClosing(lines[index]) && isSignature(lines[(index + 1)...]))
        }
        return lines[..<(end ?? lines.endIndex)]
    }

    private func isSignature(_ lines: ArraySlice<Substring>) -> Bool {
        let lines = lines.lazy.filter { !isBlank($0) }.prefix(Self.signatureLineCountMax + 1)
        return lines.count <= Self.signatureLineCountMax
            && lines.allSatisfy { $0.count <= Self.signatureLineLengthMax && !$0.hasSuffix("?") }
    }

    private static let closings: Set<String> = [
        "best regards", "kind regards", "regards", "best", "cheers", "thanks", "many thanks", "thank you", "sincerely",
        "mit freundlichen grüßen", "viele grüße", "sent from my",
    ]

    /// A closing, or a mark of dashes.
    private func isClosing(_ line: Substring) -> Bool {
        let line = line.trimmingCharacters(in: .whitespaces)
        guard !line.isEmpty else { return false }
        if line == "--" { return true }
        let words = line.lowercased().trimmingCharacters(in: .punctuationCharacters)
        return Self.closings.contains(words) || words.hasPrefix("sent from my ")
    }
}
