import Foundation
package import Tickets

/// Judges whether the words that a statement cites support it, without any model.
///
///     StatementChecker().judge("Wait 30 seconds.", citing: ["Wait for 30 s."]).isSupported      // true
///     StatementChecker().judge("Wait 30 minutes.", citing: ["Wait for 30 s."]).isSupported      // false, a number
///
/// What can be looked up must be there: numbers with their units, code, identifiers, names, quoted words. Where both
/// texts run side by side, negation, modality and contrary words must agree. The rest is weighed: how many words the
/// span covers, and what only one of both denies. A statement whose span says it word for word is always supported.
package struct StatementChecker: Sendable {
    private let weights: CheckerWeights

    package init(weights: CheckerWeights = .fitted) { self.weights = weights }

    /// Judges a draft's statement by the words that its citations quote.
    package func judge(_ statement: Statement, values: [String: String] = [:]) -> Verdict {
        judge(statement.text, citing: statement.citations.map(\.quote), values: values)
    }

    /// - Parameters:
    ///   - statement: Markdown.
    ///   - quotes: the spans that it cites, as they stand in their pages; any format that pages have.
    ///   - values: the ticket's parameters by name: each may stand in the statement for a span's `{{name}}`.
    package func judge(_ statement: String, citing quotes: [String], values: [String: String] = [:]) -> Verdict {
        let (said, cited) = (
            FlatText(statement), FlatText(filled(quotes.joined(separator: "\n\n"), values, for: statement))
        )
        guard !cited.bytes.isEmpty else {
            let reason = Verdict.Reason(kind: .uncited, words: statement, instead: nil, isVeto: true)
            return Verdict(score: 0, reasons: [reason])
        }
        guard statement.utf8.count <= FlatText.byteCountMax else { return .tooLong(statement) }
        let copy = Verdict(score: weights.probability(of: .none), reasons: [])
        if isCopy(said, of: cited, withValues: !values.isEmpty) { return copy }
        let (saidText, citedText) = (CheckedText(said), CheckedText(cited))
        guard !saidText.isCut else { return .tooLong(statement) }
        if isVerbatim(saidText, citedText) { return copy }
        guard TokenAlignment.canAlign(saidText.tokens.count, citedText.tokens.count) else {
            return .tooLong(statement)
        }
        let judgement = Judgement(ComparedTokens(saidText), ComparedTokens(citedText))
        return Verdict(score: weights.probability(of: judgement.features), reasons: judgement.reasons)
    }

    /// What the score of a statement is made of.
    package func features(_ statement: String, citing quotes: [String]) -> CheckerFeatures {
        let cited = CheckedText(FlatText(quotes.joined(separator: "\n\n")))
        return Judgement(ComparedTokens(CheckedText(FlatText(statement))), ComparedTokens(cited)).features
    }

    /// The span with the values of the ticket, save where the statement leaves the name visible. Where it does so in
    /// one place and not in another, both. What stands in a value is not read again.
    private func filled(_ quote: String, _ values: [String: String], for statement: String) -> String {
        var filled = ""
        var isMixed = false
        var rest = quote[...]
        while let open = rest.range(of: "{{"), let close = rest[open.upperBound...].range(of: "}}") {
            let placeholder = rest[open.lowerBound..<close.upperBound]
            let name = rest[open.upperBound..<close.lowerBound].trimmingCharacters(in: .whitespaces)
            let isVisible = statement.contains(placeholder)
            let value = values[name].flatMap { isVisible && !statement.contains($0) ? nil : $0 }
            isMixed = isMixed || isVisible && value != nil
            filled += rest[..<open.lowerBound] + (value ?? String(placeholder))
            rest = rest[close.upperBound...]
        }
        filled += rest
        return isMixed ? filled + "\n\n" + quote : filled
    }

    /// Whether the bytes are the same; a value of the ticket may be quoted for its place.
    private func isCopy(_ said: FlatText, of cited: FlatText, withValues: Bool) -> Bool {
        if said.bytes == cited.bytes { return true }
        return withValues && said.bytes.filter(isNoQuote) == cited.bytes.filter(isNoQuote)
    }

    /// Whether the statement is whole clauses of the span, word for word.
    private func isVerbatim(_ said: CheckedText, _ cited: CheckedText) -> Bool {
        let (needle, text) = (said.tokens, cited.tokens)
        guard !needle.isEmpty, needle.count <= text.count else { return false }
        for start in 0...text.count - needle.count
        where text[start].key == needle[0].key && (start == 0 || text[start - 1].clause != text[start].clause) {
            let end = start + needle.count
            guard end == text.count ? !cited.isCut : text[end].clause != text[end - 1].clause else { continue }
            if zip(text[start..<end], needle).allSatisfy({ $0.key == $1.key && cited.text(of: $0) == said.text(of: $1) }
            ) {
                return true
            }
        }
        return false
    }
}

/// One statement laid beside one span.
private struct Judgement {
    let features: CheckerFeatures
    let reasons: [Verdict.Reason]

    init(_ statement: ComparedTokens, _ span: ComparedTokens) {
        let alignment = TokenAlignment(statement, span)
        let missing = FactCheck(statement, span).reasons()
        let differences = DifferenceCheck(statement, span, alignment).reasons()
        let sense = SenseCheck(statement, span)
        features = CheckerFeatures(
            sense, differences, alignment, missingCount: missing.count,
            isDenied: Negation.differs(statement, span))
        func weak(_ kind: Verdict.Kind, _ indexes: [Int]) -> Verdict.Reason? {
            guard !indexes.isEmpty else { return nil }
            let words = indexes.map(statement.word).joined(separator: ", ")
            return Verdict.Reason(kind: kind, words: words, instead: nil, isVeto: false)
        }
        let weighed = [
            weak(.negation, sense.denied), weak(.contrary, sense.contrary), weak(.modality, sense.modality),
            weak(.restriction, sense.restrictions), weak(.uncovered, sense.uncovered),
        ]
        reasons = missing + differences + weighed.compactMap { $0 }
    }
}
