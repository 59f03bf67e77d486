/// More than browsers keep open at once; pages have a few dozen.
let elementDepthMax = 512
/// An article is the page's text where it has at least this part of it; else it is one of several, or a card.
private let articleShareMin = 3

/// Reads the blocks and links of an HTML page.
///
/// The tokenizer gives the places; a stack of block elements with the end tags that HTML lets pages leave out gives the
/// structure. Of the text, what stands in `main` is kept, else what stands in an `article`, else all.
struct HTMLReader {
    /// A block element that is open.
    struct Element {
        let kind: HTMLElement
        let name: HTMLName
        /// How many of the page's containers were open around it.
        let depth: Int
        /// Whether it stands in a cell, a heading or preformatted text and only parts words.
        let isInert: Bool
        /// Whether it is the page's main content.
        let isMain: Bool
        let language: String?
    }

    /// An element that no reader sees, and how many of its name are open. One that is `inline` ends with its block.
    struct Unseen {
        let name: HTMLName
        var count: Int
        let isInline: Bool
    }

    /// Where the page's text may stand.
    struct Region {
        var isMain = false
        var isArticle = false
    }

    let bytes: [UInt8]
    let lines: LineTable
    let path: String
    var tokenizer: HTMLTokenizer
    var references = HTMLReferences()
    var page = PageBlocks()
    private var regionsOfBlocks: [Region] = []
    private var regionsOfLinks: [Region] = []
    var links: [Link] = []
    /// What the `title` element says.
    private(set) var title: String?

    var elements: [Element] = []
    var text: HTMLText
    var table: HTMLTable?
    var unseen: Unseen?
    /// How many elements were open around a block that no reader sees.
    var unseenDepth: Int?
    var mainDepth = 0
    var articleDepth = 0
    var preformattedDepth = 0
    var headingDepth = 0
    var isInCaption = false
    var codeLanguage: String?
    /// The last id before any text: that of the section which the next heading heads; and one in or on the heading.
    var sectionAnchor: String?
    var headingAnchor: String?

    init(lines: LineTable, from start: Int, path: String) throws(DocumentError) {
        bytes = lines.bytes
        self.lines = lines
        self.path = path
        tokenizer = HTMLTokenizer(bytes: lines.bytes, from: start)
        text = HTMLText(source: lines.bytes)
        while let token = tokenizer.next() {
            switch token {
            case .text(let range): append(range)
            case .start(let tag): try open(tag)
            case .end(let tag): close(tag)
            }
        }
        pop(to: 0, at: nil)
        flush()
        keepMainContent()
    }

    mutating func takeBlocks() -> [Block] { page.takeBlocks() }

    private var isSeen: Bool { unseen == nil && unseenDepth == nil }

    private var region: Region { Region(isMain: mainDepth > 0, isArticle: articleDepth > 0) }

    private mutating func append(_ range: Range<Int>) {
        guard isSeen else { return }
        if headingDepth == 0, sectionAnchor != nil, !bytes[range].allSatisfy(\.isHTMLBlank) { sectionAnchor = nil }
        if preformattedDepth > 0 {
            text.append(verbatim: range, &references)
        } else if table != nil, !isInCaption {
            table?.append(range, &references)
        } else {
            text.append(range, &references)
        }
    }

    private mutating func open(_ tag: HTMLTag) throws(DocumentError) {
        let kind = HTMLElement.named(tag.name)
        if kind == .rawText {
            _ = tokenizer.skipRawText(of: tag.name)
            return
        }
        if unseen != nil, !openInUnseen(tag, kind) { return }
        switch kind {
        case .title: readTitle(of: tag)
        case .void, .transparent: break
        case .some(let kind) where kind.isBlock: try openBlock(tag, kind)
        default: openInline(tag, kind)
        }
    }

    /// Counts a tag inside an element that no reader sees; returns whether it ends that element and is to be read.
    private mutating func openInUnseen(_ tag: HTMLTag, _ kind: HTMLElement?) -> Bool {
        if unseen?.isInline == true, kind?.isBlock == true {
            unseen = nil
            return true
        }
        if tag.name == unseen?.name, !HTMLAttributes(of: tag, in: bytes).isSelfClosing { unseen?.count += 1 }
        return false
    }

    private mutating func readTitle(of tag: HTMLTag) {
        let content = tokenizer.skipRawText(of: tag.name)
        guard title == nil else { return }
        let words = String(decoding: references.resolved(content, of: bytes), as: UTF8.self)
            .split(whereSeparator: \.isWhitespace).joined(separator: " ")
        title = words.isEmpty ? nil : words
    }

    private mutating func close(_ tag: HTMLTag) {
        let kind = HTMLElement.named(tag.name)
        if let open = unseen {
            if tag.name == open.name {
                unseen?.count -= 1
                if open.count == 1 { unseen = nil }
                return
            }
            guard open.isInline, kind?.isBlock == true else { return }
            unseen = nil
        }
        if let kind, kind.isBlock { return closeBlock(tag, kind) }
        guard unseenDepth == nil else { return }
        change { text in
            if kind == .code { text.closeCode() }
            text.closeInline(tag)
        }
    }

    /// Changes the text that is being gathered, the table's or the block's.
    mutating func change(_ body: (inout HTMLText) -> Void) {
        if table != nil, !isInCaption { table?.change(body) } else { body(&text) }
    }
}

extension HTMLReader {
    /// Adds what was gathered as a block.
    mutating func flush() {
        guard unseenDepth == nil else { return }
        defer { text = HTMLText(source: bytes) }
        guard !text.isEmpty else { return }
        if preformattedDepth > 0 {
            text.trimEnd()
            append(.code(language: codeLanguage), text.text.codeLeaf(text.range, language: codeLanguage))
        } else if case .heading(let level)? = elements.last?.kind, headingDepth > 0 {
            append(.heading(level: level), text.text.leaf(text.range), anchor: headingAnchor ?? sectionAnchor)
            (headingAnchor, sectionAnchor) = (nil, nil)
        } else {
            append(.paragraph, text.text.leaf(text.range))
        }
    }

    mutating func append(_ kind: Block.Kind, _ content: LeafContent?, anchor: String? = nil) {
        let count = page.blocks.count
        page.append(kind, content, anchor: anchor)
        if page.blocks.count > count { regionsOfBlocks.append(region) }
    }

    /// An address as it is written, references resolved.
    mutating func addLink(_ target: Range<Int>?, of tag: HTMLTag, isImage: Bool) {
        guard let target, !target.isEmpty else { return }
        let address = String(decoding: references.resolved(target, of: bytes), as: UTF8.self)
        let line = lines.line(of: tag.range.upperBound - 1) + 1
        links.append(Link(target: address, line: line, isImage: isImage))
        regionsOfLinks.append(region)
    }

    private mutating func keepMainContent() {
        var (all, main, article) = (0, 0, 0)
        for (block, region) in zip(page.blocks, regionsOfBlocks) {
            all += block.text.utf8.count
            if region.isMain { main += block.text.utf8.count }
            if region.isArticle { article += block.text.utf8.count }
        }
        guard main > 0 || (article > 0 && article * articleShareMin >= all) else { return }
        let keeps: (Region) -> Bool = main > 0 ? { $0.isMain } : { $0.isArticle }
        page.keep(regionsOfBlocks.map(keeps))
        links = zip(links, regionsOfLinks).filter { keeps($0.1) }.map(\.0)
    }
}
