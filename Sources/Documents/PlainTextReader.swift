/// Reads plain text, logs and the extracted text of PDFs.
///
/// Paragraphs are runs of lines between blank ones. A run that is indented further than the text around it, reads like a
/// log or a terminal, or is set in columns is code. Lists are `-`, `*`, `+`, `•`, `1.`, `1)` and `(1)`. What heads a section
/// is said by `PlainTextHeadings`.
struct PlainTextReader {
    /// What the text was written as.
    enum Flavour {
        case prose
        /// Every run is code.
        case log
        /// Pages that begin with form feeds; lines that return on most of them at the top or bottom are left out.
        case pages
    }

    /// Columns beyond the text around it that make a run code, as in Markdown.
    static let codeIndent = 4

    private let lines: LineTable
    private let path: String
    private let flavour: Flavour
    private let layout: PlainTextLayout
    private var headings: PlainTextHeadings
    private var page = PageBlocks()
    private var lists: [OpenList] = []
    /// Indented code that goes on if the next run is indented, too.
    private var openCode: Range<Int>?
    /// Of the run that is being read.
    private var shape: TextRunShape

    private struct OpenList {
        let indent: Int
        let isNumbered: Bool
        var number: Int
        var contentIndent: Int
    }

    /// - Parameter title: what the front matter calls the page.
    init(lines: LineTable, from start: Int, path: String, flavour: Flavour, title: String?) throws(DocumentError) {
        self.lines = lines
        self.path = path
        self.flavour = flavour
        let first = start < lines.bytes.count ? lines.line(of: start) : lines.count
        layout = PlainTextLayout(of: lines, from: first, hasPages: flavour == .pages)
        headings = PlainTextHeadings(lines: lines, layout: layout, pageTitle: title)
        shape = layout.shape(of: first..<first)
        for run in layout.runs(from: first) { try read(run) }
        flushCode()
    }

    mutating func takeBlocks() -> [Block] { page.takeBlocks() }

    private mutating func read(_ run: Range<Int>) throws(DocumentError) {
        guard flavour != .log else { return page.append(.code(language: nil), lines.code(run, language: nil)) }
        shape = layout.shape(of: run)
        if let code = openCode, run.lowerBound - code.upperBound == 1, isIndentedCode(run) {
            openCode = code.lowerBound..<run.upperBound
            return
        }
        flushCode()
        var rest = run
        if let heading = headings.heading(of: run) {
            closeLists(above: -1)
            page.append(
                .heading(level: heading.level), lines.prose(heading.title, from: heading.textStart, in: heading.lines))
            rest = heading.lines.upperBound..<run.upperBound
        }
        var isBehindColon = false
        while !rest.isEmpty {
            let end = try readPart(of: rest, isBehindColon: isBehindColon)
            isBehindColon = lines.bytes[lines.textLine(end - 1).content].last == UInt8(ascii: ":")
            rest = end..<rest.upperBound
        }
    }

    /// Reads a list item, a paragraph or code at the start of `run`; returns the line behind it.
    private mutating func readPart(of run: Range<Int>, isBehindColon: Bool) throws(DocumentError) -> Int {
        let line = lines.textLine(run.lowerBound)
        let indented = isBehindColon ? indentedLines(of: run) : run.lowerBound..<run.lowerBound
        if !indented.isEmpty {
            page.append(.code(language: nil), lines.code(indented, language: nil))
            return indented.upperBound
        }
        if !isCode(run), let marker = TextListMarker(of: line, in: lines.bytes) {
            try open(marker, line: run.lowerBound)
            let end = endOfProse(run, contentIndent: marker.contentIndent)
            page.append(.paragraph, lines.prose(run.lowerBound..<end, from: marker.contentStart))
            return end
        }
        closeLists(above: line.indent - 1)
        guard isCode(run) else {
            let end = endOfProse(run, contentIndent: line.indent)
            page.append(.paragraph, lines.prose(run.lowerBound..<end, from: line.content.lowerBound))
            return end
        }
        if isIndentedCode(run) {
            openCode = run
        } else {
            page.append(.code(language: nil), lines.code(run, language: nil))
        }
        return run.upperBound
    }

    private mutating func flushCode() {
        guard let code = openCode else { return }
        page.append(.code(language: nil), lines.code(code, language: nil))
        openCode = nil
    }

