/// Takes flat text apart into words, numbers, identifiers and code.
struct TokenReader {
    struct Piece {
        let text: String
        let kind: CheckedText.Kind
        let range: Range<Int>
        let clause: Int
        let isName: Bool
    }

    let flat: FlatText
    private(set) var pieces: [Piece] = []
    /// Those of `pieces` that are words, to be stemmed.
    private(set) var wordIndexes: [Int] = []
    private(set) var quoted: [String] = []
    private var clause = 0
    private var beginsSentence = true
    private var quoteStart: Int?

    init(flat: FlatText) { self.flat = flat }

    mutating func read() {
        var position = 0
        var code = flat.code.makeIterator()
        var next = code.next()
        while position < flat.bytes.count {
            if flat.breaks.contains(position) { endSentence() }
            if let range = next, range.lowerBound == position {
                readCode(range)
                position = range.upperBound
                next = code.next()
            } else if flat.bytes[position] == UInt8(ascii: " ") {
                position += 1
            } else {
                let end = endOfChunk(from: position, before: next?.lowerBound ?? flat.bytes.count)
                readChunk(position..<end)
                position = end
            }
        }
    }

    private func endOfChunk(from start: Int, before limit: Int) -> Int {
        var end = start
        while end < limit, flat.bytes[end] != UInt8(ascii: " ") { end += 1 }
        return end
    }

    private mutating func endSentence() {
        clause += 1
        beginsSentence = true
    }

    private mutating func readCode(_ range: Range<Int>) {
        let text = flat.string(in: range)
        if let quantity = Quantity(text[...]) {
            append(text: quantity.digits, .number(quantity), range)
        } else {
            append(text: text, .code, range)
        }
    }

    private mutating func append(text: String, _ kind: CheckedText.Kind, _ range: Range<Int>, isName: Bool = false) {
        if kind == .content { wordIndexes.append(pieces.count) }
        pieces.append(Piece(text: text, kind: kind, range: range, clause: clause, isName: isName))
        beginsSentence = false
    }

    /// A run without spaces: punctuation around it, and what stands between.
    private mutating func readChunk(_ range: Range<Int>) {
        noteQuotes(in: range)
        let core = trimmed(range)
        if core.lowerBound > range.lowerBound, flat.bytes[range.lowerBound] == UInt8(ascii: "(") { clause += 1 }
        if !core.isEmpty { readCore(core) }
        readPunctuation(core.isEmpty ? range : core.upperBound..<range.upperBound)
    }

    private mutating func readPunctuation(_ range: Range<Int>) {
        for byte in flat.bytes[range] {
            switch byte {
            case UInt8(ascii: "."), UInt8(ascii: "!"), UInt8(ascii: "?"): endSentence()
            case UInt8(ascii: ":"): endSentence()
            case UInt8(ascii: ";"), UInt8(ascii: ","), UInt8(ascii: ")"), 0xE2: clause += 1
            default: break
            }
        }
    }

    private mutating func noteQuotes(in range: Range<Int>) {
        for position in range {
            let isPlain = flat.bytes[position] == UInt8(ascii: "\"")
            let isCurly =
                flat.bytes[position] == 0xE2 && position + 2 < flat.bytes.count
                && flat.bytes[position + 1] == 0x80
                && (flat.bytes[position + 2] == 0x9C || flat.bytes[position + 2] == 0x9D)
            guard isPlain || isCurly else { continue }
            if let start = quoteStart {
                if start < position { quoted.append(flat.string(in: start..<position)) }
                quoteStart = nil
            } else {
                quoteStart = position + (isPlain ? 1 : 3)
            }
        }
    }

