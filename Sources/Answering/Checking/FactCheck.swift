/// Which numbers, code, identifiers, names and quoted words of a statement the cited span lacks.
struct FactCheck {
    let statement: ComparedTokens
    let span: ComparedTokens
    private let spanText: [UInt8]
    private let foldedSpan: [UInt8]

    init(_ statement: ComparedTokens, _ span: ComparedTokens) {
        self.statement = statement
        self.span = span
        spanText = span.text.flat.bytes
        foldedSpan = spanText.map(folded)
    }

    func reasons() -> [Verdict.Reason] {
        var reasons: [Verdict.Reason] = []
        for index in statement.tokens.indices {
            if let kind = missing(index) {
                reasons.append(Verdict.Reason(kind: kind, words: statement.word(index), instead: nil, isVeto: true))
            }
        }
        for words in statement.text.quoted where !says(quotation: words) {
            reasons.append(Verdict.Reason(kind: .quotation, words: words, instead: nil, isVeto: true))
        }
        return reasons
    }

    private func missing(_ index: Int) -> Verdict.Kind? {
        let token = statement.tokens[index]
        switch token.kind {
        case .number(let quantity): return says(quantity) ? nil : .number
        case .code: return says(code: token.key) ? nil : .code
        case .identifier: return says(identifier: token.key) ? nil : .identifier
        case .content: return token.isName && !says(name: index) ? .name : nil
        case .function: return nil
        }
    }

    /// A number with its unit, or the same digits inside code.
    private func says(_ quantity: Quantity) -> Bool {
        var hasDigits = false
        for token in span.tokens {
            guard let other = token.quantity else { continue }
            if quantity.agrees(with: other) { return true }
            hasDigits = hasDigits || other.digits == quantity.digits
        }
        // A count of what the span lists, unless it says another number.
        if quantity.isSpelled, !span.tokens.contains(where: { $0.quantity != nil }) { return true }
        if quantity.value == 2, span.tokens.contains(where: { $0.key == "both" || $0.key == "neither" }) { return true }
        if quantity.value == 0, span.tokens.contains(where: Negation.isCue) { return true }
        return !hasDigits && occurs(Array(quantity.digits.utf8), in: spanText)
    }

    private func says(code: String) -> Bool {
        let bytes = Array(code.utf8)
        if occurs(bytes, in: spanText) || occurs(bytes, in: span.text.flat.source) { return true }
        // A parameter's value is quoted for its place.
        return occurs(bytes.filter(isNoQuote), in: spanText.filter(isNoQuote))
    }

    private func says(identifier: String) -> Bool {
        if identifier.hasPrefix("-") { return occurs(Array(identifier.utf8), in: spanText) }
        return occurs(identifier.utf8.map(folded), in: foldedSpan)
    }

    private func says(quotation: String) -> Bool {
        let marks = " .,;:!?"
        let words = quotation.lowercased().drop { marks.contains($0) }
        var bytes = Array(words.utf8)
        while let last = bytes.last, marks.utf8.contains(last) { bytes.removeLast() }
        return occurs(bytes.map(folded), in: foldedSpan)
    }

    private func says(name index: Int) -> Bool {
        span.tokens.indices.contains { statement.relation(index, span, $0) != nil }
            || occurs(statement.word(index).utf8.map(folded), in: foldedSpan)
    }
}

private func folded(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
}

/// Whether a byte is none that a shell or a database quotes with.
func isNoQuote(_ byte: UInt8) -> Bool { !"'\"\\".utf8.contains(byte) }

/// Whether `needle` stands in `text` with nothing at its ends that would make it another word: `/etc` is not in
/// `/etc/nginx`, `1.2` not in `1.25`, `-v` not in `-vv`.
private func occurs(_ needle: [UInt8], in text: [UInt8]) -> Bool {
    guard let first = needle.first, needle.count <= text.count else { return needle.isEmpty }
    for start in 0...text.count - needle.count where text[start] == first {
        guard text[start..<start + needle.count].elementsEqual(needle) else { continue }
        if isBoundary(text, before: start, first),
            isBoundary(text, after: start + needle.count, needle[needle.count - 1])
        {
            return true
        }
    }
    return false
}

private func isBoundary(_ text: [UInt8], before start: Int, _ first: UInt8) -> Bool {
    guard start > 0 else { return true }
    let byte = text[start - 1]
    if isWordByte(first) || first >= 0x80 {
        return !isWordByte(byte) && byte != UInt8(ascii: "-") || isHyphen(text, start - 1)
    }
    return first == UInt8(ascii: "-") || first == UInt8(ascii: "/") ? !isWordByte(byte) && byte != first : true
}

/// A hyphen between letters, not the dash of a flag.
private func isHyphen(_ text: [UInt8], _ position: Int) -> Bool {
    text[position] == UInt8(ascii: "-") && position > 0 && isWordByte(text[position - 1])
}

private func isBoundary(_ text: [UInt8], after end: Int, _ last: UInt8) -> Bool {
    guard end < text.count, isWordByte(last) || last >= 0x80 else { return true }
    let byte = text[end]
    if isWordByte(byte) {
        // `CNAMEs`, but no other letter.
        return byte == UInt8(ascii: "s") && (end + 1 == text.count || !isWordByte(text[end + 1]))
    }
    guard end + 1 < text.count, isWordByte(text[end + 1]) else { return true }
    return byte != UInt8(ascii: ".") && byte != UInt8(ascii: "/") && byte != UInt8(ascii: "-")
}