    /// Where the prose that begins `run` gives way to a list item, or to code behind a line that ends with a colon.
    private func endOfProse(_ run: Range<Int>, contentIndent: Int) -> Int {
        var endsWithColon = false
        for index in run {
            let line = lines.textLine(index)
            if index > run.lowerBound {
                if endsWithColon, line.indent >= contentIndent + Self.codeIndent { return index }
                if let marker = TextListMarker(of: line, in: lines.bytes), goesOn(marker, behindColon: endsWithColon) {
                    return index
                }
            }
            endsWithColon = lines.bytes[line.content].last == UInt8(ascii: ":")
        }
        return run.upperBound
    }

    /// Whether a mark amid a run begins an item: it continues a list, or a line with a colon announces it.
    private func goesOn(_ marker: TextListMarker, behindColon: Bool) -> Bool {
        guard let number = marker.number else {
            return behindColon || lists.contains { !$0.isNumbered && $0.indent == marker.indent }
                || lists.last.map { marker.indent > $0.indent } == true
        }
        return number == 1 && (behindColon || !lists.isEmpty)
            || lists.contains { $0.isNumbered && $0.indent == marker.indent && $0.number + 1 == number }
    }

    /// The lines at the start of `run` that are indented as code is.
    private func indentedLines(of run: Range<Int>) -> Range<Int> {
        let end = run.first { [lines] in lines.textLine($0).indent < codeColumn(behind: lines.textLine($0).indent) }
        return run.lowerBound..<(end ?? run.upperBound)
    }

    /// Where code begins in what stands around a line with `indent`.
    private func codeColumn(behind indent: Int) -> Int {
        (lists.last { $0.indent < indent }?.contentIndent ?? layout.baseIndent) + Self.codeIndent
    }

    /// Whether the rest of the run that is being read is code.
    private func isCode(_ rest: Range<Int>) -> Bool {
        isIndentedCode(rest) || layout.isLog(rest) || layout.isTerminal(rest)
            || shape.isSetInColumns(from: rest.lowerBound)
    }

    private func isIndentedCode(_ rest: Range<Int>) -> Bool {
        guard flavour != .pages || rest.count > 1 else { return false }
        let indent = shape.leastIndent(from: rest.lowerBound)
        return indent >= codeColumn(behind: indent)
    }
}

extension PlainTextReader {
    private mutating func open(_ marker: TextListMarker, line: Int) throws(DocumentError) {
        closeLists(above: marker.indent)
        if let last = lists.last, last.indent == marker.indent,
            last.isNumbered != (marker.number != nil) || marker.number == 1
        {
            closeLists(above: marker.indent - 1)
        }
        if lists.last?.indent == marker.indent {
            page.close()
            lists[lists.count - 1].number = marker.number ?? 0
            lists[lists.count - 1].contentIndent = marker.contentIndent
        } else {
            page.openList(start: marker.number)
            lists.append(
                OpenList(
                    indent: marker.indent, isNumbered: marker.number != nil, number: marker.number ?? 0,
                    contentIndent: marker.contentIndent))
        }
        page.openItem(value: marker.number)
        guard page.depth <= containerDepthMax else {
            throw .nestedTooDeeply(path: path, line: line + 1, expectedDepthMax: containerDepthMax)
        }
    }

    /// Closes the lists whose marks stand further in than column `indent`.
    private mutating func closeLists(above indent: Int) {
        while let last = lists.last, last.indent > indent {
            page.close()
            page.close()
            lists.removeLast()
        }
    }
}

/// The mark that begins a list item of plain text, and what stands behind it.
struct TextListMarker {
    /// More digits are a year or an identifier.
    private static let digitCountMax = 3

    let indent: Int
    /// `nil` for bullets.
    let number: Int?
    let contentStart: Int
    let contentIndent: Int

    init?(of line: TextLine, in bytes: [UInt8]) {
        let content = bytes[line.content]
        guard let first = content.first else { return nil }
        var rest = content
        if "-*+".utf8.contains(first) {
            rest = rest.dropFirst()
            number = nil
        } else if content.starts(with: "•".utf8) {
            rest = rest.dropFirst(3)
            number = nil
        } else {
            let isBracketed = first == UInt8(ascii: "(")
            let digits = rest.dropFirst(isBracketed ? 1 : 0).prefix { $0.isDigit }
            rest = content[digits.endIndex...]
            guard digits.count <= Self.digitCountMax, let value = Int(String(decoding: digits, as: UTF8.self)),
                let closing = rest.popFirst(),
                closing == UInt8(ascii: ")") || (closing == UInt8(ascii: ".") && !isBracketed)
            else { return nil }
            number = value
        }
        guard let blank = rest.first, blank.isBlank, let start = rest.firstIndex(where: { !$0.isBlank }) else {
            return nil
        }
        indent = line.indent
        contentStart = start
        contentIndent = line.indent + start - line.content.lowerBound
    }
}
