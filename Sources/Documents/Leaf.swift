/// Reads one leaf out of its syntax node.
///
/// Only a leaf's first line and column, the last line of paragraphs and the literals are taken from cmark; it misplaces the
/// ends of setext headings, HTML blocks and unclosed fences, and the starts of tables behind a paragraph.
struct LeafReader {
    let bytes: [UInt8]
    let lines: LineTable
    /// The file's line, counted from 0, that is cmark's first.
    let firstLine: Int
    var links: [Link] = []

    /// Prose and headings: from the first byte behind the containers' marks to the last that is no space.
    mutating func prose(_ node: SyntaxNode, from first: SyntaxNode, lastLine: Int, quoteDepth: Int) -> LeafContent? {
        let start = startOffset(of: first)
        var range = (start..<max(start, lines[line(lastLine)].upperBound)).trimmingEnd(in: bytes)
        var text = AlignedText(source: bytes, range: range, quoteDepth: quoteDepth)
        gatherInlines(of: node, into: &text)
        if let start = startBehindDefinitions(range, text.alignment, quoteDepth) { range = start..<range.upperBound }
        let plain = String(decoding: text.bytes, as: UTF8.self)
        // Prose without marks or lines shares its storage.
        let isPlain = text.bytes.count == range.count && bytes[range].elementsEqual(text.bytes)
        return LeafContent(
            byteRange: range, text: plain, alignment: text.alignment,
            markup: isPlain ? plain : markup(of: range, quoteDepth: quoteDepth),
            codeSpans: text.codeSpans)
    }

    /// Link reference definitions that stand directly before a paragraph are no part of it, though cmark counts them in.
    private func startBehindDefinitions(_ range: Range<Int>, _ alignment: TextAlignment, _ quoteDepth: Int) -> Int? {
        guard !range.isEmpty, bytes[range.lowerBound] == UInt8(ascii: "["), let run = alignment.runs.first else {
            return nil
        }
        let first = lines.line(of: run.source)
        guard first > lines.line(of: range.lowerBound) else { return nil }
        // cmark keeps the spaces behind a definition as text.
        return min(run.source, lines[first].droppingPrefix(in: bytes, quoteDepth: quoteDepth).lowerBound)
    }

    /// The line of a setext heading's underline: the first below its text that is all `=` or all `-`; cmark's start for `#`.
    func headingLastLine(_ node: SyntaxNode, quoteDepth: Int) -> Int {
        let first = line(node.startLine)
        if isATX(startOffset(of: node)..<lines[first].upperBound) { return node.startLine }
        var last = first + 1
        while last < lines.count {
            let content = lines[last].trimmingEnd(in: bytes).droppingPrefix(in: bytes, quoteDepth: quoteDepth)
            if let mark = content.first.map({ bytes[$0] }), mark == UInt8(ascii: "=") || mark == UInt8(ascii: "-"),
                content.allSatisfy({ bytes[$0] == mark })
            {
                return last - firstLine + 1
            }
            last += 1
        }
        return node.startLine
    }

    /// One to six `#` and a space or the line's end.
    private func isATX(_ content: Range<Int>) -> Bool {
        let behind = content.first { bytes[$0] != UInt8(ascii: "#") } ?? content.upperBound
        return (1...6).contains(behind - content.lowerBound) && (behind == content.upperBound || bytes[behind].isBlank)
    }

    /// The first byte behind the marks of the containers, as cmark gives it.
    func startOffset(of node: SyntaxNode) -> Int {
        let line = lines[line(node.startLine)]
        return min(line.lowerBound + max(node.startColumn - 1, 0), line.upperBound)
    }

    /// The line of the file, counted from 0, for one that cmark counts from 1; never outside the file.
    func line(_ number: Int) -> Int { min(max(firstLine + number - 1, 0), lines.count - 1) }

    /// The lines of a block joined by LF, each without its container's prefix.
    func markup(of range: Range<Int>, quoteDepth: Int) -> String {
        let (first, last) = (
            lines.line(of: range.lowerBound), lines.line(of: max(range.lowerBound, range.upperBound - 1))
        )
        if first == last { return String(decoding: bytes[range], as: UTF8.self) }
        var markup: [UInt8] = []
        markup.reserveCapacity(range.count)
        for line in first...last {
            let whole = lines[line].clamped(to: range)
            if line > first { markup.append(0x0A) }
            markup += bytes[line > first ? whole.droppingPrefix(in: bytes, quoteDepth: quoteDepth) : whole]
        }
        return String(decoding: markup, as: UTF8.self)
    }
}

/// What a leaf says and where.
struct LeafContent {
    let byteRange: Range<Int>
    let text: String
    let alignment: TextAlignment
    let markup: String
    var codeSpans: [Range<Int>] = []
}

extension LeafReader {
    /// Walks the inlines below a node, without recursion, in source order.
    mutating func gatherInlines(of block: SyntaxNode, into text: inout AlignedText) {
        guard var node = block.firstChild else { return }
        while true {
            enter(node, &text)
            if let child = node.firstChild {
                node = child
                continue
            }
            leave(node, &text)
            while node.next == nil {
                guard let parent = node.parent, !(parent == block) else { return }
                node = parent
                leave(node, &text)
            }
            if let next = node.next { node = next }
        }
    }

    private func enter(_ node: SyntaxNode, _ text: inout AlignedText) {
        switch node.kind {
        case .text: node.withLiteral { text.append(text: $0) }
        case .codeSpan: node.withLiteral { text.append(codeSpan: $0) }
        case .inlineHTML: node.withLiteral { text.skip(inlineHTML: $0) }
        case .softBreak: text.append(lineBreak: 0x20)
        case .lineBreak: text.append(lineBreak: 0x0A)
        case .footnoteReference: text.skipFootnoteReference()
        default: break
        }
    }

    private mutating func leave(_ node: SyntaxNode, _ text: inout AlignedText) {
        let kind = node.kind
        guard kind == .link || kind == .image else { return }
        text.skipLinkTail()
        let line = lines.line(of: max(text.cursor - 1, 0)) + 1
        links.append(Link(target: node.linkTarget, line: line, isImage: kind == .image))
    }
}
