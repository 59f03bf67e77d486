/// What the checker thinks of a statement.
package struct Verdict: Sendable, Equatable {
    /// How probable it is that the cited words say it, 0 to 1.
    package let score: Double
    /// What speaks against it, in the order of the checks.
    package let reasons: [Reason]

    /// What is too long to be looked at is not supported.
    static func tooLong(_ statement: String) -> Verdict {
        let reason = Reason(kind: .tooLong, words: String(statement.prefix(80)), instead: nil, isVeto: true)
        return Verdict(score: 0, reasons: [reason])
    }

    /// Below it a statement is not kept.
    package static let threshold = 0.5

    /// A single veto decides, whatever the score.
    package var isSupported: Bool { score >= Self.threshold && !reasons.contains(where: \.isVeto) }

    /// Something in the statement that the cited words do not say, or say otherwise.
    package struct Reason: Sendable, Equatable, CustomStringConvertible {
        package let kind: Kind
        /// The offending words of the statement.
        package let words: String
        /// What the span has in their place, where there is something.
        package let instead: String?
        package let isVeto: Bool

        /// `number: 31 seconds`, `contrary: after (the page says: before)`
        package var description: String {
            "\(kind.rawValue): \(words)" + (instead.map { " (the page says: \($0))" } ?? "")
        }
    }

    package enum Kind: String, Sendable, Equatable, CaseIterable, Codable {
        /// Nothing is cited that could support it.
        case uncited
        /// The statement, or what it cites, is longer than what can be compared.
        case tooLong = "too long"
        /// A number that the span lacks, or has with another unit.
        case number
        /// A code span or a line of code.
        case code
        /// An error code, version, flag, path, host or name from a program.
        case identifier
        /// Words in quotation marks.
        case quotation
        /// A name written with a capital letter.
        case name
        /// Said of one, denied of the other.
        case negation
        /// Must for may, should for can.
        case modality
        /// The contrary word: more for less, before for after, enable for disable.
        case contrary
        /// Two things in each other's place, or one in the place of another.
        case exchange
        /// Only, or all, where the span does not say so.
        case restriction
        /// A word for how things stand to each other in the place of another: to for from.
        case relation
        /// Words that the span does not cover.
        case uncovered
    }
}
