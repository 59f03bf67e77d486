/// A text's tokens with all that is asked of them again and again: their senses, and what is denied of them.
struct ComparedTokens {
    let text: CheckedText
    let tokens: [CheckedText.Token]
    /// `[tokens]`
    let senses: [[Thesaurus.Sense]]
    /// Whether an odd number of negations reaches the token, `[tokens]`.
    let isDenied: [Bool]
    /// Whether a word such as `stop` or `lack` stands near, which may deny it as well, `[tokens]`.
    let isHampered: [Bool]
    private let hashes: [Int]

    init(_ text: CheckedText) {
        self.text = text
        tokens = text.tokens
        senses = tokens.map { $0.isExact ? [] : Thesaurus.shared.senses(of: $0.key) }
        isDenied = Negation.reach(in: tokens)
        isHampered = Negation.hampered(in: tokens)
        hashes = tokens.map(\.key.hashValue)
    }

    var count: Int { tokens.count }

    func word(_ index: Int) -> String { text.text(of: tokens[index]) }

    func words(_ range: Range<Int>) -> String {
        guard let first = range.first, let last = range.last else { return "" }
        return text.flat.string(in: tokens[first].range.lowerBound..<tokens[last].range.upperBound)
    }

    func isSame(_ index: Int, _ other: ComparedTokens, _ otherIndex: Int) -> Bool {
        let (left, right) = (tokens[index], other.tokens[otherIndex])
        if case .number(let quantity) = left.kind {
            if case .number(let otherQuantity) = right.kind { return quantity.agrees(with: otherQuantity) }
            return false
        }
        return hashes[index] == other.hashes[otherIndex] && left.key == right.key
    }

    func relation(_ index: Int, _ other: ComparedTokens, _ otherIndex: Int) -> Thesaurus.Relation? {
        if isSame(index, other, otherIndex) { return .same }
        var relation: Thesaurus.Relation?
        for sense in senses[index] {
            for otherSense in other.senses[otherIndex] where otherSense.group == sense.group {
                if otherSense.isContrary == sense.isContrary { return .same }
                relation = .contrary
            }
        }
        return relation
    }

    /// What a word such as `before` or `from` speaks of: the next word of its clause that is neither an article nor the
    /// like.
    func argument(of index: Int) -> Int? {
        guard WordClass.directions[tokens[index].key] != nil else { return nil }
        return (index + 1..<min(index + 4, count)).first {
            !tokens[$0].isFunction && tokens[$0].clause == tokens[index].clause
        }
    }

    /// Where the clause of the token at `index` begins, if not more than `count` tokens before it.
    func clauseStart(before index: Int, within count: Int) -> Int? {
        var start = index
        while start > 0, tokens[start - 1].clause == tokens[min(index, tokens.count - 1)].clause { start -= 1 }
        return index - start <= count ? start : nil
    }

    /// Where the clause of the token at `index` ends, if not more than `count` tokens behind it.
    func clauseEnd(after index: Int, within count: Int) -> Int? {
        guard index >= 0 else { return nil }
        var end = index + 1
        while end < tokens.count, tokens[end].clause == tokens[index].clause { end += 1 }
        return end - index - 1 <= count ? end : nil
    }
}

/// Words that deny, and how far they reach.
enum Negation {
    static let cues: Set<String> = [
        "not", "no", "never", "neither", "nor", "none", "nobody", "nothing", "without", "cannot", "cant", "dont",
        "doesnt", "isnt", "arent", "wont", "didnt", "wasnt", "couldnt", "shouldnt", "mustnt", "hasnt", "havent",
        "neednt",
    ]
    /// Where another thought begins.
    private static let ends: Set<String> = [
        "because", "since", "if", "when", "until", "so", "while", "although", "but", "that", "which", "unless",
        "where", "whether", "before", "after", "though", "as", "who", "than",
    ]
    /// Tokens that a negation reaches at most.
    static let reachMax = 8

    /// Words that deny something without a `not`, as stems.
    private static let hampering: Set<String> = [
        "stop", "fail", "lack", "miss", "refus", "prevent", "avoid", "wrong", "unless", "instead", "rather", "gone",
        "empti", "free", "leav", "matter", "but", "except", "worri", "otherwis", "forget", "forgotten", "forbid",
        "reject", "unabl", "imposs", "unknown", "invalid", "incorrect", "ignor", "drop", "only", "end", "lost", "lose",
    ]

    static func isHampering(_ token: CheckedText.Token) -> Bool {
        hampering.contains(token.key) || token.isWord && token.key.count > 5 && token.key.hasPrefix("un")
    }

    /// Whether two texts deny a different number of times and none has a word that would account for it.
    static func differs(_ left: ComparedTokens, _ right: ComparedTokens) -> Bool {
        func count(_ tokens: ComparedTokens) -> Int { tokens.tokens.count(where: isCue) }
        guard (count(left) - count(right)) % 2 != 0 else { return false }
        func hasOwn(_ tokens: ComparedTokens, _ other: ComparedTokens) -> Bool {
            tokens.tokens.contains { token in isHampering(token) && !other.tokens.contains { $0.key == token.key } }
        }
        return !hasOwn(left, right) && !hasOwn(right, left)
    }

    static func hampered(in tokens: [CheckedText.Token]) -> [Bool] {
        var isHampered = [Bool](repeating: false, count: tokens.count)
        for (index, token) in tokens.enumerated() where isHampering(token) {
            for other in max(0, index - 4)..<min(index + 5, tokens.count) { isHampered[other] = true }
        }
        return isHampered
    }

    static func isCue(_ token: CheckedText.Token) -> Bool { token.isFunction && cues.contains(token.key) }

    static func reach(in tokens: [CheckedText.Token]) -> [Bool] {
        var isDenied = [Bool](repeating: false, count: tokens.count)
        for (index, token) in tokens.enumerated() where isCue(token) {
            for other in index + 1..<max(index + 1, min(index + 1 + reachMax, tokens.count)) {
                let next = tokens[other]
                if next.clause != token.clause || next.isFunction && ends.contains(next.key) { break }
                isDenied[other].toggle()
            }
        }
        return isDenied
    }
}

/// How binding a statement is: `must` 3, `should` 2, `may` and `can` 1.
enum Modality {
    private static let levels = [
        "must": 3, "shall": 3, "should": 2, "may": 1, "might": 1, "can": 1, "could": 1, "mustnt": 3, "cannot": 1,
        "cant": 1, "shouldnt": 2,
    ]

    static func level(_ token: CheckedText.Token) -> Int? { levels[token.key] }

    static func level(of tokens: ArraySlice<CheckedText.Token>) -> Int { tokens.compactMap(level).max() ?? 0 }
}
