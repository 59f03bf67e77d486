/// What a statement says otherwise than its span, wherever the words stand: none of it is certain, all of it is
/// weighed.
struct SenseCheck {
    /// Words that both texts have and only one of them denies.
    private(set) var denied: [Int] = []
    /// Words whose contrary the span has, and not themselves.
    private(set) var contrary: [Int] = []
    /// Words that the span does not cover.
    private(set) var uncovered: [Int] = []
    /// Of those, the ones that name a thing: an article or the like stands before them.
    private(set) var uncoveredThings: [Int] = []
    /// How binding the statement is where the span is not, and the other way round.
    private(set) var modality: [Int] = []
    /// Words such as `only` and `all` that one of both has not.
    private(set) var restrictions: [Int] = []
    private var agreedCount = 0
    private var wordCount = 0

    /// Share of the words that the span does not cover.
    var uncoveredShare: Double { Double(uncovered.count) / Double(max(wordCount, 1)) }
    /// Share of the words that both have which only one of them denies.
    var deniedShare: Double { Double(denied.count) / Double(max(denied.count + agreedCount, 1)) }

    private let statement: ComparedTokens
    private let span: ComparedTokens

    init(_ statement: ComparedTokens, _ span: ComparedTokens) {
        self.statement = statement
        self.span = span
        for index in statement.tokens.indices {
            if statement.tokens[index].isFunction { weighFunction(index) } else { weigh(index) }
        }
        weighModality()
    }

    private mutating func weigh(_ index: Int) {
        wordCount += 1
        var (isMet, agrees, isSame, isContrary) = (false, false, false, false)
        for other in span.tokens.indices where !span.tokens[other].isFunction {
            guard let relation = statement.relation(index, span, other) else { continue }
            isMet = true
            isSame = isSame || relation == .same
            isContrary = isContrary || relation == .contrary
            let isDenied = statement.isDenied[index] != (relation == .contrary)
            agrees = agrees || isDenied == span.isDenied[other] || statement.isHampered[index] || span.isHampered[other]
        }
        if agrees { agreedCount += 1 } else if isMet { denied.append(index) }
        if isContrary && !isSame && !agrees { contrary.append(index) }
        guard !isMet, statement.tokens[index].isWord else { return }
        uncovered.append(index)
        if index > 0, WordClass.determining.contains(statement.tokens[index - 1].key) { uncoveredThings.append(index) }
    }

    private mutating func weighFunction(_ index: Int) {
        let key = statement.tokens[index].key
        if WordClass.measuring.contains(key), !statement.tokens[index...].prefix(3).contains(where: Negation.isCue) {
            let relations = span.tokens.indices.compactMap { statement.relation(index, span, $0) }
            if relations.contains(.contrary), !relations.contains(.same) { contrary.append(index) }
        } else if let turned = WordClass.directions[key], let argument = statement.argument(of: index) {
            // `after the backup` for `before the backup`; where both stand before it, either may be meant.
            let said = span.tokens.indices.filter { other in
                span.argument(of: other).map { statement.isSame(argument, span, $0) } ?? false
            }.map { span.tokens[$0].key }
            if said.contains(turned), !said.contains(key) { contrary.append(index) }
        }
        if let group = WordClass.quantity(key), !span.tokens.contains(where: { WordClass.quantity($0.key) == group }) {
            restrictions.append(index)
        }
    }

    /// An instruction is as binding as `must`.
    private mutating func weighModality() {
        let meant = Set(span.tokens.compactMap(Modality.level))
        for index in statement.tokens.indices {
            guard let said = Modality.level(statement.tokens[index]), !meant.contains(said) else { continue }
            if said == 1 ? meant.contains(3) : meant.contains(1) { modality.append(index) }
        }
    }
}
