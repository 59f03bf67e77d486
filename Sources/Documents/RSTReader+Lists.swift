extension RSTReader {
    /// Whether `line` is the next item of the list whose items stand in its column.
    func goesOn(_ list: RSTListMark, with line: TextLine) -> Bool {
        guard line.indent == list.indent, let item = RSTListMark(of: line, in: bytes), isListItem(item, line) else {
            return false
        }
        return item.follows(list)
    }

    /// A number or letter opens no item where the next line is neither indented nor an item itself: "A. Turing wrote".
    func isListItem(_ item: RSTListMark, _ line: TextLine) -> Bool {
        guard item.isEnumerated, index + 1 < lines.count else { return true }
        let next = lines.textLine(index + 1)
        if next.isBlank || next.indent > line.indent { return true }
        return next.indent < line.indent || RSTListMark(of: next, in: bytes)?.isEnumerated == true
    }

    mutating func open(_ item: RSTListMark, _ line: TextLine) throws(DocumentError) {
        if frames.last?.list == nil {
            frames.append(Frame(list: nil, indent: line.indent, depth: page.depth))
            page.openList(start: item.isEnumerated ? item.value ?? 1 : nil)
        }
        let shown = item.value ?? (frames[frames.count - 1].list?.shown).map { $0 + 1 } ?? 1
        frames[frames.count - 1].list = item.shown(as: shown)
        frames.append(Frame(list: nil, indent: item.contentIndent, depth: page.depth))
        page.openItem(value: item.isEnumerated ? shown : nil)
        try checkDepth()
        readRest(from: item.contentStart, of: line, indent: item.contentIndent)
    }

    /// The field's name, as a range with its colons; a role's colons are followed by a backtick.
    func fieldName(of line: TextLine) -> Range<Int>? {
        var index = line.content.lowerBound + 1
        guard index < line.content.upperBound, !bytes[index].isBlank, bytes[index] != UInt8(ascii: ":") else {
            return nil
        }
        while index < line.content.upperBound {
            if bytes[index] == UInt8(ascii: "\\") {
                index += 2
                continue
            }
            if bytes[index] == UInt8(ascii: "`") { return nil }
            if bytes[index] == UInt8(ascii: ":"),
                index + 1 == line.content.upperBound || bytes[index + 1].isBlank
            {
                return line.content.lowerBound..<index + 1
            }
            index += 1
        }
        return nil
    }

    /// `:name: body` says "name: body"; fields before everything else are about the file.
    mutating func readField(_ line: TextLine, name: Range<Int>) throws(DocumentError) {
        let isAboutFile = page.blocks.isEmpty && frames.isEmpty
        var (end, last) = (index + 1, line)
        while end < lines.count {
            let next = lines.textLine(end)
            guard !next.isBlank, next.indent > line.indent, RSTListMark(of: next, in: bytes) == nil else { break }
            (end, last) = (end + 1, next)
        }
        index = end
        guard !isAboutFile else {
            let body = body(from: index, behind: line.indent)
            if !body.isEmpty { index = body.upperBound }
            return
        }
        var inline = RSTInline(lines: lines)
        inline.append(name.lowerBound + 1..<name.upperBound - 1)
        inline.text.append(name.upperBound - 1..<name.upperBound)
        let body = (name.upperBound..<max(name.upperBound, last.content.upperBound)).trimmingStart(in: bytes)
        if !body.isEmpty {
            inline.text.append(blank: 0x20, at: name.upperBound, next: body.lowerBound)
            inline.append(body)
        }
        links += inline.links
        page.append(.paragraph, inline.text.leaf(name.lowerBound..<max(name.upperBound, body.upperBound)))
        announced = .plain
    }
}

/// The mark that begins a list item of reStructuredText.
struct RSTListMark {
    enum Style {
        case bullet(UInt8)
        case arabic, letter, capital, roman, capitalRoman
        /// `#.` goes on with whatever the list counts in.
        case auto
    }

    /// `(1)`, `1)` or `1.`
    enum Form {
        case bracketed, closed, dotted
    }

