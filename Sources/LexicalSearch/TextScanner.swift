/// The two kinds of term that a text is made of.
package enum TermLane: Sendable, Hashable {
    /// A word, folded and stemmed.
    case word
    /// Something matched exactly: an error code, a flag, a path, a version, a name from a program.
    case identifier
}

/// Walks UTF-8 once and hands out its words (folded, not stemmed) and identifiers (in canonical form).
///
/// A word is a run of letters, digits and marks. An *atom* is a run of ASCII letters, digits, `_` and `-./:\@~`: where it has
/// the shape of an identifier it is emitted as one besides the words in it. Time is linear in the bytes, whatever they are.
struct TextScanner: ~Copyable {
    /// Longer words are cut here, on a scalar boundary.
    static let wordByteCountMax = 64

    private let table: ScalarTable
    /// Kept here since reading a static property takes a check a byte.
    private let asciiKinds = ByteKinds.ofASCII
    /// `[wordByteCountMax]`
    private var word = InlineArray<64, UInt8>(repeating: 0)
    private var wordByteCount = 0
    private var isWordFull = false
    private var atomStart: Int?
    private var atomKinds: ByteKinds = []
    private var previous: ByteKinds = []
    private var identifier = IdentifierBuffer()

    init(table: ScalarTable) { self.table = table }

    /// Calls `emit` with each term; the bytes are valid for the call only.
    mutating func scan(_ text: Span<UInt8>, emit: (Span<UInt8>, TermLane) -> Void) {
        var position = 0
        while position < text.count {
            let byte = text[position]
            if byte < 0x80 {
                scanASCII(byte, at: position, of: text, emit: emit)
                position += 1
            } else {
                closeAtom(at: position, of: text, emit: emit)
                position = scanScalar(at: position, of: text, emit: emit)
            }
        }
        closeWord(emit)
        closeAtom(at: position, of: text, emit: emit)
    }

    private mutating func scanASCII(
        _ byte: UInt8, at position: Int, of text: Span<UInt8>, emit: (Span<UInt8>, TermLane) -> Void
    ) {
        let kind = asciiKinds[Int(byte)]
        if !kind.isDisjoint(with: .alphanumeric) {
            append(kind == .upper ? byte | 0x20 : byte)
            if kind == .upper, !previous.isDisjoint(with: .alphanumeric) { atomKinds.insert(.innerUpper) }
            openAtom(at: position, kind)
        } else if !kind.isDisjoint(with: [.joiner, .underscore]) {
            closeWord(emit)
            openAtom(at: position, kind)
        } else {
            closeAtom(at: position, of: text, emit: emit)
            if byte == UInt8(ascii: "'") {
                scanApostrophe(before: position + 1, of: text, emit)
            } else {
                closeWord(emit)
            }
        }
        previous = kind
    }

    private mutating func scanScalar(
        at position: Int, of text: Span<UInt8>, emit: (Span<UInt8>, TermLane) -> Void
    ) -> Int {
        let (value, byteCount) = decodeScalar(at: position, of: text)
        previous = []
        switch table.kind(of: value) {
        case .word: appendFolded(value, text.extracting(position..<position + byteCount))
        case .ignorable: break
        case .separator: closeWord(emit)
        case .apostrophe: scanApostrophe(before: position + byteCount, of: text, emit)
        case .unspaced:
            closeWord(emit)
            return scanUnspaced(from: position, of: text, emit: emit)
        }
        return position + byteCount
    }

    /// Emits the overlapping pairs of a run without spaces, or its only character; returns where the run ends.
    private func scanUnspaced(
        from start: Int, of text: Span<UInt8>, emit: (Span<UInt8>, TermLane) -> Void
    ) -> Int {
        var position = start
        var previousStart = start
        while position < text.count, text[position] >= 0x80 {
            let (value, byteCount) = decodeScalar(at: position, of: text)
            guard table.kind(of: value) == .unspaced else { break }
            if position > start { emit(text.extracting(previousStart..<position + byteCount), .word) }
            previousStart = position
            position += byteCount
        }
        if previousStart == start { emit(text.extracting(start..<position), .word) }
        return position
    }

