/// Reads the blocks and links of a Markdown page in source order.
struct MarkdownReader {
    private var reader: LeafReader
    private let path: String
    private var page = PageBlocks()
    var links: [Link] { reader.links }
    private var quoteDepth: Int { page.quoteDepth }

    /// Reads the page from the line that begins at `start`, behind the front matter.
    init(bytes: [UInt8], lines: LineTable, from start: Int, path: String) throws(DocumentError) {
        self.path = path
        let firstLine = start < bytes.count ? lines.line(of: start) : lines.count
        reader = LeafReader(bytes: bytes, lines: lines, firstLine: firstLine)
        guard start < bytes.count else { return }
        try MarkdownGuard(bytes: bytes, lines: lines, path: path).check(from: firstLine)
        try withSyntaxTree(of: bytes[start...]) { (root) throws(DocumentError) in try walk(root) }
        page.settle(in: bytes)
    }

    mutating func takeBlocks() -> [Block] { page.takeBlocks() }

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
        case .quote: page.openQuote()
        case .footnoteDefinition: page.openFootnote()
        case .list: page.openList(start: node.listStart)
        case .item: page.openItem()
        default:
            readLeaf(node)
            return false
        }
        guard page.depth <= containerDepthMax else { throw nestedTooDeeply(reader.line(node.startLine)) }
        return true
    }

    private mutating func leave(_ node: SyntaxNode) {
        switch node.kind {
        case .quote, .footnoteDefinition, .list, .item: page.close()
        default: break
        }
    }
}

extension MarkdownReader {
    private mutating func readLeaf(_ node: SyntaxNode) {
        switch node.kind {
        case .heading:
            let last = reader.headingLastLine(node, quoteDepth: quoteDepth)
            let content = reader.prose(node, from: node, lastLine: last, quoteDepth: quoteDepth)
            page.append(.heading(level: node.headingLevel), content)
        case .paragraph: page.append(page.isInFootnote ? .footnote : .paragraph, paragraph(node))
        case .code:
            let language = node.fenceInfo.split(whereSeparator: \.isWhitespace).first.map(String.init)
            page.append(.code(language: language), reader.code(node, quoteDepth: quoteDepth))
        case .html: page.append(.html, reader.html(node, quoteDepth: quoteDepth))
        case .table: page.append(.table, reader.table(node, quoteDepth: quoteDepth))
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
}
