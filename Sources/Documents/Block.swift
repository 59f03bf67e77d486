/// A leaf of a page in source order: a heading, a paragraph, a code block, a table.
package struct Block: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        case heading(level: Int)
        case paragraph
        /// The first word behind the fence, as it is written; `nil` for indented code and bare fences.
        case code(language: String?)
        case table
        case html
        /// A paragraph of a footnote's definition, which stands where it is written.
        case footnote
    }

    package let kind: Kind
    /// Half-open, into the file's bytes, front matter included. Prose begins at its first mark and ends with its last; code,
    /// tables and HTML cover whole lines, so that indentation survives; on an HTML page, code is what stands in its element
    /// and a table goes from its first row's tag to its last one's. No line end closes it.
    package internal(set) var byteRange: Range<Int>
    /// Prose without its marks, lines joined by spaces; the literal code without its last line end, LF between lines; a
    /// table's rows as lines, header first, cells joined by " | "; HTML without its tags.
    package let text: String
    /// The source without what belongs to the quotes and list items around it, LF between lines; in other formats than
    /// Markdown the text with code as Markdown marks it.
    package let markup: String
    /// Where the text's bytes stand in the source.
    package let alignment: TextAlignment
    /// The code spans of prose, as ranges of the text's UTF-8.
    package let codeSpans: [Range<Int>]
    /// The titles from level 1 down to the section that the block stands in; a heading's own is the last.
    package internal(set) var headingPath: [String] = []
    /// The innermost list item around the block.
    package let step: Step?
    /// Whether the block stands in a block quote.
    package let quoted: Bool
    /// Whether no container is around it: only such headings open sections.
    let isTopLevel: Bool
    /// The fragment that a heading's page itself gives it; `nil` where it follows from the title.
    let anchor: String?
}

/// A list item seen from the blocks in it.
package struct Step: Sendable, Equatable {
    /// Which list of the document, counted from 1 in source order.
    package let list: Int
    /// Which item of the list, counted from 1.
    package let item: Int
    /// The number that a reader sees before it; `nil` for bullets.
    package let number: Int?
    /// 1 for a list in no other list.
    package let depth: Int
    /// The outermost list and item around the block; `list` and `item` again at depth 1.
    package let outermostList: Int
    package let outermostItem: Int
}

/// The blocks from one heading to the next of any level. Blocks before the first heading are a section of level 0.
package struct Section: Sendable, Equatable {
    package let headingPath: [String]
    package let level: Int
    /// The fragment that links name the heading by: the `id` of HTML, docutils' of reStructuredText, GitHub's elsewhere, with
    /// `-1`, `-2` … for repeats; "" before the first heading.
    package let anchor: String
    /// Indexes into the document's blocks, the heading's own first.
    package let blocks: Range<Int>
    /// From the first block's start to the last one's end.
    package let byteRange: Range<Int>
}

/// A link or an image of a page.
package struct Link: Sendable, Equatable {
    /// As it is written, escapes resolved: `../dns/index.md#records`, `https://example.org`.
    package let target: String
    /// The line of the file in which it ends, 1-based.
    package let line: Int
    package let isImage: Bool
    /// Whether it names a page of the same project without its extension, as Sphinx's role `doc` does.
    package var isPage = false
}
