package import Foundation

/// BERT's tokenizer: text is cleaned, split into words and punctuation, and each word into the longest known pieces.
///
///     tokenizer.tokens(of: "connections refused", limit: 256)  // [CLS] connections refused [SEP] as ids
///
/// The names of special tokens have no meaning inside a text. Time is linear in the text's length.
package struct WordPieceTokenizer: Sendable {
    private let vocabulary: Vocabulary
    private let folding: TextFolding
    private let folded: FoldedScalars

    /// Reads `vocab.txt` and `tokenizer_config.json` of a model folder.
    ///
    /// - Parameter lowercasing: lower-cases even where the tokenizer's own settings do not.
    package init(contentsOf folder: URL, lowercasing: Bool = false) throws(ModelError) {
        let url = folder.appending(path: "tokenizer_config.json")
        let file = try ModelJSON.decodeIfPresent(Settings.self, at: url)
        var folding = file?.folding ?? TextFolding()
        if lowercasing { folding.lowercases = true }
        try self.init(vocabularyAt: folder.appending(path: "vocab.txt"), folding: folding)
    }

    package init(vocabularyAt url: URL, folding: TextFolding) throws(ModelError) {
        vocabulary = try Vocabulary(at: url)
        self.folding = folding
        folded = FoldedScalars(folding: folding)
    }

    /// How texts become words before they become pieces, for the fingerprint.
    var facts: [String] {
        [
            folding.lowercases ? "lower case" : "", folding.stripsAccents ? "no accents" : "",
            folding.separatesIdeographs ? "ideographs apart" : "",
        ].filter { !$0.isEmpty }
    }

    /// One more than the highest id.
    package var vocabularySize: Int { vocabulary.count }

    private struct Settings: Decodable {
        let doLowerCase: Bool?
        let stripAccents: Bool?
        let tokenizeChineseChars: Bool?

        /// Accents go with case unless the file says otherwise.
        var folding: TextFolding {
            let lowercases = doLowerCase ?? true
            return TextFolding(
                lowercases: lowercases, stripsAccents: stripAccents ?? lowercases,
                separatesIdeographs: tokenizeChineseChars ?? true)
        }
    }

    /// `[CLS]`, the text's pieces and `[SEP]`, cut to `limit` tokens.
    ///
    /// - Precondition: `limit` is 2 or more.
    package func tokens(of text: String, limit: Int) -> [Int32] {
        precondition(limit >= 2, "a limit leaves room for [CLS] and [SEP]")
        return [vocabulary.classification] + pieces(of: text, limit: limit - 2) + [vocabulary.separator]
    }

    /// How many tokens the uncut text has, `[CLS]` and `[SEP]` included.
    package func tokenCount(of text: String) -> Int {
        pieces(of: text, limit: .max).count + 2
    }

    /// `[CLS] a [SEP]`, and `b [SEP]` as its second text; the longer text is cut first.
    ///
    /// - Precondition: `limit` is 3 or more.
    package func pairTokens(of a: String, and b: String, limit: Int) -> TokenSequence {
        precondition(limit >= 3, "a limit leaves room for [CLS] and two [SEP]")
        let room = limit - 3
        // Both whole: which of them is the longer decides even where neither fits.
        let first = pieces(of: a, limit: .max)
        let second = pieces(of: b, limit: .max)
        let counts = Self.pairCounts(first.count, second.count, room: room)
        let head = [vocabulary.classification] + first.prefix(counts.first) + [vocabulary.separator]
        let tail = second.prefix(counts.second) + [vocabulary.separator]
        return TokenSequence(pair: head + tail, secondStart: head.count)
    }

    /// The reference's `longest_first`: the shorter stays whole where it can, else both get half, the odd one to the longer.
    private static func pairCounts(_ first: Int, _ second: Int, room: Int) -> (first: Int, second: Int) {
        guard first + second > room else { return (first, second) }
        let shorter = min(min(first, second), room / 2)
        return first > second ? (room - shorter, shorter) : (shorter, room - shorter)
    }

    /// The text's pieces without special tokens, at most `limit`.
    private func pieces(of text: String, limit: Int) -> [Int32] {
        var text = text
        return text.withUTF8 { bytes in
            var run = WordPieceRun(
                vocabulary: vocabulary, lowercases: folding.lowercases, folded: folded, limit: limit)
            unsafe run.read(bytes)
            return run.pieces
        }
    }
}

