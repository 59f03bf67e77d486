/// A word of Markdown where it stands, or a whole code span. Written for corruptions alone, so that they share no
/// reading of text with the checker that they try.
struct StatementWord {
    let text: String
    /// UTF-8 offsets.
    let range: Range<Int>
    let sentence: Int
    let isCode: Bool
    /// The whole of what stands between two backticks.
    let isCodeSpan: Bool
    let beginsSentence: Bool
    let endsWithComma: Bool
    /// The number or bullet of a list's item.
    let isListMark: Bool

    static func words(of text: String) -> [StatementWord] {
        var reader = Reader(bytes: Array(text.utf8))
        reader.read()
        return reader.words
    }

    /// A whole number with or without a unit at its end; `nil` for anything else.
    var number: Int? {
        let digits = text.prefix { $0.isNumber || $0 == "," }
        guard let first = digits.first, first.isNumber, digits.last?.isNumber == true, digits.count < 10,
            text.dropFirst(digits.count).allSatisfy({ $0.isLetter || $0 == "%" }), text.count - digits.count < 4
        else { return nil }
        return Int(digits.filter { $0 != "," })
    }

    /// The parts of `1.25.1`.
    var version: [Int]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
        return parts.count > 1 && parts.count < 4 && parts.allSatisfy { $0 != nil } ? parts.compactMap { $0 } : nil
    }

    var isFlag: Bool {
        isCode && !isCodeSpan && text.hasPrefix("-") && text.count > 1 && text.contains(where: \.isLetter)
    }
    var isPath: Bool { isCode && text.hasPrefix("/") && text.count > 2 && !text.contains(" ") }
    var isNoun: Bool { !isCode && CorruptionWords.nouns.contains(text) }
    var isName: Bool {
        !isCode && !beginsSentence && !isListMark && text.count > 2 && text.first?.isUppercase == true
            && text.allSatisfy(\.isLetter) && !CorruptionWords.imperatives.contains(text)
    }
    func isPlural(of other: StatementWord) -> Bool { text == other.text + "s" || text == other.text + "es" }
    var isThing: Bool { isNoun || isName || isCodeSpan || isPath || isFlag }
}

private struct Reader {
    let bytes: [UInt8]
    var words: [StatementWord] = []
    private var sentence = 0
    private var beginsSentence = true

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func read() {
        var isFenced = false
        var start = 0
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            let range = start..<start + line.count
            start = range.upperBound + 1
            if String(decoding: line, as: UTF8.self).contains("```") {
                isFenced.toggle()
            } else {
                readLine(range, isFenced: isFenced)
            }
            if isFenced { sentence += 1 }
        }
    }

    private mutating func readLine(_ line: Range<Int>, isFenced: Bool) {
        var position = line.lowerBound
        var isFirst = true
        while position < line.upperBound {
            if bytes[position] == UInt8(ascii: " ") {
                position += 1
                continue
            }
            if bytes[position] == UInt8(ascii: "`"), !isFenced,
                let end = bytes[position + 1..<line.upperBound].firstIndex(of: UInt8(ascii: "`"))
            {
                append(position + 1..<end, isCode: true, isSpan: true)
                for part in parts(of: position + 1..<end) { append(part, isCode: true) }
                position = end + 1
            } else {
                let end =
                    bytes[position..<line.upperBound].firstIndex { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "`") }
                    ?? line.upperBound
                append(word: position..<max(end, position + 1), isCode: isFenced, isFirst: isFirst)
                position = max(end, position + 1)
            }
            isFirst = false
        }
    }

    private func parts(of range: Range<Int>) -> [Range<Int>] {
        bytes[range].split(separator: UInt8(ascii: " ")).map { $0.startIndex..<$0.endIndex }
    }

    private mutating func append(_ range: Range<Int>, isCode: Bool, isSpan: Bool = false) {
        let next = range.upperBound + (isSpan ? 1 : 0)
        let endsWithComma = next < bytes.count && (bytes[next] == UInt8(ascii: ",") || bytes[next] == UInt8(ascii: "|"))
        words.append(
            StatementWord(
                text: String(decoding: bytes[range], as: UTF8.self), range: range, sentence: sentence, isCode: isCode,
                isCodeSpan: isSpan, beginsSentence: beginsSentence, endsWithComma: endsWithComma, isListMark: false))
        beginsSentence = false
    }

    private mutating func append(word range: Range<Int>, isCode: Bool, isFirst: Bool) {
        let text = String(decoding: bytes[range], as: UTF8.self)
        let isMark = isFirst && (text == "-" || text.hasSuffix(".") && Int(text.dropLast()) != nil)
        let core = text.drop { "([{*_\"'“".contains($0) }
        let end = core.reversed().drop { ".,;:!?)]}*_\"'”|".contains($0) }.count
        let trimmed = String(core.prefix(end))
        let start = range.lowerBound + text.utf8.count - core.utf8.count
        if isMark || !trimmed.isEmpty {
            words.append(
                StatementWord(
                    text: isMark ? text : trimmed, range: start..<start + trimmed.utf8.count, sentence: sentence,
                    isCode: isCode, isCodeSpan: false, beginsSentence: beginsSentence,
                    endsWithComma: text.contains(",") || text.hasSuffix("|") || text.hasSuffix(";"), isListMark: isMark)
            )
        }
        if !isMark { beginsSentence = false }
        if text == "|" || !isMark && (text.hasSuffix(".") || text.hasSuffix(":") || text.hasSuffix("?")) {
            sentence += 1
            beginsSentence = true
        }
    }
}
