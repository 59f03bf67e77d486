import Documents

/// What a reader sees of a page's markup, in one line: no fences, list marks, link targets, emphasis, table rules or
/// tags.
///
///     FlatText("2. Run [it](a.md):\n\n   ```bash\n   nginx  -t\n   ```").string   // Run it: nginx -t
///
/// It reads the bytes of Markdown, reStructuredText, HTML and plain text alike, so that a statement and the span it
/// cites are compared as words. Linear in the bytes.
struct FlatText {
    /// UTF-8, runs of white space made one space.
    private(set) var bytes: [UInt8] = []
    /// Code spans, and each line of a code block, as ranges of `bytes`, in order.
    private(set) var code: [Range<Int>] = []
    /// Where a line of markup ended that no sentence goes on behind: items, cells, blocks.
    private(set) var breaks: Set<Int> = []
    /// The text as it is written, runs of white space made one space: code without marks of its own looks like prose.
    let source: [UInt8]

    /// Bytes of one text that are read; the rest is as if it were not there.
    static let byteCountMax = 1 << 22

    init(_ text: String) {
        source = Array(text.utf8.prefix(Self.byteCountMax).split(whereSeparator: isBlank).joined(separator: [space]))
        var isFenced = false
        for line in text.utf8.prefix(Self.byteCountMax).split(
            separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        {
            let line = trimmed(line)
            if isFence(line) {
                isFenced.toggle()
                endItem()
            } else if isFenced {
                appendCode(line)
                endItem()
            } else if line.isEmpty {
                endItem()
            } else if !isRule(line) {
                let content = withoutMarker(line)
                if content.startIndex > line.startIndex { endItem() }
                append(prose: Array(content))
            }
        }
        while bytes.last == space { bytes.removeLast() }
    }

    var string: String { String(decoding: bytes, as: UTF8.self) }

    func string(in range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    private mutating func endItem() {
        appendSpace()
        if !bytes.isEmpty { breaks.insert(bytes.count) }
    }

    private mutating func appendSpace() { if let last = bytes.last, last != space { bytes.append(space) } }

    private mutating func appendCode(_ content: ArraySlice<UInt8>) {
        let start = bytes.count
        for byte in content {
            if isBlank(byte) { if bytes.count > start { appendSpace() } } else { bytes.append(byte) }
        }
        while bytes.count > start, bytes.last == space { bytes.removeLast() }
        if bytes.count > start { code.append(start..<bytes.count) }
    }

    private mutating func append(prose line: [UInt8]) {
        appendSpace()
        var index = 0
        while index < line.count {
            let byte = line[index]
            switch byte {
            case UInt8(ascii: "`"): index = appendCodeSpan(line, at: index)
            case UInt8(ascii: "<"): index = appendTag(line, at: index)
            case UInt8(ascii: "&"): index = appendReference(line, at: index)
            case UInt8(ascii: "|"):
                endItem()
                index += 1
            case UInt8(ascii: "["): index = appendLink(line, at: index)
            case UInt8(ascii: "*"): index += 1
            case UInt8(ascii: "\\") where index + 1 < line.count && isMark(line[index + 1]):
                bytes.append(line[index + 1])
                index += 2
            default:
                if isBlank(byte) { appendSpace() } else { bytes.append(byte) }
                index += 1
            }
        }
    }

    /// A run of backticks up to the next run of the same length; without one, the backticks are dropped.
    private mutating func appendCodeSpan(_ line: [UInt8], at start: Int) -> Int {
        var open = start
        while open < line.count, line[open] == UInt8(ascii: "`") { open += 1 }
        let length = open - start
        var index = open
        while index < line.count {
            var end = index
            while end < line.count, line[end] == UInt8(ascii: "`") { end += 1 }
            if end - index == length {
                if length == 1, end < line.count, line[end] == UInt8(ascii: "_") {
                    return appendReference(line[open..<index], before: line, from: end)
                }
                appendCode(line[open..<index])
                return end
            }
            index = max(end, index + 1)
        }
        return open
    }

    /// A link of reStructuredText, `` `text <target>`_ ``, is its text.
    private mutating func appendReference(_ content: ArraySlice<UInt8>, before line: [UInt8], from end: Int) -> Int {
        append(prose: Array(content.prefix { $0 != UInt8(ascii: "<") }))
        return line[end...].firstIndex { $0 != UInt8(ascii: "_") } ?? line.count
    }

    /// `[text](target)` is its text, `[ ]` nothing, `[8]` itself.
    private mutating func appendLink(_ line: [UInt8], at start: Int) -> Int {
        guard let close = closing(UInt8(ascii: "]"), in: line, from: start + 1) else {
            bytes.append(line[start])
            return start + 1
        }
        let text = Array(line[start + 1..<close])
        if text.allSatisfy({ isBlank($0) }) { return close + 1 }
        guard close + 1 < line.count, line[close + 1] == UInt8(ascii: "("),
            let end = closing(UInt8(ascii: ")"), in: line, from: close + 2)
        else {
            bytes.append(line[start])
            return start + 1
        }
        appendInline(text)
        return end + 1
    }

    private mutating func appendInline(_ text: [UInt8]) {
        let needsSpace = bytes.last == space || bytes.isEmpty
        let count = bytes.count
        append(prose: text)
        // A link may stand inside a word or a bracket: no space of its own in front.
        if !needsSpace, count < bytes.count, bytes[count] == space { removeSpace(at: count) }
    }

    private mutating func removeSpace(at position: Int) {
        bytes.remove(at: position)
        code = code.map { $0.lowerBound > position ? $0.lowerBound - 1..<$0.upperBound - 1 : $0 }
    }

    /// A tag of HTML is dropped, `<code>` and `<pre>` are code; anything else is itself.
    private mutating func appendTag(_ line: [UInt8], at start: Int) -> Int {
        guard let end = line[start...].firstIndex(of: UInt8(ascii: ">")) else {
            bytes.append(line[start])
            return start + 1
        }
        let inner = String(decoding: line[start + 1..<end], as: UTF8.self)
        let name = String(inner.drop { $0 == "/" }.prefix { $0.isLetter || $0.isNumber }).lowercased()
        guard tags.contains(name) else {
            bytes.append(line[start])
            return start + 1
        }
        if name == "code" || name == "kbd", !inner.hasPrefix("/") { return appendCodeElement(line, from: end + 1) }
        if !inlineTags.contains(name) { endItem() }
        return end + 1
    }

    private mutating func appendCodeElement(_ line: [UInt8], from start: Int) -> Int {
        let end = line[start...].firstIndex(of: UInt8(ascii: "<")) ?? line.count
        var decoded = FlatText("")
        var index = start
        while index < end { index = decoded.appendCodeByte(line, at: index) }
        appendCode(decoded.bytes[...])
        return end
    }

    private mutating func appendCodeByte(_ line: [UInt8], at index: Int) -> Int {
        if line[index] == UInt8(ascii: "&") { return appendReference(line, at: index) }
        bytes.append(line[index])
        return index + 1
    }

    private mutating func appendReference(_ line: [UInt8], at start: Int) -> Int {
        var references = HTMLReferences()
        guard let found = references.resolve(line, at: start, to: line.count) else {
            bytes.append(line[start])
            return start + 1
        }
        // A space that does not break is a space.
        if found.text == Array("\u{A0}".utf8) { appendSpace() } else { bytes += found.text }
        return start + found.count
    }
}

private let space = UInt8(ascii: " ")
private let inlineTags: Set<String> = [
    "a", "b", "i", "em", "strong", "code", "kbd", "span", "small", "sub", "sup", "tt",
]
private let tags = inlineTags.union([
    "p", "li", "ul", "ol", "dl", "dt", "dd", "table", "thead", "tbody", "tr", "td", "th", "pre", "br", "div", "h1",
    "h2",
    "h3", "h4", "section", "caption", "blockquote",
])

private func isBlank(_ byte: UInt8) -> Bool { byte == space || byte == 0x09 || byte == 0x0D || byte == 0x0A }
private func isMark(_ byte: UInt8) -> Bool { "*_`[]|<>#\\".utf8.contains(byte) }

private func trimmed(_ line: Substring.UTF8View) -> ArraySlice<UInt8> {
    var line = Array(line)[...]
    while let last = line.last, isBlank(last) { line.removeLast() }
    while let first = line.first, isBlank(first) { line.removeFirst() }
    return line
}

private func isFence(_ line: ArraySlice<UInt8>) -> Bool {
    line.starts(with: "```".utf8) && !line.dropFirst(3).contains(UInt8(ascii: "`")) || line.starts(with: "~~~".utf8)
}

/// Lines of marks only: rules of tables, underlines of headings.
private func isRule(_ line: ArraySlice<UInt8>) -> Bool {
    line.count > 1 && line.allSatisfy { "=-+|: ~^".utf8.contains($0) } && line.contains { "=-".utf8.contains($0) }
}

/// Behind `1.`, `2)`, `-`, `*`, `>` or `##`, and what of them stands in one another.
private func withoutMarker(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var rest = line
    while let marker = markerCount(rest) {
        rest = rest.dropFirst(marker)
        while let first = rest.first, isBlank(first) { rest.removeFirst() }
    }
    return rest
}

private func markerCount(_ line: ArraySlice<UInt8>) -> Int? {
    let digits = line.prefix { $0 &- UInt8(ascii: "0") < 10 }.count
    let end =
        line.startIndex
        + (digits > 0
            ? digits : line.first == UInt8(ascii: "#") ? line.prefix { $0 == UInt8(ascii: "#") }.count - 1 : 0)
    guard digits < 4, end < line.endIndex else { return nil }
    let isMarker = (digits > 0 ? ".)" : "-*+>#").utf8.contains(line[end])
    guard isMarker, end + 1 == line.endIndex || isBlank(line[end + 1]) else { return nil }
    return end + 1 - line.startIndex
}

/// Where a bracket closes, code spans and brackets inside it passed over.
private func closing(_ mark: UInt8, in line: [UInt8], from start: Int) -> Int? {
    let opening = mark == UInt8(ascii: "]") ? UInt8(ascii: "[") : UInt8(ascii: "(")
    var depth = 0
    var isCode = false
    for index in start..<line.count {
        if line[index] == UInt8(ascii: "`") { isCode.toggle() }
        guard !isCode else { continue }
        if line[index] == opening { depth += 1 }
        if line[index] == mark {
            if depth == 0 { return index }
            depth -= 1
        }
    }
    return nil
}
