/// What is said otherwise where statement and span run side by side.
///
/// Between neighbours that both texts share, words may differ only by others that say the same, or by words that carry
/// no meaning of their own; the statement may leave out what does not change the rest.
struct DifferenceCheck {
    let statement: ComparedTokens
    let span: ComparedTokens
    let alignment: TokenAlignment

    /// A statement that stands in the span in its order to this share is a copy: a difference is a veto. In a text told
    /// in other words the same neighbours mean less.
    static let closenessMin = 0.8
    /// So is a statement of which no more than this is not in the span (a function word counts half), or no more than
    /// two words in each other's place, and a stretch with as many equal neighbours.
    static let unmatchedMax = 1.5
    static let exchangedMax = 2.0
    static let neighboursMin = 8.0
    /// Tokens of a gap; in a longer one the texts do not run side by side.
    private static let gapCountMax = 5

    init(_ statement: ComparedTokens, _ span: ComparedTokens, _ alignment: TokenAlignment) {
        self.statement = statement
        self.span = span
        self.alignment = alignment
    }

    func reasons() -> [Verdict.Reason] {
        let gaps = alignment.gaps.filter {
            $0.isAnchored && $0.statement.count <= Self.gapCountMax && $0.span.count <= Self.gapCountMax
        }
        return gaps.compactMap { gap in
            difference(gap, in: gaps).map { kind in
                reason(kind, gap, isVeto: isCopy(gap, kind) && !(kind == .negation && isDeniedElsewhere(gap)))
            }
        }
    }

    /// `no such name exists` for `the name does not exist`: what follows is denied in both.
    private func isDeniedElsewhere(_ gap: TokenAlignment.Gap) -> Bool {
        alignment.matches.contains { index, other in
            (0..<Negation.reachMax / 2).contains(index - gap.statement.upperBound)
                && statement.isDenied[index] && span.isDenied[other] && !statement.tokens[index].isFunction
        }
    }

    private func reason(_ kind: Verdict.Kind, _ gap: TokenAlignment.Gap, isVeto: Bool) -> Verdict.Reason {
        let instead = span.words(gap.span)
        return Verdict.Reason(
            kind: kind, words: gap.statement.isEmpty ? instead : statement.words(gap.statement),
            instead: instead.isEmpty || gap.statement.isEmpty ? nil : instead, isVeto: isVeto)
    }

    private func isCopy(_ gap: TokenAlignment.Gap, _ kind: Verdict.Kind) -> Bool {
        alignment.closeness >= Self.closenessMin
            || alignment.unmatched <= (kind == .exchange ? Self.exchangedMax : Self.unmatchedMax)
            || kind != .relation && gap.before + gap.after >= Self.neighboursMin
    }

    private func difference(_ gap: TokenAlignment.Gap, in gaps: [TokenAlignment.Gap]) -> Verdict.Kind? {
        let added = gap.statement.filter { index in
            !gap.span.contains { statement.relation(index, span, $0) == .same }
        }.map { statement.tokens[$0] }
        let left = gap.span.filter { index in
            !gap.statement.contains { span.relation(index, statement, $0) == .same }
        }.map { span.tokens[$0] }
        if isDenied(added) != isDenied(left) {
            return isContrary(gap) ? nil : .negation
        }
        if isContrary(gap) { return isDenied(added) ? nil : .contrary }
        if modality(gap) { return .modality }
        for words in [added, left] where words.contains(where: { WordClass.restricting.contains($0.key) }) {
            return .restriction
        }
        return exchange(added, left, gap, in: gaps) ?? relation(added, left)
    }

    private func isDenied(_ tokens: [CheckedText.Token]) -> Bool { tokens.count(where: Negation.isCue) % 2 == 1 }

    private func isContrary(_ gap: TokenAlignment.Gap) -> Bool {
        gap.statement.contains { index in
            if Negation.isCue(statement.tokens[index]) { return false }
            let relations = gap.span.filter { !Negation.isCue(span.tokens[$0]) }.compactMap {
                statement.relation(index, span, $0)
            }
            return relations.contains(.contrary) && !relations.contains(.same)
        }
    }

