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
    /// Front matter's `title`, else the first heading of level 1, else the file's name without its extension.
    package let title: String
    package let format: DocumentFormat
    package let frontMatter: FrontMatter
    package let blocks: [Block]
    package let sections: [Section]
    package let links: [Link]

    /// Reads a page whose format its path tells.
    package init(parsing bytes: [UInt8], path: String) throws(DocumentError) {
        format = try DocumentFormat(ofPath: path)
        let source = try SourceText(bytes, path: path)
        var reader =
            switch format {
            case .markdown:
                try MarkdownReader(bytes: bytes, lines: source.lines, from: source.bodyStart, path: path)
            }
        let outline = Outline(of: reader.takeBlocks())
        let name = PagePath(path)
        self.path = path
        revision = hexadecimal(SHA256.hash(data: bytes))
        frontMatter = source.frontMatter
        id = frontMatter.id ?? name.withoutExtension
        blocks = outline.blocks
        sections = outline.sections
        links = reader.links
        title = frontMatter.title ?? outline.firstTitle ?? name.fileName
    }
}

extension Outline {
    fileprivate var firstTitle: String? {
        let section = sections.first { $0.level == 1 }
        return section?.headingPath.last.flatMap { $0.isEmpty ? nil : $0 }
    }
}

private func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}
