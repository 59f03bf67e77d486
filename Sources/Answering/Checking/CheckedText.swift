import LexicalSearch

/// A text as the checker compares it: tokens with what each of them is, and where its clauses end.
struct CheckedText {
    struct Token {
        /// A stem, a number's digits, or an identifier or code as it stands.
        let key: String
        let kind: Kind
        let range: Range<Int>
        let clause: Int
        /// A capital letter where no sentence begins.
        var isName = false

        var quantity: Quantity? { if case .number(let quantity) = kind { quantity } else { nil } }
        var isFunction: Bool { if case .function = kind { true } else { false } }
        var isWord: Bool { if case .content = kind { true } else { false } }
        var isExact: Bool { !isFunction && !isWord }
    }

    enum Kind: Equatable {
        case function, content, identifier, code
        case number(Quantity)
    }

    let flat: FlatText
    private(set) var tokens: [Token] = []
    /// Words between quotation marks, outside code.
    private(set) var quoted: [String] = []

    /// Whether it has more tokens than are compared.
    private(set) var isCut = false

    /// Tokens of one text that are compared.
    static let tokenCountMax = 2_000

    init(_ flat: FlatText) {
        self.flat = flat
        var reader = TokenReader(flat: flat)
        reader.read()
        quoted = reader.quoted
        var texts = reader.pieces.map(\.text)
        for (index, stem) in zip(reader.wordIndexes, Analyser().stems(of: reader.wordIndexes.map { texts[$0] })) {
            texts[index] = stem
        }
        isCut = reader.pieces.count > Self.tokenCountMax
        tokens = zip(reader.pieces, texts).prefix(Self.tokenCountMax).map { piece, key in
            let isFunction = piece.kind == .content && FunctionWord.list.contains(piece.text)
            return Token(
                key: isFunction ? piece.text : key, kind: isFunction ? .function : piece.kind, range: piece.range,
                clause: piece.clause, isName: piece.isName && !isFunction)
        }
        joinExpressions()
    }

    func text(of token: Token) -> String { flat.string(in: token.range) }

    /// `at least`, `up to`, `has to` and the like are one token.
    private mutating func joinExpressions() {
        var joined: [Token] = []
        for token in tokens {
            if let last = joined.last, last.clause == token.clause,
                let key = FunctionWord.expressions["\(last.key) \(token.key)"]
            {
                joined[joined.count - 1] = Token(
                    key: key, kind: .function, range: last.range.lowerBound..<token.range.upperBound,
                    clause: last.clause)
            } else {
                joined.append(token)
            }
        }
        tokens = joined
    }
}

/// Words that say how, not what.
enum FunctionWord {
    static let list = Set(
        """
        a about above after again all also although am an and another any are as at be because been before being below \
        between both but by can cannot could did do does doing down during each either else even ever every except few \
        for from further had has have having he her here him his how however i if in into is it its itself just less \
        like many may me might more most much must my neither never no nobody none nor not nothing now of off on once \
        one only or other others otherwise our ours out over own per quite rather same shall she should since so some \
        such than that the their theirs them themselves then there therefore these they this those though through thus \
        to too under unless until up upon us very via was we were what whatever when where whereas whether which while \
        who whom whose why will with within without would yet you your yours cant dont doesnt isnt arent wont didnt \
        wasnt couldnt shouldnt mustnt hasnt havent neednt at-least at-most up-to instead
        """.split(whereSeparator: \.isWhitespace).map(String.init))

    static let expressions = [
        "at least": "at-least", "at most": "at-most", "up to": "up-to", "has to": "must", "have to": "must",
        "need to": "must", "ought to": "should", "no longer": "not", "rather than": "not", "instead of": "not",
        "are to": "must", "can not": "cannot",
    ]
}