    private func modality(_ gap: TokenAlignment.Gap) -> Bool {
        let (said, meant) = (
            Modality.level(of: statement.tokens[gap.statement]), Modality.level(of: span.tokens[gap.span])
        )
        if said != meant && (said >= 2 || meant >= 2) { return true }
        // `needs a reload` binds only beside `may`.
        let needs = [statement.tokens[gap.statement], span.tokens[gap.span]].contains {
            $0.contains { $0.key == "need" }
        }
        return needs && min(said, meant) == 0 && max(said, meant) > 0
    }

    /// A thing that the span names elsewhere in the place of another.
    private func exchange(
        _ added: [CheckedText.Token], _ left: [CheckedText.Token], _ gap: TokenAlignment.Gap,
        in gaps: [TokenAlignment.Gap]
    ) -> Verdict.Kind? {
        let strangers = added.filter { !$0.isFunction }
        guard !strangers.isEmpty, left.contains(where: { !$0.isFunction }), !isReordered(gap, in: gaps) else {
            return nil
        }
        let isNamed = strangers.contains { token in span.tokens.contains { $0.key == token.key } }
        return isNamed ? .exchange : .uncovered
    }

    /// A word that says how two things stand to each other, in the place of another: to for from.
    private func relation(_ added: [CheckedText.Token], _ left: [CheckedText.Token]) -> Verdict.Kind? {
        let isOther =
            added.contains { WordClass.relating.contains($0.key) }
            && left.contains { WordClass.relating.contains($0.key) }
        return isOther ? .relation : nil
    }

    /// `A and B` for `B and A` says the same.
    private func isReordered(_ gap: TokenAlignment.Gap, in gaps: [TokenAlignment.Gap]) -> Bool {
        gaps.contains { other in
            let between =
                other.statement.lowerBound > gap.statement.lowerBound
                ? gap.statement.upperBound..<max(other.statement.lowerBound, gap.statement.upperBound)
                : other.statement.upperBound..<max(gap.statement.lowerBound, other.statement.upperBound)
            guard between.count <= 1, other.statement != gap.statement,
                between.allSatisfy({ ["and", "or", "nor"].contains(statement.tokens[$0].key) })
            else { return false }
            return gap.statement.contains { index in other.span.contains { statement.isSame(index, span, $0) } }
        }
    }
}

/// Function words by what a change of them does.
enum WordClass {
    static let restricting: Set<String> = [
        "only", "unless", "except", "alon", "sole", "all", "every", "each", "both", "any", "some", "other", "sometim",
        "alway", "most", "few", "more", "less", "fewer", "least", "at-least", "at-most", "up-to",
    ]
    static let relating: Set<String> = [
        "to", "from", "into", "before", "after", "until", "since", "with", "above", "below", "over", "under", "inside",
        "outside", "up", "down", "on", "off", "out", "in", "between", "during", "if",
    ]
    /// More or less, on or off: what they measure need not stand beside them.
    static let measuring: Set<String> = [
        "at-least", "at-most", "up-to", "more", "less", "fewer", "above", "below", "over", "under", "on", "off", "up",
        "down",
        "inside", "outside",
    ]
    /// Words that turn round what is said of the word behind them.
    static let directions = [
        "before": "after", "after": "before", "from": "to", "to": "from", "into": "from", "with": "without",
        "without": "with",
    ]
    static let determining: Set<String> = [
        "a", "an", "the", "this", "that", "these", "those", "its", "your", "their", "our", "each", "every", "another",
        "no", "any", "of", "one",
    ]

    /// Which of `only`, `all` and `some` a word is like.
    static func quantity(_ key: String) -> Int? {
        switch key {
        case "only", "just", "alon", "sole", "singl", "except", "unless": 0
        case "all", "every", "each", "any", "both", "alway", "whole", "entir", "complet": 1
        case "some", "sometim", "few", "sever", "part": 2
        default: nil
        }
    }
}