    /// An apostrophe stays between letters, where the stemmer knows what to do with it.
    private mutating func scanApostrophe(
        before next: Int, of text: Span<UInt8>, _ emit: (Span<UInt8>, TermLane) -> Void
    ) {
        let isBeforeLetter =
            next < text.count && text[next] < 0x80
            && !asciiKinds[Int(text[next])].isDisjoint(with: [.lower, .upper])
        if wordByteCount > 0 && isBeforeLetter { append(UInt8(ascii: "'")) } else { closeWord(emit) }
    }

    private mutating func append(_ byte: UInt8) {
        guard !isWordFull, wordByteCount < Self.wordByteCountMax else {
            isWordFull = true
            return
        }
        word[wordByteCount] = byte
        wordByteCount += 1
    }

    private mutating func appendFolded(_ value: UInt32, _ source: Span<UInt8>) {
        let folding = table.folding(of: value)
        let byteCount = folding?.count ?? source.count
        guard !isWordFull, wordByteCount + byteCount <= Self.wordByteCountMax else {
            isWordFull = true
            return
        }
        for offset in 0..<byteCount {
            word[wordByteCount + offset] = folding.map { table.foldedBytes[$0.lowerBound + offset] } ?? source[offset]
        }
        wordByteCount += byteCount
    }

    private mutating func closeWord(_ emit: (Span<UInt8>, TermLane) -> Void) {
        guard wordByteCount > 0 else { return }
        emit(word.span.extracting(0..<wordByteCount), .word)
        wordByteCount = 0
        isWordFull = false
    }

    private mutating func openAtom(at position: Int, _ kind: ByteKinds) {
        if atomStart == nil { atomStart = position }
        atomKinds.formUnion(kind)
    }

    private mutating func closeAtom(
        at end: Int, of text: Span<UInt8>, emit: (Span<UInt8>, TermLane) -> Void
    ) {
        guard let start = atomStart else { return }
        atomStart = nil
        let kinds = atomKinds
        atomKinds = []
        // Plain words, by far the most, end here; so do capitalised ones and acronyms.
        if kinds.isSubset(of: [.lower, .upper]) || kinds.isSubset(of: [.upper, .innerUpper]) { return }
        closeWord(emit)
        identifier.emit(text.extracting(start..<end), emit)
    }
}

/// The scalar at a position of valid UTF-8 beyond ASCII, and how many bytes it takes (RFC 3629, §3).
private func decodeScalar(at position: Int, of text: Span<UInt8>) -> (value: UInt32, byteCount: Int) {
    let lead = UInt32(text[position])
    let byteCount = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
    var value = lead & (0x7F >> UInt32(byteCount))
    for offset in 1..<byteCount { value = value << 6 | UInt32(text[position + offset] & 0x3F) }
    return (value, byteCount)
}

/// What the bytes of an atom are.
struct ByteKinds: OptionSet {
    let rawValue: UInt8

    static let lower = Self(rawValue: 1)
    static let upper = Self(rawValue: 2)
    static let digit = Self(rawValue: 4)
    static let underscore = Self(rawValue: 8)
    /// `-`, `.`, `/`, `:`, `\`, `@`, `~`.
    static let joiner = Self(rawValue: 16)
    /// An upper-case letter after a letter or digit: `camelCase`, `HTTPServer`, `OOM`.
    static let innerUpper = Self(rawValue: 32)
    static let alphanumeric: Self = [.lower, .upper, .digit]

    /// The kind of each ASCII byte; empty for those that end an atom.
    static let ofASCII: [ByteKinds] = (0..<128).map { (byte: UInt8) in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"): .lower
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): .upper
        case UInt8(ascii: "0")...UInt8(ascii: "9"): .digit
        case UInt8(ascii: "_"): .underscore
        case _ where "-./:\\@~".utf8.contains(byte): .joiner
        default: []
        }
    }
}
