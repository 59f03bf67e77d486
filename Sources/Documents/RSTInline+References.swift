/// A longer role is a text with colons.
private let roleByteCountMax = 48

extension RSTInline {
    /// The name between the colons of a role that begins at `index`.
    func role(at index: Int) -> Range<Int>? {
        guard index < end, bytes[index] == UInt8(ascii: ":") else { return nil }
        var behind = index + 1
        while behind < end, behind - index <= roleByteCountMax,
            isLetterOrDigit(bytes[behind]) || "-_+.".utf8.contains(bytes[behind])
                || (bytes[behind] == UInt8(ascii: ":") && behind + 1 < end && isLetterOrDigit(bytes[behind + 1]))
        {
            behind += 1
        }
        guard behind > index + 1, behind < end, bytes[behind] == UInt8(ascii: ":") else { return nil }
        return index + 1..<behind
    }

    /// A role before its text, an address, or a colon.
    mutating func readColon(at index: Int) -> Int {
        if let role = role(at: index), role.upperBound + 1 < end, bytes[role.upperBound + 1] == UInt8(ascii: "`"),
            opens(at: index, content: role.upperBound + 2),
            let closing = closing(of: .interpreted, from: role.upperBound + 2)
        {
            return readInterpreted(role.upperBound + 2..<closing, behind: closing + 1, role: role)
        }
        guard bytes[index..<end].starts(with: "://".utf8) else { return appendByte(at: index) }
        return readAddress(at: index)
    }

    /// An address ends at white space or brackets; no mark in it is read, and punctuation at its end is no part of it.
    private mutating func readAddress(at colon: Int) -> Int {
        var behind = colon
        while behind < end, !bytes[behind].isBlank, !"<>\"`".utf8.contains(bytes[behind]) { behind += 1 }
        while behind > colon + 3, ".,;:!?)'*_".utf8.contains(bytes[behind - 1]) { behind -= 1 }
        text.append(colon..<behind)
        var first = colon
        while first > start, bytes[first - 1].isSmallLetter, colon - first < 8 { first -= 1 }
        let scheme = bytes[first..<colon]
        if scheme.elementsEqual("http".utf8) || scheme.elementsEqual("https".utf8) { addLink(first..<behind) }
        return behind
    }

    /// The end of a reference, `word_`; an inline target, _`words`; or an underscore.
    mutating func readUnderscore(at index: Int) -> Int {
        if index + 1 < end, bytes[index + 1] == UInt8(ascii: "`") { return readMarked(at: index, [.target]) }
        let behind = behindUnderscores(index)
        let isReference = index > start && isLetterOrDigit(bytes[index - 1]) && closes(at: behind, .emphasis)
        if isReference { return behind }
        text.append(index..<behind)
        return behind
    }

    /// `[1]_` and `[#name]_` are dropped, `[Name]_` is a citation and keeps its brackets.
    mutating func readFootnoteReference(at index: Int) -> Int {
        let labelByteCountMax = 64
        guard let closing = bytes[index..<min(end, index + labelByteCountMax)].firstIndex(of: UInt8(ascii: "]")),
            closing > index + 1, closing + 1 < end, bytes[closing + 1] == UInt8(ascii: "_"),
            closes(at: closing + 2, .emphasis)
        else { return appendByte(at: index) }
        let first = bytes[index + 1]
        guard first.isDigit || first == UInt8(ascii: "#") || first == UInt8(ascii: "*") else {
            text.append(index..<closing + 1)
            return closing + 2
        }
        if text.bytes.last == 0x20 { text.removeLast(1) }
        return closing + 2
    }
}
