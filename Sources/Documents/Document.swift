import Crypto

/// A page of the knowledge base, read: who it is, what it says, and where each word stands in its bytes.
///
///     let page = try Document(parsing: Array("# Failover\n\nPromote the standby.".utf8), path: "pg/failover.md")
///     page.id                // "pg/failover"
///     page.blocks[1].text    // "Promote the standby."
package struct Document: Sendable, Equatable {
    /// More than any page; what is larger is data.
    package static let byteCountMax = 32 * 1024 * 1024

    /// Front matter's `id`, else the path without its extension.
    package let id: String
    /// Relative to the ingested root, "/"-separated, as given.
    package let path: String
    /// The SHA-256 of the bytes in lower-case hexadecimal (FIPS 180-4).
    package let revision: String
    /// Front matter's `title`, else the first heading of level 1, else an HTML page's `title` element, else the file's name
    /// without its extension.
    package let title: String
    package let format: DocumentFormat
    package let frontMatter: FrontMatter
    package let blocks: [Block]
    package let sections: [Section]
    package let links: [Link]
    /// Where a PDF's pages begin but the first, in ascending order.
    private let pageBreaks: [Int]

    /// Reads a page whose format its path tells.
    package init(parsing bytes: [UInt8], path: String) throws(DocumentError) {
        format = try DocumentFormat(ofPath: path)
        let source = try SourceText(bytes, path: path, format: format)
        let name = PagePath(path)
        var content = try PageContent(
            of: source, format: format, path: path, isLog: name.fileExtension.lowercased() == "log")
        let outline = Outline(of: content.takeBlocks())
        self.path = path
        revision = Self.revision(of: bytes)
        frontMatter = source.frontMatter
        id = frontMatter.id ?? name.withoutExtension
        blocks = outline.blocks
        sections = outline.sections
        links = content.links
        pageBreaks = format == .pdf ? (source.bodyStart..<bytes.count).filter { bytes[$0] == 0x0C } : []
        title = frontMatter.title ?? outline.firstTitle ?? content.title ?? name.fileName
    }
}

extension Document {
    /// What names these bytes: their SHA-256 in lower-case hexadecimal (FIPS 180-4).
    package static func revision(of bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        let digest = SHA256.hash(data: bytes).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return String(decoding: digest, as: UTF8.self)
    }

    /// The page of a PDF on which the byte at `offset` stands, counted from 1; `nil` in formats without pages.
    ///
    /// - Complexity: O(log n) for n pages.
    package func pageNumber(at offset: Int) -> Int? {
        guard format == .pdf else { return nil }
        var (low, high) = (0, pageBreaks.count)
        while low < high {
            let middle = (low + high) / 2
            if pageBreaks[middle] <= offset { low = middle + 1 } else { high = middle }
        }
        return low + 1
    }
}

/// What a format's reader has read.
private struct PageContent {
    private var blocks: [Block]
    let links: [Link]
    /// What the page itself says it is called, other than in a heading.
    let title: String?

    init(of source: SourceText, format: DocumentFormat, path: String, isLog: Bool) throws(DocumentError) {
        let (lines, start) = (source.lines, source.bodyStart)
        switch format {
        case .markdown:
            var reader = try MarkdownReader(bytes: lines.bytes, lines: lines, from: start, path: path)
            (blocks, links, title) = (reader.takeBlocks(), reader.links, nil)
        case .plainText, .pdf:
            let flavour: PlainTextReader.Flavour = format == .pdf ? .pages : isLog ? .log : .prose
            var reader = try PlainTextReader(
                lines: lines, from: start, path: path, flavour: flavour, title: source.frontMatter.title)
            (blocks, links, title) = (reader.takeBlocks(), [], nil)
        case .restructuredText:
            var reader = try RSTReader(lines: lines, from: start, path: path)
            (blocks, links, title) = (reader.takeBlocks(), reader.links, nil)
        case .html:
            var reader = try HTMLReader(lines: lines, from: start, path: path)
            (blocks, links, title) = (reader.takeBlocks(), reader.links, reader.title)
        }
    }

    /// Hands the blocks over without a copy.
    mutating func takeBlocks() -> [Block] {
        defer { blocks = [] }
        return blocks
    }
}

extension Outline {
    fileprivate var firstTitle: String? {
        let section = sections.first { $0.level == 1 }
        return section?.headingPath.last.flatMap { $0.isEmpty ? nil : $0 }
    }
}
