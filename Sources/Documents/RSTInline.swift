/// Reduces the inline markup of reStructuredText to its text, aligned with the source.
///
/// A mark opens behind white space or an opening bracket and closes before white space or punctuation; what has no closing
/// mark is text. (docutils, "Inline markup recognition rules")
struct RSTInline {
    enum Mark: Hashable {
        case literal, interpreted, strong, emphasis, substitution, target

        var opening: [UInt8] {
            switch self {
            case .literal: Array("``".utf8)
            case .interpreted: Array("`".utf8)
            case .strong: Array("**".utf8)
            case .emphasis: Array("*".utf8)
            case .substitution: Array("|".utf8)
            case .target: Array("_`".utf8)
            }
        }
        var closing: [UInt8] { self == .target ? Array("`".utf8) : opening }
    }

    let lines: LineTable
    var bytes: [UInt8] { lines.bytes }
    var text: SourcedText
    private(set) var links: [Link] = []
    var start = 0
    var end = 0
    /// Marks that have no closing partner from here on.
    var unclosed: Set<Mark> = []

    init(lines: LineTable) {
        self.lines = lines
        text = SourcedText(source: lines.bytes)
    }

    /// Adds what `range` of the source says; white space in it is one space.
    mutating func append(_ range: Range<Int>) {
        (start, end) = (range.lowerBound, range.upperBound)
        unclosed = []
        var index = start
        while index < end { index = step(at: index) }
    }

    /// Adds what the pieces of a table's cell say, one of each of its lines: marks may open in one and close in another.
    mutating func append(_ pieces: [Range<Int>]) {
        guard pieces.count > 1 else {
            if let piece = pieces.first { append(piece) }
            return
        }
        let joined = Array(pieces.map { bytes[$0] }.joined(separator: [0x0A]))
        var cell = RSTInline(lines: LineTable(of: joined, from: 0))
        cell.append(joined.indices)
        text.append(cell.text, standingAt: pieces)
        links += cell.links.map { link in
            let piece = pieces[min(link.line, pieces.count) - 1]
            return Link(
                target: link.target, line: lines.line(of: piece.lowerBound) + 1, isImage: link.isImage,
                isPage: link.isPage)
        }
    }

    /// Reads what stands at `index` and returns where to go on.
    mutating func step(at index: Int) -> Int {
        switch bytes[index] {
        case 0x20, 0x09, 0x0A, 0x0D, 0x0C: return appendBlank(at: index)
        case UInt8(ascii: "\\"): return appendEscaped(at: index)
        case UInt8(ascii: "`"): return readMarked(at: index, [.literal, .interpreted])
        case UInt8(ascii: "*"): return readMarked(at: index, [.strong, .emphasis])
        case UInt8(ascii: "|"): return readMarked(at: index, [.substitution])
        case UInt8(ascii: "_"): return readUnderscore(at: index)
        case UInt8(ascii: "["): return readFootnoteReference(at: index)
        case UInt8(ascii: ":"): return readColon(at: index)
        default:
            var behind = index + 1
            while behind < end, !Self.isSpecial(bytes[behind]) { behind += 1 }
            text.append(index..<behind)
            return behind
        }
    }

    private static func isSpecial(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x20, 0x09, 0x0A, 0x0C, 0x0D, 0x5C, 0x60, 0x2A, 0x7C, 0x5F, 0x5B, 0x3A: true
        default: false
        }
    }

    mutating func appendBlank(at index: Int) -> Int {
        var next = index
        while next < end, bytes[next].isBlank || bytes[next] == 0x0C { next += 1 }
        if next < end, !text.isEmpty, text.bytes.last?.isBlank == false {
            text.append(blank: 0x20, at: index, next: next)
        }
        return next
    }

    /// A backslash makes the next byte text; before white space both vanish.
    mutating func appendEscaped(at index: Int) -> Int {
        guard index + 1 < end else { return index + 1 }
        if !bytes[index + 1].isBlank { text.append(index + 1..<index + 2) }
        return index + 2
    }

    mutating func appendByte(at index: Int) -> Int {
        text.append(index..<index + 1)
        return index + 1
    }

    mutating func readMarked(at index: Int, _ marks: [Mark]) -> Int {
        for mark in marks where bytes[index..<end].starts(with: mark.opening) {
            let content = index + mark.opening.count
            guard opens(at: index, content: content), let closing = closing(of: mark, from: content) else { continue }
            return read(mark, content..<closing)
        }
        // All of a run of marks that opens nothing is text.
        var behind = index + 1
        while behind < end, bytes[behind] == bytes[index] { behind += 1 }
        text.append(index..<behind)
        return behind
    }

    mutating func read(_ mark: Mark, _ content: Range<Int>) -> Int {
        let behind = content.upperBound + mark.closing.count
        switch mark {
        case .literal:
            let mark = text.bytes.count
            appendWords(content, resolvingEscapes: false)
            text.markCode(from: mark)
            return behind
        case .interpreted: return readInterpreted(content, behind: behind, role: nil)
        case .strong, .emphasis, .target: appendWords(content, resolvingEscapes: true)
        case .substitution:
            appendWords(content, resolvingEscapes: true)
            return behindUnderscores(behind)
        }
        return behind
    }

    /// Adds text in which no further marks are read.
    mutating func appendWords(_ range: Range<Int>, resolvingEscapes: Bool) {
        let outerEnd = end
        end = range.upperBound
        defer { end = outerEnd }
        var index = range.lowerBound
        while index < end {
            if bytes[index].isBlank {
                index = appendBlank(at: index)
            } else if resolvingEscapes, bytes[index] == UInt8(ascii: "\\") {
                index = appendEscaped(at: index)
            } else {
                var behind = index + 1
                while behind < end, !bytes[behind].isBlank, bytes[behind] != UInt8(ascii: "\\") { behind += 1 }
                text.append(index..<behind)
                index = behind
            }
        }
    }
}

