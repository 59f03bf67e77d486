/// The sentences of a paragraph as byte ranges: from the first letter to the mark that ends it.
///
/// A sentence ends at `.`, `!` or `?`, with any closing quotes and brackets, before white space and a capital letter, a
/// digit or a code span. Marks inside code spans, and the abbreviations that pages use, end nothing.
package func sentenceRanges(in bytes: [UInt8], of range: Range<Int>) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var start = range.lowerBound
    var isCode = false
    var index = range.lowerBound
    while index < range.upperBound {
        let byte = bytes[index]
        if byte == UInt8(ascii: "`") { isCode.toggle() }
        index += 1
        guard !isCode, isEnd(byte), !endsAbbreviation(bytes, start..<index) else { continue }
        while index < range.upperBound, isClosing(bytes[index]) { index += 1 }
        guard let next = nextWord(bytes, index..<range.upperBound) else { continue }
        ranges.append(start..<index)
        start = next
        index = next
    }
    if start < range.upperBound { ranges.append(start..<range.upperBound) }
    return ranges
}

/// Where the next sentence begins, or `nil` where what follows goes on with this one.
private func nextWord(_ bytes: [UInt8], _ rest: Range<Int>) -> Int? {
    guard let first = rest.first, isSpace(bytes[first]) else { return nil }
    guard let next = rest.first(where: { !isSpace(bytes[$0]) }) else { return nil }
    let byte = bytes[next]
    let beginsSentence =
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        || byte == UInt8(ascii: "`") || byte == UInt8(ascii: "[") || byte == UInt8(ascii: "*") || byte >= 0x80
    return beginsSentence ? next : nil
}

private let abbreviations = ["e.g.", "i.e.", "etc.", "vs.", "cf.", "approx.", "no."].map { Array($0.utf8) }

private func endsAbbreviation(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
    abbreviations.contains { abbreviation in
        guard range.count >= abbreviation.count else { return false }
        let tail = bytes[range.upperBound - abbreviation.count..<range.upperBound]
        let before =
            range.count == abbreviation.count ? UInt8(ascii: " ") : bytes[range.upperBound - abbreviation.count - 1]
        return tail.elementsEqual(abbreviation) && (isSpace(before) || before == UInt8(ascii: "("))
    }
}

private func isEnd(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ".") || byte == UInt8(ascii: "!") || byte == UInt8(ascii: "?")
}
private func isClosing(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") || byte == UInt8(ascii: ")") || byte == UInt8(ascii: "*")
}
private func isSpace(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
}
