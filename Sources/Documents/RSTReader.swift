/// Reads the blocks and links of a page in reStructuredText, as docutils and Sphinx define it.
///
/// One pass over the lines with a stack of open bodies, each with the column in which its text begins; nothing is refused
/// that docutils would only complain of. <https://docutils.sourceforge.io/docs/ref/rst/restructuredtext.html>
struct RSTReader {
    /// A body of text that is open: a list item, a quote, a directive's content.
    struct Frame {
        /// The list whose items stand in this column; `nil` for a body whose text begins in it.
        var list: RSTListMark?
        let indent: Int
        /// How many containers were open around it.
        let depth: Int
    }

    /// What indented lines behind the current block would be.
    enum Body {
        case plain, quote, footnote
    }

    struct Adornment: Hashable {
        let mark: UInt8
        let isOverlined: Bool
    }

    let lines: LineTable
    let path: String
    var bytes: [UInt8] { lines.bytes }
    var page = PageBlocks()
    var links: [Link] = []
    var frames: [Frame] = []
    /// The line to be read next.
    var index: Int
    /// The rest of a line behind a list's or directive's mark, to be read as a line of its own.
    var rest: (index: Int, line: TextLine)?
    /// What an indented line would be if it came next; a quote where nothing announces another body.
    var announced: Body?
    var levels = HeadingLevels<Adornment>()
    var anchors = RSTAnchors()
    /// Whether no simple table ends from here on.
    var lacksTableEnds = false

    init(lines: LineTable, from start: Int, path: String) throws(DocumentError) {
        self.lines = lines
        self.path = path
        index = start < lines.bytes.count ? lines.line(of: start) : lines.count
        while index < lines.count { try readLine() }
    }

    mutating func takeBlocks() -> [Block] { page.takeBlocks() }

    func line(_ index: Int) -> TextLine {
        if let rest, rest.index == index { return rest.line }
        return lines.textLine(index)
    }

    private mutating func readLine() throws(DocumentError) {
        let line = line(index)
        guard !line.isBlank else {
            index += 1
            return
        }
        while let last = frames.last, last.indent > line.indent { closeFrame() }
        if let last = frames.last, let list = last.list, !goesOn(list, with: line) { closeFrame() }
        let isBody = frames.last.map { $0.list == nil } ?? true
        if isBody, line.indent > frames.last?.indent ?? 0 {
            try open(announced ?? .quote, indent: line.indent)
        }
        announced = nil
        try readBlock(line)
    }

    private mutating func readBlock(_ line: TextLine) throws(DocumentError) {
        let content = bytes[line.content]
        let mark = content[content.startIndex]
        if content.starts(with: "..".utf8), content.count == 2 || content[content.startIndex + 2].isBlank {
            return try readExplicit(line)
        }
        if readHeading(line) || readTable(line) || readTransition(line) { return }
        if let item = RSTListMark(of: line, in: bytes), isListItem(item, line) { return try open(item, line) }
        if mark == UInt8(ascii: ":"), let name = fieldName(of: line) { return try readField(line, name: name) }
        if content.starts(with: ">>> ".utf8) {
            return appendCode(index..<endOfRun(from: index), language: "pycon")
        }
        if mark == UInt8(ascii: "|"), content.count == 1 || content[content.startIndex + 1] == 0x20 {
            return readLineBlock(line)
        }
        if content.starts(with: "__ ".utf8) {
            index += 1
            return
        }
        readParagraph(line)
    }
}

extension RSTReader {
    mutating func open(_ body: Body, indent: Int) throws(DocumentError) {
        frames.append(Frame(list: nil, indent: indent, depth: page.depth))
        switch body {
        case .plain: break
        case .quote: page.openQuote()
        case .footnote: page.openFootnote()
        }
        try checkDepth()
    }

    func checkDepth() throws(DocumentError) {
        guard max(frames.count, page.depth) <= containerDepthMax else {
            throw .nestedTooDeeply(path: path, line: index + 1, expectedDepthMax: containerDepthMax)
        }
    }

    mutating func closeFrame() {
        page.close(toDepth: frames.removeLast().depth)
    }

    /// Goes on with what stands behind a mark on the current line, in a body whose text begins in column `indent`.
    mutating func readRest(from start: Int, of line: TextLine, indent: Int) {
        guard start < line.content.upperBound else {
            index += 1
            return
        }
        rest = (
            index,
            TextLine(
                whole: start..<line.whole.upperBound, content: start..<line.content.upperBound, indent: indent,
                opensPage: false)
        )
    }

    /// The line behind the last one that is not blank, from `start` on.
    func endOfRun(from start: Int) -> Int {
        var end = start
        while end < lines.count, !line(end).isBlank { end += 1 }
        return end
    }

    /// The lines from `start` on that are indented further than `indent`, without blank ones at the ends.
    func body(from start: Int, behind indent: Int) -> Range<Int> {
        var first = start
        while first < lines.count, lines.textLine(first).isBlank { first += 1 }
        var (end, next) = (first, first)
        while next < lines.count {
            let line = lines.textLine(next)
            if !line.isBlank {
                guard line.indent > indent else { break }
                end = next + 1
            }
            next += 1
        }
        return first..<max(first, end)
    }

    /// Where the text begins of the body that starts with the next line, if it is indented further than `indent`.
    func bodyIndent(from start: Int, behind indent: Int) -> Int? {
        var next = start
        while next < lines.count, lines.textLine(next).isBlank { next += 1 }
        guard next < lines.count, lines.textLine(next).indent > indent else { return nil }
        return lines.textLine(next).indent
    }

    mutating func appendCode(_ range: Range<Int>, language: String?) {
        if !range.isEmpty { page.append(.code(language: language), lines.code(range, language: language)) }
        index = max(range.upperBound, index + 1)
    }

    /// Prose that stands in `range` of the source.
    mutating func leaf(_ range: Range<Int>) -> LeafContent {
        var inline = RSTInline(lines: lines)
        inline.append(range)
        links += inline.links
        return inline.text.leaf(range)
    }

    mutating func appendParagraph(_ range: Range<Int>) {
        page.append(page.isInFootnote ? .footnote : .paragraph, leaf(range))
    }
}

extension Range<Int> {
    /// The range without spaces and tabs at its start.
    func trimmingStart(in bytes: [UInt8]) -> Range<Int> {
        var start = lowerBound
        while start < upperBound, bytes[start].isBlank { start += 1 }
        return start..<upperBound
    }
}