extension RSTInline {
    /// Whether a mark may open at `index`: behind white space or punctuation that opens, and before text.
    func opens(at index: Int, content: Int) -> Bool {
        guard content < end, !bytes[content].isBlank else { return false }
        guard index > start else { return true }
        let before = bytes[index - 1]
        guard before.isBlank || before >= 0x80 || "'\"([{<-/:\\".utf8.contains(before) else { return false }
        // A mark in quotes, such as '*', opens nothing.
        let partners: [UInt8: UInt8] = [0x27: 0x27, 0x22: 0x22, 0x28: 0x29, 0x5B: 0x5D, 0x7B: 0x7D, 0x3C: 0x3E]
        return partners[before] != bytes[content]
    }

    /// Where the mark closes: behind text, and before white space or punctuation. From where none does, none does later.
    mutating func closing(of mark: Mark, from content: Int) -> Int? {
        guard !unclosed.contains(mark) else { return nil }
        let closing = mark.closing
        var index = content + 1
        while index + closing.count <= end {
            if bytes[index] == closing[0], closing.count == 1 || bytes[index + 1] == closing[1],
                !bytes[index - 1].isBlank, mark == .literal || !isEscaped(index, from: content),
                closes(at: index + closing.count, mark)
            {
                return index
            }
            index += 1
        }
        unclosed.insert(mark)
        return nil
    }

    func isEscaped(_ index: Int, from content: Int) -> Bool {
        var count = 0
        while index - count > content, bytes[index - count - 1] == UInt8(ascii: "\\") { count += 1 }
        return !count.isMultiple(of: 2)
    }

    func closes(at behind: Int, _ mark: Mark) -> Bool {
        guard behind < end else { return true }
        let byte = bytes[behind]
        if mark == .interpreted || mark == .substitution, byte == UInt8(ascii: "_") { return true }
        return byte.isBlank || byte >= 0x80 || "'\")]}>-/:.,;!?\\".utf8.contains(byte)
    }

    func behindUnderscores(_ index: Int) -> Int {
        var behind = index
        while behind < end, behind < index + 2, bytes[behind] == UInt8(ascii: "_") { behind += 1 }
        return behind
    }

    /// `text`, `text <target>`_ or a role's text, before or behind its role.
    mutating func readInterpreted(_ content: Range<Int>, behind: Int, role: Range<Int>?) -> Int {
        var (role, behind) = (role, behind)
        if role == nil, let suffix = self.role(at: behind) {
            role = suffix
            behind = suffix.upperBound + 1
        }
        let mark = text.bytes.count
        let name = role.map { String(decoding: bytes[$0], as: UTF8.self) }
        if name == "rfc" || name == "pep" { text.append(made: (name == "rfc" ? "RFC " : "PEP ").utf8) }
        let isReference = behind < end && bytes[behind] == UInt8(ascii: "_")
        if isReference || name != nil, let title = title(of: content) {
            appendWords(title.text, resolvingEscapes: true)
            if isReference || name == "doc" || name == "download" { addLink(title.target, isPage: name == "doc") }
        } else {
            if name == "doc" { addLink(content, isPage: true) }
            appendWords(shortened(content, isRole: name != nil), resolvingEscapes: true)
        }
        if let name, !Self.proseRoles.contains(name) { text.markCode(from: mark) }
        return behindUnderscores(behind)
    }

    /// Roles whose text is prose; that of all others, such as `file`, `option` and `py:func`, is code.
    private static let proseRoles: Set<String> = [
        "ref", "doc", "term", "numref", "any", "title", "title-reference", "t", "emphasis", "strong", "sub", "sup",
        "subscript", "superscript", "abbr", "guilabel", "menuselection", "dfn", "rfc", "pep", "download", "issue",
        "source", "eq", "cve", "user", "manpage", "std:ref", "std:doc", "std:term",
    ]

    /// `text <target>` taken apart.
    func title(of content: Range<Int>) -> (text: Range<Int>, target: Range<Int>)? {
        guard bytes[content].last == UInt8(ascii: ">"),
            let opening = bytes[content].lastIndex(of: UInt8(ascii: "<"))
        else { return nil }
        let text = (content.lowerBound..<opening).trimmingEnd(in: bytes)
        let target = opening + 1..<content.upperBound - 1
        return text.isEmpty ? (target, target) : (text, target)
    }

    /// `~a.b.c` shows its last name, `!a` is no link.
    func shortened(_ content: Range<Int>, isRole: Bool) -> Range<Int> {
        guard isRole, let first = content.first else { return content }
        if bytes[first] == UInt8(ascii: "!") { return first + 1..<content.upperBound }
        guard bytes[first] == UInt8(ascii: "~") else { return content }
        let dot = bytes[content].lastIndex(of: UInt8(ascii: ".")) ?? first
        return dot + 1..<content.upperBound
    }

    mutating func addLink(_ target: Range<Int>, isPage: Bool = false) {
        // `text <label_>`_ names a target of the page.
        guard !target.isEmpty, bytes[target.upperBound - 1] != UInt8(ascii: "_") else { return }
        let words = String(decoding: bytes[target], as: UTF8.self).split(whereSeparator: \.isWhitespace)
        let line = lines.line(of: target.lowerBound) + 1
        links.append(Link(target: words.joined(), line: line, isImage: false, isPage: isPage))
    }
}
