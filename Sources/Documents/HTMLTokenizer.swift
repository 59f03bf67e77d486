/// Takes an HTML page apart into text and tags that know their places, tolerantly, as browsers do.
///
/// <https://html.spec.whatwg.org/multipage/parsing.html#tokenization>; what no reader of the page sees (comments, the
/// document type, processing instructions) gives no token.
struct HTMLTokenizer {
    enum Token {
        /// References in it are not resolved.
        case text(Range<Int>)
        case start(HTMLTag)
        case end(HTMLTag)
    }

    let bytes: [UInt8]
    private(set) var index: Int

    init(bytes: [UInt8], from start: Int) {
        self.bytes = bytes
        index = start
    }

    mutating func next() -> Token? {
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: "<"), let token = markup() else { return text() }
            if let token { return token }
        }
        return nil
    }

    /// Up to the next "<" that may open markup.
    private mutating func text() -> Token {
        let start = index
        index += 1
        while index < bytes.count, bytes[index] != UInt8(ascii: "<") { index += 1 }
        return .text(start..<index)
    }

    /// The token that begins with the "<" at the index; `.some(nil)` for what gives none; `nil` where it is text.
    private mutating func markup() -> Token?? {
        guard index + 1 < bytes.count else { return nil }
        switch bytes[index + 1] {
        case let byte where byte.isLetter: return .some(tag(nameStart: index + 1).map(Token.start))
        case UInt8(ascii: "/"):
            guard index + 2 < bytes.count else { return nil }
            if bytes[index + 2].isLetter { return .some(tag(nameStart: index + 2).map(Token.end)) }
            skip(to: ">")
        case UInt8(ascii: "!"):
            if bytes[index...].starts(with: "<!--".utf8) { skipComment() } else { skip(to: ">") }
        case UInt8(ascii: "?"): skip(to: ">")
        default: return nil
        }
        return .some(nil)
    }

    private mutating func skip(to mark: Unicode.Scalar) {
        while index < bytes.count, bytes[index] != UInt8(ascii: mark) { index += 1 }
        index = min(index + 1, bytes.count)
    }

    /// A comment ends with `-->` or `--!>`; `<!-->` and `<!--->` are comments, too.
    private mutating func skipComment() {
        index += 2
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: ">"), bytes[index - 1] == UInt8(ascii: "-"),
                bytes[index - 2] == UInt8(ascii: "-")
            {
                break
            }
            if bytes[index...].starts(with: "--!>".utf8) {
                index += 3
                break
            }
            index += 1
        }
        index = min(index + 1, bytes.count)
    }

    /// The tag whose name begins at `nameStart`; `nil` where the page ends in it.
    private mutating func tag(nameStart: Int) -> HTMLTag? {
        let start = index
        var nameEnd = nameStart
        while nameEnd < bytes.count, !isNameEnd(bytes[nameEnd]) { nameEnd += 1 }
        index = nameEnd
        while index < bytes.count, bytes[index] != UInt8(ascii: ">") { skipAttributePart() }
        guard index < bytes.count else { return nil }
        index += 1
        return HTMLTag(
            name: HTMLName(bytes[nameStart..<nameEnd]), range: start..<index, attributes: nameEnd..<index - 1)
    }

    /// Passes over a name, a value, or what stands between them; a ">" in quotes behind "=" closes nothing.
    private mutating func skipAttributePart() {
        let byte = bytes[index]
        index += 1
        guard byte == UInt8(ascii: "=") else { return }
        while index < bytes.count, bytes[index].isHTMLBlank { index += 1 }
        guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") || bytes[index] == UInt8(ascii: "'") else {
            return
        }
        let quote = bytes[index]
        index += 1
        while index < bytes.count, bytes[index] != quote { index += 1 }
        index = min(index + 1, bytes.count)
    }

    private func isNameEnd(_ byte: UInt8) -> Bool {
        byte.isHTMLBlank || byte == UInt8(ascii: "/") || byte == UInt8(ascii: ">")
    }

    /// Passes over the content of a script, style or title, in which only its own end tag is markup, and that tag.
    mutating func skipRawText(of name: HTMLName) -> Range<Int> {
        let start = index
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "<"), index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "/") {
                var behind = index + 2
                while behind < bytes.count, !isNameEnd(bytes[behind]), behind - index < HTMLName.byteCountMax + 3 {
                    behind += 1
                }
                if HTMLName(bytes[index + 2..<behind]) == name {
                    let end = index
                    _ = tag(nameStart: index + 2)
                    return start..<end
                }
            }
            index += 1
        }
        return start..<index
    }
}

/// A start or end tag and its place.
struct HTMLTag {
    let name: HTMLName
    /// From "<" to behind ">".
    let range: Range<Int>
    /// What stands between the name and the ">".
    let attributes: Range<Int>
}

/// A tag's or attribute's name, whatever its case.
struct HTMLName: Hashable {
    /// Longer names are those of nobody and count as one.
    static let byteCountMax = 16

    private let key: UInt128

    init(_ bytes: some Collection<UInt8>) {
        guard bytes.count <= Self.byteCountMax else {
            key = .max
            return
        }
        key = bytes.reduce(0) { $0 << 8 | UInt128($1.isCapital ? $1 | 0x20 : $1) }
    }

    init(_ name: String) { self.init(Array(name.utf8)) }
}

extension UInt8 {
    /// HTML's white space.
    var isHTMLBlank: Bool { self == 0x20 || self == 0x0A || self == 0x09 || self == 0x0D || self == 0x0C }
}
