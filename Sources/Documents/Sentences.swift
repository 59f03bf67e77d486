/// Where a block's text may be cut into sentences: the offset of the first byte behind each sentence but the last.
///
/// A sentence ends with `.`, `!` or `?`, any closing quotes and brackets, and white space before something that does not
/// begin in lower case; or with an ideographic full stop. Abbreviations and single letters end none.
func sentenceEnds(in text: [UInt8]) -> [Int] {
    var ends: [Int] = []
    var index = 0
    while index < text.count {
        let byte = text[index]
        index += 1
        if byte == 0xE3 || byte == 0xEF {
            if isIdeographicEnd(text, index - 1), index + 2 < text.count { ends.append(index + 2) }
        } else if byte == UInt8(ascii: ".") || byte == UInt8(ascii: "!") || byte == UInt8(ascii: "?") {
            let end = behindClosers(text, index)
            guard end < text.count, text[end].isBlank, beginsSentence(text, end) else { continue }
            if byte != UInt8(ascii: ".") || !isAbbreviation(text, index - 1) { ends.append(end) }
        }
    }
    return ends
}

/// 。 is E3 80 82, ！ EF BC 81, ？ EF BC 9F.
private func isIdeographicEnd(_ text: [UInt8], _ index: Int) -> Bool {
    let scalar = text[index...].prefix(3)
    return scalar.elementsEqual([0xE3, 0x80, 0x82]) || scalar.elementsEqual([0xEF, 0xBC, 0x81])
        || scalar.elementsEqual([0xEF, 0xBC, 0x9F])
}

private func behindClosers(_ text: [UInt8], _ start: Int) -> Int {
    var index = start
    while index < text.count, "\"')]".utf8.contains(text[index]) { index += 1 }
    // ” and ’ are E2 80 9D and E2 80 99.
    if text[index...].starts(with: [0xE2, 0x80, 0x9D]) || text[index...].starts(with: [0xE2, 0x80, 0x99]) {
        index += 3
    }
    return index
}

private func beginsSentence(_ text: [UInt8], _ blank: Int) -> Bool {
    guard let next = text[blank...].first(where: { !$0.isBlank }) else { return false }
    return !(next >= UInt8(ascii: "a") && next <= UInt8(ascii: "z"))
}

private let abbreviations: Set<String> = [
    "approx", "ca", "cf", "dr", "e.g", "eq", "etc", "fig", "i.e", "incl", "mr", "mrs", "no", "nos", "p", "pp", "resp",
    "sec", "st", "vs",
]

/// Whether the full stop at `stop` closes an abbreviation or a single capital.
private func isAbbreviation(_ text: [UInt8], _ stop: Int) -> Bool {
    var start = stop
    while start > 0, !text[start - 1].isBlank, text[start - 1] != UInt8(ascii: "("), stop - start < 8 { start -= 1 }
    let word = text[start..<stop]
    if word.count == 1, let letter = word.first, letter >= UInt8(ascii: "A"), letter <= UInt8(ascii: "Z") {
        return true
    }
    return abbreviations.contains(String(decoding: word, as: UTF8.self).lowercased())
}
