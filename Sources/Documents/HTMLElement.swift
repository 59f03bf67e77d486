/// What an element is to the reader.
enum HTMLElement: Equatable {
    /// A paragraph, which any block closes.
    case paragraph
    /// A box around blocks or text.
    case box
    case heading(level: Int)
    case quote
    case list(isOrdered: Bool)
    case item
    case term, definition
    case preformatted
    case table, caption, row, rowGroup, cell
    case main, article, section
    case navigation, aside
    /// A banner or its counterpart below, where no article or section is around it.
    case banner
    /// Marks words as code.
    case code
    case link
    case image
    case lineBreak
    /// A place between blocks.
    case rule
    /// The page's title.
    case title
    /// Content in which only the end tag is markup.
    case rawText
    /// Seen by no reader of the text: its content is passed over; where it holds only words, no further than its block.
    case unseen(isInline: Bool)
    /// Has no content and says nothing.
    case void
    /// Of no consequence, like the whole page's element.
    case transparent

    /// Whether text before it and in it belong to different blocks.
    var isBlock: Bool {
        switch self {
        case .paragraph, .box, .heading, .quote, .list, .item, .term, .definition, .preformatted, .table, .caption,
            .row,
            .rowGroup, .cell, .main, .article, .section, .navigation, .aside, .banner:
            true
        default: false
        }
    }

    /// Whether it belongs to the structure of a table.
    var isTablePart: Bool {
        switch self {
        case .table, .caption, .row, .rowGroup, .cell: true
        default: false
        }
    }

    var isHeading: Bool {
        if case .heading = self { return true }
        return false
    }

    /// Whether an item, a term or a definition in it is none of a list around it.
    var partsLists: Bool {
        switch self {
        case .list, .quote, .table, .cell, .main, .article, .section, .navigation, .aside: true
        default: false
        }
    }

    static func named(_ name: HTMLName) -> HTMLElement? { elements[name] }

    private static let elements: [HTMLName: HTMLElement] = {
        let groups: [(HTMLElement, String)] = [
            (.paragraph, "p"), (.quote, "blockquote"), (.list(isOrdered: false), "ul menu dir"),
            (.list(isOrdered: true), "ol"), (.item, "li"), (.term, "dt"), (.definition, "dd"),
            (.preformatted, "pre listing"), (.table, "table"), (.caption, "caption"), (.row, "tr"),
            (.rowGroup, "thead tbody tfoot"), (.cell, "td th"), (.main, "main"), (.article, "article"),
            (.section, "section"), (.navigation, "nav"), (.aside, "aside"), (.banner, "header footer"),
            (.box, "div dl figure figcaption details summary form fieldset legend address center hgroup dialog search"),
            (.code, "code kbd samp tt"), (.link, "a"), (.image, "img"), (.lineBreak, "br"), (.rule, "hr"),
            (.title, "title"), (.rawText, "script style textarea xmp iframe noembed noframes"),
            (.unseen(isInline: false), "template noscript svg math object audio video select datalist"),
            (.unseen(isInline: true), "button canvas map progress meter rp rt"),
            (.void, "input meta link base col embed source track area param frame wbr bgsound keygen"),
            (.transparent, "html head body"),
        ]
        var elements: [HTMLName: HTMLElement] = [:]
        for (element, names) in groups {
            for name in names.split(separator: " ") { elements[HTMLName(String(name))] = element }
        }
        for level in 1...6 { elements[HTMLName("h\(level)")] = .heading(level: level) }
        return elements
    }()
}

/// What classes and roles, as generators of documentation give them, say about an element.
struct HTMLClasses {
    private let names: [String]

    init(_ classes: Range<Int>?, in bytes: [UInt8]) {
        names =
            classes.map { range in
                bytes[range].split(whereSeparator: \.isHTMLBlank).map { String(decoding: $0, as: UTF8.self) }
            } ?? []
    }

    /// Links to the heading itself, line numbers, tables of contents and ways to other pages.
    private static let unseen: Set<String> = [
        "headerlink", "header-anchor", "anchorjs-link", "hash-link", "permalink", "doc-anchor", "linenos", "lineno",
        "linenodiv", "toc", "navheader", "navfooter", "sphinxsidebar", "wy-nav-side", "wy-breadcrumbs",
        "rst-footer-buttons", "breadcrumb", "breadcrumbs", "skip-link", "sr-only", "visually-hidden", "noprint",
    ]
    private static let admonitions: Set<String> = [
        "admonition", "note", "warning", "tip", "caution", "important", "callout",
    ]
    /// An aside with one of these is part of the text.
    private static let notes: Set<String> = ["footnote", "footnote-list", "topic", "citation"]
    private static let languages: Set<String> = [
        "bash", "sh", "shell", "console", "python", "sql", "json", "yaml", "xml", "html", "css", "javascript", "c",
        "cpp", "java", "rust", "go", "ruby", "ini", "toml", "diff", "makefile", "perl", "php", "powershell", "nginx",
    ]

    var isUnseen: Bool { names.contains { Self.unseen.contains($0) } }
    var isAdmonition: Bool { names.contains { Self.admonitions.contains($0) } }
    var isNote: Bool { isAdmonition || names.contains { Self.notes.contains($0) } }
    var isLayoutTable: Bool { names.contains("highlighttable") }

    /// The language of code: `language-sh`, `lang-sh`, `highlight-sh`, `brush: sh`, or the language alone.
    var language: String? {
        for (place, name) in names.enumerated() {
            if name == "brush:", place + 1 < names.count {
                return String(names[place + 1].prefix { $0 != ";" })
            }
            for prefix in ["language-", "lang-", "highlight-source-", "highlight-"] where name.hasPrefix(prefix) {
                let language = name.dropFirst(prefix.count)
                return ["", "default", "none", "plaintext"].contains(language) ? nil : String(language)
            }
        }
        return names.first { Self.languages.contains($0) }
    }

    /// Roles of WAI-ARIA for what is not the page's text.
    static let unseenRoles: Set<String> = [
        "navigation", "banner", "contentinfo", "search", "complementary", "menu", "menubar", "toolbar", "doc-toc",
        "doc-backlink",
    ]
}