    /// Without the marks of the sentence; a flag keeps its dashes, a path its slash.
    private func trimmed(_ range: Range<Int>) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        while end > start, !isInner(flat.bytes[end - 1], isLast: true) { end -= 1 }
        while start < end, !isInner(flat.bytes[start], isLast: false) { start += 1 }
        return start..<end
    }

    private func isInner(_ byte: UInt8, isLast: Bool) -> Bool {
        if byte >= 0x80 { return !(byte == 0xE2 || (isLast && isClosingTail(byte))) }
        if isAlphanumeric(byte) { return true }
        return isLast ? "_/%+".utf8.contains(byte) : "_/-.$~@{+".utf8.contains(byte)
    }

    /// The last byte of a curly quote, a dash or an ellipsis (U+2010 to U+2026).
    private func isClosingTail(_ byte: UInt8) -> Bool { (0x90...0xA6).contains(byte) }

    private mutating func readCore(_ range: Range<Int>) {
        let text = flat.string(in: range)
        if let quantity = Quantity(text[...]) {
            append(text: quantity.digits, .number(quantity), range)
        } else if let value = numberWords[text.lowercased()] {
            append(spelled: value, range)
        } else if readCompound(range) {
            return
        } else if readRange(range) {
            return
        } else if applyUnit(text, range) {
            return
        } else if isIdentifier(text) {
            append(text: withoutEnding(text), .identifier, range)
        } else {
            readWords(range)
        }
    }

    /// `twenty-five` is one number.
    private mutating func append(spelled value: Int, _ range: Range<Int>) {
        var (value, start) = (value, range.lowerBound)
        if let last = pieces.last, case .number(let tens) = last.kind, tens.isSpelled, last.clause == clause,
            value < 10,
            (20...90).contains(tens.value), last.range.upperBound + 1 == range.lowerBound
        {
            pieces.removeLast()
            value += Int(tens.value)
            start = last.range.lowerBound
        }
        var quantity = Quantity(digits: String(value), value: Double(value), unit: nil)
        quantity.isSpelled = true
        append(text: quantity.digits, .number(quantity), start..<range.upperBound)
    }

    /// `30-minute`, `2048-bit`: a number, and its unit or a word.
    private mutating func readCompound(_ range: Range<Int>) -> Bool {
        guard let hyphen = flat.bytes[range].firstIndex(of: UInt8(ascii: "-")),
            let quantity = Quantity(flat.string(in: range.lowerBound..<hyphen)[...]), quantity.unit == nil
        else { return false }
        let rest = hyphen + 1..<range.upperBound
        guard !rest.isEmpty, flat.bytes[rest].allSatisfy({ isAlphanumeric($0) && $0 > UInt8(ascii: "9") }) else {
            return false
        }
        append(text: quantity.digits, .number(quantity), range.lowerBound..<hyphen)
        if !applyUnit(flat.string(in: rest), rest) { readWords(rest) }
        return true
    }

    /// `200–400`, `5-10`: two numbers.
    private mutating func readRange(_ range: Range<Int>) -> Bool {
        let text = flat.string(in: range)
        let parts = text.split(whereSeparator: { "–-…".contains($0) })
        guard parts.count == 2, let first = Quantity(parts[0]), let second = Quantity(parts[1]) else { return false }
        append(text: first.digits, .number(second.unit.map { first.with(unit: $0) } ?? first), range)
        append(text: second.digits, .number(second), range)
        return true
    }

    /// A unit behind a number belongs to it.
    private mutating func applyUnit(_ text: String, _ range: Range<Int>) -> Bool {
        guard let last = pieces.last, case .number(let quantity) = last.kind, quantity.unit == nil,
            last.clause == clause, last.range.upperBound + 1 == range.lowerBound, let unit = Quantity.Unit.named(text)
        else { return false }
        pieces[pieces.count - 1] = Piece(
            text: last.text, kind: .number(quantity.with(unit: unit)), range: last.range.lowerBound..<range.upperBound,
            clause: last.clause, isName: false)
        return true
    }

    /// Words between hyphens and slashes are words of their own.
    private mutating func readWords(_ range: Range<Int>) {
        var start = range.lowerBound
        for position in range.lowerBound...range.upperBound {
            let isEnd = position == range.upperBound
            guard isEnd || "-/.,:;()[]+=".utf8.contains(flat.bytes[position]) else { continue }
            if position > start {
                let word = flat.string(in: start..<position)
                if let value = numberWords[word.lowercased()] {
                    append(spelled: value, start..<position)
                } else {
                    let isName = !beginsSentence && word.first?.isUppercase == true
                    append(text: normal(word), .content, start..<position, isName: isName)
                }
            }
            start = position + 1
        }
    }

    private func normal(_ word: String) -> String {
        var lower = word.lowercased().replacing("’", with: "'")
        if lower.hasSuffix("'s") { lower.removeLast(2) }
        return lower.filter { $0 != "'" }
    }
}

private func isAlphanumeric(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
    default: false
    }
}

/// One is left out: it is mostly an article.
private let numberWords = [
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
    "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "fifty": 50, "sixty": 60, "ninety": 90, "hundred": 100,
    "twice": 2, "zero": 0,
]

/// Whether a word is a name of something in a program rather than English: `pg_hba.conf`, `--all`, `E4304`, `/etc`,
/// `HTTP`, `useDNS`.
private func isIdentifier(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    let isLower = { (byte: UInt8) in byte &- UInt8(ascii: "a") < 26 }
    let isUpper = { (byte: UInt8) in byte &- UInt8(ascii: "A") < 26 }
    let isDigit = { (byte: UInt8) in byte &- UInt8(ascii: "0") < 10 }
    if bytes.contains(where: { "_@$=\\{~".utf8.contains($0) || isDigit($0) }) { return true }
    if bytes[0] == UInt8(ascii: "-") || bytes[0] == UInt8(ascii: "/") { return bytes.count > 1 }
    if bytes.count(where: isUpper) > 1 { return true }
    for index in bytes.indices.dropFirst() {
        if isUpper(bytes[index]), isLower(bytes[index - 1]) { return true }
        let isPoint = bytes[index] == UInt8(ascii: ".") || bytes[index] == UInt8(ascii: "/")
        if isPoint, index > 1, index + 1 < bytes.count, bytes[index + 1] != UInt8(ascii: ".") {
            // `e.g.` and `and/or` are English.
            return bytes[index] == UInt8(ascii: ".") || bytes.count(where: { $0 == UInt8(ascii: "/") }) > 1
        }
    }
    return false
}

/// `CNAMEs` → `CNAME`, `CA's` → `CA`
private func withoutEnding(_ text: String) -> String {
    var text = text
    for ending in ["'s", "’s"] where text.hasSuffix(ending) { text.removeLast(2) }
    if text.count > 2, text.hasSuffix("s"), text.dropLast().allSatisfy(\.isUppercase) { text.removeLast() }
    return text
}
