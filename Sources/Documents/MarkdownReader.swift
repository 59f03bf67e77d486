/// Reads the blocks and links of a Markdown page in source order.
struct MarkdownReader {
    private var reader: LeafReader
    private let path: String
    private var containers: [Container] = []
    private var listCount = 0
    private var quoteDepth = 0
    private(set) var blocks: [Block] = []
    var links: [Link] { reader.links }

    private enum Container {
        case quote, footnote
        case list(number: Int, start: Int?, itemCount: Int)
        case item(Step)
    }

    /// Reads the page from the line that begins at `start`, behind the front matter.
    init(bytes: [UInt8], lines: LineTable, from start: Int, path: String) throws(DocumentError) {
        self.path = path
        let firstLine = start < bytes.count ? lines.line(of: start) : lines.count
        reader = LeafReader(bytes: bytes, lines: lines, firstLine: firstLine)
        guard start < bytes.count else { return }
        try MarkdownGuard(bytes: bytes, lines: lines, path: path).check(from: firstLine)
        try withSyntaxTree(of: bytes[start...]) { (root) throws(DocumentError) in try walk(root) }
        settle()
    }

    /// Hands the blocks over without a copy.
    mutating func takeBlocks() -> [Block] {
        defer { blocks = [] }
        return blocks
    }

    private func nestedTooDeeply(_ line: Int) -> DocumentError {
        .nestedTooDeeply(path: path, line: line + 1, expectedDepthMax: containerDepthMax)
    }

    /// Walks the blocks, without recursion.
    private mutating func walk(_ root: SyntaxNode) throws(DocumentError) {
        guard var node = root.firstChild else { return }
        while true {
            if try enter(node), let child = node.firstChild {
                node = child
                continue
            }
            leave(node)
            while node.next == nil {
                guard let parent = node.parent, !(parent == root) else { return }
                node = parent
                leave(node)
            }
            if let next = node.next { node = next }
        }
    }

    /// Opens a container or reads a leaf; returns whether to go into the node.
    private mutating func enter(_ node: SyntaxNode) throws(DocumentError) -> Bool {
        switch node.kind {
        case .quote:
            quoteDepth += 1
            containers.append(.quote)
        case .footnoteDefinition: containers.append(.footnote)
        case .list:
            listCount += 1
            containers.append(.list(number: listCount, start: node.listStart, itemCount: 0))
        case .item: containers.append(.item(step(of: node)))
        default:
            readLeaf(node)
            return false
        }
        guard containers.count <= containerDepthMax else { throw nestedTooDeeply(reader.line(node.startLine)) }
        return true
    }

    private mutating func leave(_ node: SyntaxNode) {
        switch node.kind {
        case .quote:
            quoteDepth -= 1
            containers.removeLast()
        case .footnoteDefinition, .list, .item: containers.removeLast()
        default: break
        }
    }

    /// An item's list is the innermost container; its number follows that of the item before.
    private mutating func step(of node: SyntaxNode) -> Step {
        guard case .list(let list, let start, let count)? = containers.last else {
            preconditionFailure("an item stands in a list")
        }
        let item = count + 1
        containers[containers.count - 1] = .list(number: list, start: start, itemCount: item)
        let around = innermostStep
        return Step(
            list: list, item: item, number: start.map { $0 + item - 1 }, depth: (around?.depth ?? 0) + 1,
            outermostList: around?.outermostList ?? list, outermostItem: around?.outermostItem ?? item)
    }

    private var innermostStep: Step? {
        for container in containers.reversed() {
            if case .item(let step) = container { return step }
        }
        return nil
    }

    private var isInFootnote: Bool {
        containers.contains { if case .footnote = $0 { true } else { false } }
    }
}

extension MarkdownReader {
    private mutating func readLeaf(_ node: SyntaxNode) {
        switch node.kind {
        case .heading:
            let last = reader.headingLastLine(node, quoteDepth: quoteDepth)
            let content = reader.prose(node, from: node, lastLine: last, quoteDepth: quoteDepth)
            append(.heading(level: node.headingLevel), content)
        case .paragraph: append(isInFootnote ? .footnote : .paragraph, paragraph(node))
        case .code:
            let language = node.fenceInfo.split(whereSeparator: \.isWhitespace).first.map(String.init)
            append(.code(language: language), reader.code(node, quoteDepth: quoteDepth))
        case .html: append(.html, reader.html(node, quoteDepth: quoteDepth))
        case .table: append(.table, reader.table(node, quoteDepth: quoteDepth))
        default: break
        }
    }

    /// A paragraph that a table interrupts has no lines of its own in cmark: it has the table's first ones.
    private mutating func paragraph(_ node: SyntaxNode) -> LeafContent? {
        if node.startLine == 0, let table = node.next, table.kind == .table {
            let last = reader.headerLine(ofTable: table) - reader.firstLine
            return reader.prose(node, from: table, lastLine: last, quoteDepth: quoteDepth)
        }
        return reader.prose(node, from: node, lastLine: node.endLine, quoteDepth: quoteDepth)
    }

    private mutating func append(_ kind: Block.Kind, _ content: LeafContent?) {
        guard let content, !content.byteRange.isEmpty else { return }
        blocks.append(
            Block(
                kind: kind, byteRange: content.byteRange, text: content.text, markup: content.markup,
                alignment: content.alignment, codeSpans: content.codeSpans, step: innermostStep, quoted: quoteDepth > 0,
                isTopLevel: containers.isEmpty))
    }

    /// Puts footnotes, which cmark moves to the end, where they are written, and cuts ranges that reach into the next leaf.
    private mutating func settle() {
        let isInOrder = zip(blocks, blocks.dropFirst()).allSatisfy {
            $0.byteRange.lowerBound <= $1.byteRange.lowerBound
        }
        if !isInOrder { blocks.sort { $0.byteRange.lowerBound < $1.byteRange.lowerBound } }
        for index in blocks.indices.dropLast() {
            let (range, limit) = (blocks[index].byteRange, blocks[index + 1].byteRange.lowerBound)
            guard range.upperBound > limit else { continue }
            blocks[index].byteRange = (range.lowerBound..<max(range.lowerBound, limit)).trimmingEnd(in: reader.bytes)
        }
    }
}
