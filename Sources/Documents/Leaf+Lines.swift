/// The leaves that are made of lines: code, tables, HTML.
extension LeafReader {
    /// Fenced or indented code; whole lines, the fences included.
    func code(_ node: SyntaxNode, quoteDepth: Int) -> LeafContent {
        let first = line(node.startLine)
        let literal = node.withLiteral { span in span.indices.map { span[$0] } }
        let contentLines = literal.split(separator: 0x0A, omittingEmptySubsequences: false).dropLast()
        let contentFirst = node.isFenced ? first + 1 : first
        var last = max(first, contentFirst + contentLines.count - 1)
        var closing: String?
        if node.isFenced, let line = closingFence(after: last, opening: first, quoteDepth: quoteDepth) {
            last += 1
            closing = line
        }
        last = min(last, lines.count - 1)
        var text: [UInt8] = []
        text.reserveCapacity(literal.count)
        var alignment = TextAlignment()
        for (index, content) in contentLines.enumerated() {
            let source = lines[min(contentFirst + index, lines.count - 1)]
            if index > 0 {
                let end = lines[contentFirst + index - 1].upperBound
                alignment.append(lineBreakAt: end, text: text.count, nextLine: source.lowerBound)
                text.append(0x0A)
            }
            append(content, of: source, to: &text, &alignment)
        }
        let code = String(decoding: text, as: UTF8.self)
        return LeafContent(
            byteRange: lines[first].lowerBound..<lines[last].upperBound, text: code, alignment: alignment,
            markup: node.isFenced ? fenced(code, openedAt: node, isEmpty: contentLines.isEmpty, closing: closing) : code
        )
    }

    /// A line of a literal: it ends its source line, behind the container's prefix.
    private func append(
        _ content: ArraySlice<UInt8>, of line: Range<Int>, to text: inout [UInt8], _ alignment: inout TextAlignment
    ) {
        let content = content.last == 0x0D ? content.dropLast() : content
        if line.count >= content.count, bytes[line.suffix(content.count)].elementsEqual(content) {
            alignment.append(text: text.count, source: line.upperBound - content.count, count: content.count)
        }
        text += content
    }

    /// The line behind the content where it closes the block's fence; a fence may also end with its container or the page.
    private func closingFence(after last: Int, opening: Int, quoteDepth: Int) -> String? {
        guard last + 1 < lines.count else { return nil }
        let fence = lines[opening].first { bytes[$0] == UInt8(ascii: "`") || bytes[$0] == UInt8(ascii: "~") }
        guard let fence else { return nil }
        let count = lines[opening].upperBound - fence
        let openingCount = (0..<count).prefix { bytes[fence + $0] == bytes[fence] }.count
        let whole = lines[last + 1].trimmingEnd(in: bytes)
        guard quoteMarks(whole) >= quoteDepth else { return nil }
        let content = whole.droppingPrefix(in: bytes, quoteDepth: quoteDepth)
        guard content.count >= openingCount, content.allSatisfy({ bytes[$0] == bytes[fence] }) else { return nil }
        return String(decoding: bytes[content], as: UTF8.self)
    }

    private func quoteMarks(_ line: Range<Int>) -> Int {
        line.prefix { bytes[$0].isBlank || bytes[$0] == UInt8(ascii: ">") }.count { bytes[$0] == UInt8(ascii: ">") }
    }

    private func fenced(_ code: String, openedAt node: SyntaxNode, isEmpty: Bool, closing: String?) -> String {
        let first = lines[line(node.startLine)]
        let opening = (startOffset(of: node)..<first.upperBound).trimmingEnd(in: bytes).droppingPrefix(
            in: bytes, quoteDepth: 0)
        var markup = String(decoding: bytes[opening], as: UTF8.self)
        if !isEmpty { markup += "\n" + code }
        if let closing { markup += "\n" + closing }
        return markup
    }

