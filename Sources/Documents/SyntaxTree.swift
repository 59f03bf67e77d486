import CMarkGFM
import Synchronization

/// Parses CommonMark with GitHub's tables, strikethrough, autolinks and task lists, and footnotes; calls `body` with the root.
///
/// The nodes live until `body` returns. Specifications: <https://spec.commonmark.org/0.29/>, <https://github.github.com/gfm/>.
func withSyntaxTree<Result, Failure: Error>(
    of markdown: ArraySlice<UInt8>, _ body: (SyntaxNode) throws(Failure) -> Result
) throws(Failure) -> Result {
    let root = unsafe parse(markdown)
    defer { unsafe cmark_node_free(root) }
    return try unsafe body(SyntaxNode(pointer: root))
}

/// cmark-gfm keeps its extensions, and during a parse the characters that they make special, in global tables
/// (`cmark_manage_extensions_special_characters` in blocks.c), so that parses take turns. Reading a tree needs no turn.
private let turn = Mutex(false)

private func parse(_ markdown: ArraySlice<UInt8>) -> OpaquePointer {
    unsafe turn.withLock { isRegistered in
        if !isRegistered {
            cmark_gfm_core_extensions_ensure_registered()
            isRegistered = true
        }
        let parser = unsafe cmark_parser_new(CMARK_OPT_FOOTNOTES)
        defer { unsafe cmark_parser_free(parser) }
        for name in ["table", "strikethrough", "autolink", "tasklist"] {
            let isAttached = unsafe cmark_parser_attach_syntax_extension(parser, cmark_find_syntax_extension(name))
            precondition(isAttached == 1, "libcmark-gfm-extensions lacks \(name)")
        }
        unsafe markdown.withUnsafeBytes { bytes in
            unsafe cmark_parser_feed(parser, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count)
        }
        return unsafe cmark_parser_finish(parser)!
    }
}

/// A node of a syntax tree; valid while its tree is.
@safe struct SyntaxNode {
    enum Kind {
        case document, quote, list, item, footnoteDefinition
        case heading, paragraph, code, html, thematicBreak, table, tableRow, tableCell
        case text, softBreak, lineBreak, codeSpan, inlineHTML, link, image, footnoteReference
        /// Emphasis, strong emphasis, strikethrough, and whatever else only holds other inlines.
        case span
    }

    private let pointer: OpaquePointer

    fileprivate init(pointer: OpaquePointer) { unsafe self.pointer = pointer }

    private init?(optional pointer: OpaquePointer?) {
        guard let pointer = unsafe pointer else { return nil }
        unsafe self.init(pointer: pointer)
    }

    var parent: SyntaxNode? { unsafe SyntaxNode(optional: cmark_node_parent(pointer)) }
    var firstChild: SyntaxNode? { unsafe SyntaxNode(optional: cmark_node_first_child(pointer)) }
    var next: SyntaxNode? { unsafe SyntaxNode(optional: cmark_node_next(pointer)) }

    static func == (left: SyntaxNode, right: SyntaxNode) -> Bool { unsafe left.pointer == right.pointer }

    /// 1-based lines as cmark gives them; not trusted where cmark is known to be off (see `LeafRange`).
    var startLine: Int { unsafe Int(cmark_node_get_start_line(pointer)) }
    var endLine: Int { unsafe Int(cmark_node_get_end_line(pointer)) }
    /// 1-based, in bytes.
    var startColumn: Int { unsafe Int(cmark_node_get_start_column(pointer)) }

    var headingLevel: Int { unsafe Int(cmark_node_get_heading_level(pointer)) }
    /// The first printed number of an ordered list; `nil` for bullets.
    var listStart: Int? {
        unsafe cmark_node_get_list_type(pointer) == CMARK_ORDERED_LIST ? Int(cmark_node_get_list_start(pointer)) : nil
    }
    var isFenced: Bool {
        var (length, offset): (Int32, Int32) = (0, 0)
        var character: CChar = 0
        return unsafe cmark_node_get_fenced(pointer, &length, &offset, &character) != 0
    }
    /// What stands behind the opening fence: `sh title="x"`.
    var fenceInfo: String { unsafe string(cmark_node_get_fence_info(pointer)) }
    var linkTarget: String { unsafe string(cmark_node_get_url(pointer)) }

    private func string(_ text: UnsafePointer<CChar>?) -> String {
        unsafe text.map { unsafe String(cString: $0) } ?? ""
    }

    /// Calls `body` with the node's literal text in UTF-8, empty where it has none.
    func withLiteral<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
        guard let text = unsafe cmark_node_get_literal(pointer) else { return body([UInt8]().span) }
        var count = 0
        while unsafe text[count] != 0 { count += 1 }
        return unsafe text.withMemoryRebound(to: UInt8.self, capacity: count) { bytes in
            unsafe body(UnsafeBufferPointer(start: bytes, count: count).span)
        }
    }

    var kind: Kind {
        switch unsafe cmark_node_get_type(pointer) {
        case CMARK_NODE_TEXT: .text
        case CMARK_NODE_SOFTBREAK: .softBreak
        case CMARK_NODE_PARAGRAPH: .paragraph
        case CMARK_NODE_CODE: .codeSpan
        case CMARK_NODE_LINK: .link
        case CMARK_NODE_HEADING: .heading
        case CMARK_NODE_ITEM: .item
        case CMARK_NODE_LIST: .list
        case CMARK_NODE_CODE_BLOCK: .code
        case CMARK_NODE_BLOCK_QUOTE: .quote
        case CMARK_NODE_HTML_BLOCK: .html
        case CMARK_NODE_THEMATIC_BREAK: .thematicBreak
        case CMARK_NODE_FOOTNOTE_DEFINITION: .footnoteDefinition
        case CMARK_NODE_LINEBREAK: .lineBreak
        case CMARK_NODE_HTML_INLINE: .inlineHTML
        case CMARK_NODE_IMAGE: .image
        case CMARK_NODE_FOOTNOTE_REFERENCE: .footnoteReference
        case CMARK_NODE_DOCUMENT: .document
        default: extensionKind
        }
    }

    /// The extensions number their kinds when they are registered, so that only the names are fixed.
    private var extensionKind: Kind {
        switch unsafe string(cmark_node_get_type_string(pointer)) {
        case "table": .table
        case "table_row", "table_header": .tableRow
        case "table_cell": .tableCell
        case "tasklist": .item
        default: .span
        }
    }
}