    let indent: Int
    let style: Style
    let form: Form
    /// What an enumerator says; `nil` for bullets and `#`.
    let value: Int?
    let contentStart: Int
    let contentIndent: Int
    /// The number that a reader sees, once the item has its place.
    private(set) var shown = 0

    var isEnumerated: Bool {
        if case .bullet = style { return false }
        return true
    }

    init?(of line: TextLine, in bytes: [UInt8]) {
        let content = bytes[line.content]
        guard let first = content.first else { return nil }
        var behind = content.startIndex + 1
        if "-*+".utf8.contains(first) {
            (style, form, value) = (.bullet(first), .dotted, nil)
        } else if content.starts(with: "•".utf8) || content.starts(with: "‣".utf8) || content.starts(with: "⁃".utf8) {
            (style, form, value) = (.bullet(content[content.startIndex + 2]), .dotted, nil)
            behind += 2
        } else {
            guard let enumerator = Self.enumerator(of: content) else { return nil }
            (style, form, value, behind) = enumerator
        }
        guard behind == content.endIndex || content[behind].isBlank else { return nil }
        let start = content[behind...].firstIndex { !$0.isBlank } ?? content.endIndex
        indent = line.indent
        contentStart = start
        contentIndent = line.indent + (start == content.endIndex ? behind + 1 : start) - content.startIndex
    }

    func shown(as number: Int) -> RSTListMark {
        var mark = self
        mark.shown = number
        return mark
    }

    /// Whether the mark is of the same list as the one before it.
    func follows(_ last: RSTListMark) -> Bool {
        switch (last.style, style) {
        case (.bullet(let left), .bullet(let right)): left == right
        case (.bullet, _), (_, .bullet): false
        case (_, .auto): form == last.form
        default: form == last.form && (value == last.shown + 1 || value == nil)
        }
    }

    private static func enumerator(of content: ArraySlice<UInt8>) -> (Style, Form, Int?, Int)? {
        let isBracketed = content.first == UInt8(ascii: "(")
        let rest = content.dropFirst(isBracketed ? 1 : 0)
        let word = rest.prefix { isLetterOrDigit($0) || $0 == UInt8(ascii: "#") }
        guard word.endIndex < content.endIndex, let (style, value) = style(of: word) else { return nil }
        let isClosed = content[word.endIndex] == UInt8(ascii: ")")
        guard isClosed || (content[word.endIndex] == UInt8(ascii: ".") && !isBracketed) else { return nil }
        return (style, isBracketed ? .bracketed : isClosed ? .closed : .dotted, value, word.endIndex + 1)
    }

    /// Digits, a letter, a Roman numeral, or `#`; a single i is a numeral, any other single letter a letter.
    private static func style(of word: ArraySlice<UInt8>) -> (Style, Int?)? {
        let (digitCountMax, numeralCountMax) = (6, 8)
        guard let first = word.first else { return nil }
        if word.count == 1, first == UInt8(ascii: "#") { return (.auto, nil) }
        if word.allSatisfy(\.isDigit) {
            return word.count <= digitCountMax ? (.arabic, Int(String(decoding: word, as: UTF8.self))) : nil
        }
        let isCapital = word.allSatisfy(\.isCapital)
        guard isCapital || word.allSatisfy(\.isSmallLetter), word.count <= numeralCountMax else { return nil }
        if word.count == 1, first | 0x20 != UInt8(ascii: "i") {
            return (isCapital ? .capital : .letter, Int(first | 0x20) - 0x60)
        }
        guard let value = romanValue(of: word) else { return nil }
        return (isCapital ? .capitalRoman : .roman, value)
    }

    private static func romanValue(of word: ArraySlice<UInt8>) -> Int? {
        let values = Array("ivxlcdm".utf8)
        let worth = [1, 5, 10, 50, 100, 500, 1000]
        var (sum, last) = (0, 0)
        for letter in word.reversed() {
            guard let place = values.firstIndex(of: letter | 0x20) else { return nil }
            sum += worth[place] < last ? -worth[place] : worth[place]
            last = max(last, worth[place])
        }
        return sum > 0 ? sum : nil
    }
}