    /// The header, the line of dashes and the rows; whole lines.
    mutating func table(_ node: SyntaxNode, quoteDepth: Int) -> LeafContent? {
        let headerLine = headerLine(ofTable: node)
        var last = min(headerLine + 1, lines.count - 1)
        var text = AlignedText(source: bytes, range: lines[headerLine], quoteDepth: quoteDepth)
        guard var row = node.firstChild else { return nil }
        gatherCells(of: row, into: &text)
        while let next = row.next {
            row = next
            last = line(row.startLine)
            text.append(lineBreakAt: lines[last - 1].upperBound, nextLine: lines[last])
            gatherCells(of: row, into: &text)
        }
        let range = lines[headerLine].lowerBound..<lines[last].upperBound
        return LeafContent(
            byteRange: range, text: String(decoding: text.bytes, as: UTF8.self), alignment: text.alignment,
            markup: tableMarkup(range, quoteDepth: quoteDepth))
    }

    /// Two above the first row; cmark gives a table behind a paragraph the paragraph's first line.
    func headerLine(ofTable node: SyntaxNode) -> Int {
        node.firstChild?.next.map { line($0.startLine - 2) } ?? line(node.endLine - 1)
    }

    private mutating func gatherCells(of row: SyntaxNode, into text: inout AlignedText) {
        var cell = row.firstChild
        while let current = cell {
            gatherInlines(of: current, into: &text)
            cell = current.next
            if cell != nil { text.append(separator: " | ") }
        }
    }

    private func tableMarkup(_ range: Range<Int>, quoteDepth: Int) -> String {
        let first = lines[lines.line(of: range.lowerBound)].droppingPrefix(in: bytes, quoteDepth: quoteDepth)
        return markup(of: first.lowerBound..<max(first.lowerBound, range.upperBound), quoteDepth: quoteDepth)
    }

    /// An HTML block: whole lines; its text is what stands between the tags.
    func html(_ node: SyntaxNode, quoteDepth: Int) -> LeafContent {
        let first = line(node.startLine)
        let literal = node.withLiteral { span in span.indices.map { span[$0] } }
        let lineCount = max(literal.count { $0 == 0x0A }, 1)
        let range = lines[first].lowerBound..<lines[min(first + lineCount - 1, lines.count - 1)].upperBound
        let trimmed = range.trimmingEnd(in: bytes)
        var text = TaglessText(source: bytes)
        for line in first..<min(first + lineCount, lines.count) {
            text.append(line: lines[line].clamped(to: trimmed).droppingPrefix(in: bytes, quoteDepth: quoteDepth))
        }
        return LeafContent(
            byteRange: trimmed, text: String(decoding: text.bytes, as: UTF8.self), alignment: text.alignment,
            markup: String(decoding: literal.filter { $0 != 0x0D }.trimmedEnd, as: UTF8.self))
    }
}

extension [UInt8] {
    fileprivate var trimmedEnd: ArraySlice<UInt8> {
        self[(startIndex..<endIndex).trimmingEnd(in: self)]
    }
}

/// The text of HTML lines without tags and comments, aligned with the source.
private struct TaglessText {
    let source: [UInt8]
    private(set) var bytes: [UInt8] = []
    private(set) var alignment = TextAlignment()
    /// The end of the last line that had text, until there is more.
    private var lineEnd: Int?
    private var inTag = false
    private var inComment = false

    init(source: [UInt8]) { self.source = source }

    mutating func append(line: Range<Int>) {
        let textStart = bytes.count
        for index in line {
            let byte = source[index]
            if inComment {
                if byte == UInt8(ascii: ">"), source[index - 1] == UInt8(ascii: "-"),
                    source[index - 2] == UInt8(ascii: "-")
                {
                    inComment = false
                }
            } else if inTag {
                inTag = byte != UInt8(ascii: ">")
            } else if byte == UInt8(ascii: "<") {
                inComment = source[index...].starts(with: "<!--".utf8)
                inTag = !inComment
            } else {
                append(byte, at: index)
            }
        }
        if bytes.count > textStart { lineEnd = line.upperBound }
    }

    private mutating func append(_ byte: UInt8, at index: Int) {
        if let end = lineEnd {
            alignment.append(lineBreakAt: end, text: bytes.count, nextLine: index)
            bytes.append(0x0A)
            lineEnd = nil
        }
        alignment.append(text: bytes.count, source: index, count: 1)
        bytes.append(byte)
    }
}