/// One pass over one text.
private struct WordPieceRun {
    let vocabulary: Vocabulary
    let lowercases: Bool
    let folded: FoldedScalars
    let limit: Int
    private(set) var pieces: [Int32] = []
    private var word = WordBuffer()
    private var snapshot: [UInt32: FoldedScalar]
    private var hasLearned = false

    init(vocabulary: Vocabulary, lowercases: Bool, folded: FoldedScalars, limit: Int) {
        self.vocabulary = vocabulary
        self.lowercases = lowercases
        self.folded = folded
        self.limit = limit
        snapshot = folded.snapshot()
    }

    mutating func read(_ bytes: UnsafeBufferPointer<UInt8>) {
        var offset = 0
        while offset < bytes.count, pieces.count < limit {
            let byte = unsafe bytes[offset]
            if byte < 0x80 {
                append(ascii: byte)
                offset &+= 1
            } else {
                let (scalar, byteCount) = unsafe decode(bytes, at: offset)
                append(scalar)
                offset &+= byteCount
            }
        }
        endWord()
        if pieces.count > limit { pieces.removeLast(pieces.count - limit) }
        if hasLearned { folded.merge(snapshot) }
    }

    @inline(__always)
    private mutating func append(ascii byte: UInt8) {
        switch asciiClasses[Int(byte)] {
        case .letter: word.append(ascii: lowercases && (65...90).contains(byte) ? byte | 0x20 : byte)
        case .space: endWord()
        case .punctuation:
            endWord()
            word.append(ascii: byte)
            endWord()
        case .dropped: break
        }
    }

    private mutating func append(_ scalar: Unicode.Scalar) {
        let result = snapshot[scalar.value] ?? learn(scalar)
        if result.kind != .text { endWord() }
        for part in result.parts {
            if part.isPunctuation { endWord() }
            word.append(part)
            if part.isPunctuation { endWord() }
        }
        if result.isBarrier { word.fixMarks() }
        if result.kind != .text { endWord() }
    }

    private mutating func learn(_ scalar: Unicode.Scalar) -> FoldedScalar {
        hasLearned = true
        return folded.fold(scalar, into: &snapshot)
    }

    /// Greedy longest match, first piece as it stands and the others as `##piece`; one miss makes the word unknown.
    private mutating func endWord() {
        guard !word.isEmpty else { return }
        defer { word.removeAll() }
        guard !word.isTooLong else { return pieces.append(vocabulary.unknown) }
        let countBefore = pieces.count
        var offset = 0
        while offset < word.bytes.count {
            let root = offset == 0 ? PieceTrie.start : PieceTrie.continuation
            guard let match = vocabulary.trie.longestMatch(in: word.bytes, at: offset, from: root) else {
                pieces.removeLast(pieces.count - countBefore)
                return pieces.append(vocabulary.unknown)
            }
            pieces.append(match.piece)
            offset = match.end
        }
    }
}

/// What an ASCII byte does to a word.
private enum ASCIIClass: UInt8 {
    case letter, space, punctuation, dropped
}

private let asciiClasses: [ASCIIClass] = (0..<128).map { byte in
    switch byte {
    case 9, 10, 13, 32: .space
    case 0...31, 127: .dropped
    case 33...47, 58...64, 91...96, 123...126: .punctuation
    default: .letter
    }
}

/// The scalar that starts at `offset` and its length; the bytes come from a `String`, so they are valid UTF-8.
private func decode(_ bytes: UnsafeBufferPointer<UInt8>, at offset: Int) -> (Unicode.Scalar, byteCount: Int) {
    let lead = unsafe bytes[offset]
    let byteCount = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
    var value = UInt32(lead) & (0xFF >> UInt32(byteCount + 1))
    for index in 1..<byteCount { unsafe value = value << 6 | UInt32(bytes[offset + index] & 0x3F) }
    return (Unicode.Scalar(value) ?? "\u{FFFD}", byteCount)
}
