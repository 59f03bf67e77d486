import Documents
import Testing

struct PlainTextTests {
    /// A text, and its blocks exactly as they are quoted from its bytes, each with its kind.
    @Test(arguments: [
        ("a\nb\n\n c  \n", ["p a\nb", "p c"]),
        ("a\r\nb\r\n\r\nc", ["p a\r\nb", "p c"]),
        ("\u{FEFF}a", ["p a"]),
        ("", []), (" \n\t\n", []),
        ("---\ntitle: x\n---\na", ["p a"]),
        ("---\ntitle: A page\n---\n\nA page\n\nWHY NOT\n\nA page", ["h1 A page", "h2 WHY NOT", "p A page"]),
        ("---\ntitle: A page\n---\nA page\n======\nb", ["h1 A page\n======", "p b"]),
        ("---\ntitle: A page\n---\nx\n\nA page", ["p x", "p A page"]),
        // Code: indented further than the text, a log, a terminal, columns.
        ("a:\n\n    b\n\n      c\n\nd", ["p a:", "c     b\n\n      c", "p d"]),
        ("a\n\n\tb\n\n\n\tc", ["p a", "c \tb", "c \tc"]),
        ("Run:\n    b\nthen", ["p Run:", "c     b", "p then"]),
        ("Indented a\n    b", ["p Indented a\n    b"]),
        ("2026-11-23 15:04:05 x\n  y\n\nz", ["c 2026-11-23 15:04:05 x\n  y", "p z"]),
        ("Nov 23 15:04:05 db1 x", ["c Nov 23 15:04:05 db1 x"]),
        ("FATAL:  too many\n\nIt is FATAL: so", ["c FATAL:  too many", "p It is FATAL: so"]),
        ("At 15:04:05 it stopped.", ["p At 15:04:05 it stopped."]),
        ("$ ls\na\n\n# b\n\nroot@db:~# c\n\n>>> d", ["c $ ls\na", "p # b", "c root@db:~# c", "c >>> d"]),
        ("A    B\n1    2\n\nOne   gap\nonly.", ["c A    B\n1    2", "p One   gap\nonly."]),
        // Lists.
        ("1. a\n   b\n2) c\n\n(3) d", ["p1 a\n   b", "p2 c", "p3 d"]),
        ("1. a\n\n       b\n\n   c\n\n2. d", ["p1 a", "c1        b", "p1 c", "p2 d"]),
        ("x:\n- a\n- b\n  - c\n\ny", ["p x:", "p0 a", "p0 b", "p0 c", "p y"]),
        ("x\n- a\n1984. y", ["p x\n- a\n1984. y"]),
        ("• a\n* b", ["p0 a", "p0 b"]),
        ("1. a\n\n1. b\n\n7. c", ["p1 a", "p1 b", "p7 c"]),
        // Headings.
        ("Ab\n==\n\nA b\n---\nc\n\nAb\n=====", ["p Ab\n==", "h1 A b\n---", "p c", "p Ab\n====="]),
        ("=====\nAb cd\n=====\n\né à\n~~~\n", ["h1 =====\nAb cd\n=====", "h2 é à\n~~~"]),
        (" now\n-----\n 1", ["p now\n-----\n 1"]),
        (
            "GETTING HELP\n\nx\n\nTLS\n\nNOT, HERE,\n\nERROR 53300",
            [
                "h1 GETTING HELP", "p x", "p TLS", "p NOT, HERE,", "p ERROR 53300",
            ]
        ),
        (
            "1. One\n\n1.1 Two\n\nx\n\n1.2. Three\n\n2 Four\n\n15.4 Five\n\n3. Six.",
            [
                "h1 1. One", "h2 1.1 Two", "p x", "h2 1.2. Three", "h1 2 Four", "p 15.4 Five", "p3 Six.",
            ]
        ),
        (
            "a\n\n\nBEFORE: at least b\n\nc\n\n\nWHY\n\nd\n\n\nNOT this.\n\nBEFORE one",
            [
                "p a", "h1 BEFORE: at least b", "p c", "h1 WHY", "p d", "p NOT this.", "p BEFORE one",
            ]
        ),
        ("1. One\n\n2. Two\n", ["p1 One", "p2 Two"]),
    ])
    func byteRangesAreTheBlocksSource(source: String, expected: [String]) throws {
        #expect(try quotes(of: source, path: "a.txt") == expected)
    }

    /// As manual pages are: a tenth of the lines may stand further out.
    @Test func textThatIsIndentedAsAWholeIsNoCode() throws {
        let lines = String(repeating: "       goes on.\n", count: 18)
        let source = "NAME\n       ls - list\n\nUSE\n       ls x\n\n           ls y\n\n" + lines
        let found = try quotes(of: source, path: "a.txt")
        #expect(found.dropLast() == ["h1 NAME", "p ls - list", "p USE\n       ls x", "c            ls y"])
        #expect(found.last == "p " + String(lines.dropFirst(7).dropLast()))
    }

    @Test(arguments: [
        ("# a\n\n  b\n", ["c # a", "c   b"]), ("AB CD\n=====", ["c AB CD\n====="]), ("", []),
    ])
    func logsAreCode(source: String, expected: [String]) throws {
        #expect(try quotes(of: source, path: "a.LOG") == expected)
    }

    /// Pages of a PDF's text; lines that return at their edges are no part of it.
    @Test(arguments: [
        ("a\nb\n\u{C}c\n\n\u{C}", ["p a\nb", "p c"]),
        (
            "Manual\n\na\n\nPage 9\n\u{C}Manual\n\nb\n\nPage 10\n\u{C}Manual\n\nc\n\nPage 11\n\u{C}",
            ["p a", "p b", "p c"]
        ),
        (
            "a\n\nPage 1 of 2\n\n\u{C}b\n\n- 2 -\n\u{C}c\n\n3 / 12\n\u{C}d 4\n\n4\n",
            ["p a", "p b", "p c", "p d 4", "p 4"]
        ),
        ("x\n\na\n\u{C}x\n\nb\n\u{C}y\n\nc\n\u{C}z\n\nd", ["p x", "p a", "p x", "p b", "p y", "p c", "p z", "p d"]),
        (
            "When it is\nThe manager says so, and writes it down.\n\nA long first line of a text\ngoes on.\n\nShort.\nNo",
            [
                "h1 When it is", "p The manager says so, and writes it down.",
                "p A long first line of a text\ngoes on.",
                "p Short.\nNo",
            ]
        ),
        ("a\n\n          Centred\n\n    b\n    c", ["p a", "p Centred", "c     b\n    c"]),
    ])
    func pagesAreReadBetweenFormFeeds(source: String, expected: [String]) throws {
        #expect(try quotes(of: source, path: "a.pdf") == expected)
    }

    @Test func aPDFsOffsetsAreOnPages() throws {
        let page = try Document(parsing: Array("---\ntitle: x\n---\na\n\u{C}b\n\u{C}\u{C}c".utf8), path: "a.pdf")
        #expect(page.blocks.map { page.pageNumber(at: $0.byteRange.lowerBound) } == [1, 2, 4])
        #expect(try Document(parsing: Array("a".utf8), path: "a.txt").pageNumber(at: 0) == nil)
    }

    @Test func textIsJoinedAndCodeIsDedented() throws {
        let source = "a\n  b.  c\r\nd\n\n      x\n\n        y\n"
        let blocks = try Document(parsing: Array(source.utf8), path: "a.txt").blocks
        #expect(blocks.map(\.text) == ["a b.  c d", "x\n\n  y"])
        #expect(blocks.map(\.markup) == ["a b.  c d", "```\nx\n\n  y\n```"])
    }

    @Test func nestingHasALimit() throws {
        let source = (0..<60).map { String(repeating: " ", count: 2 * $0) + "- a" }.joined(separator: "\n")
        #expect(throws: DocumentError.nestedTooDeeply(path: "a.txt", line: 51, expectedDepthMax: 100)) {
            try Document(parsing: Array(source.utf8), path: "a.txt")
        }
    }
}

/// The blocks as they are quoted, behind `h` and the level, `p` or `f` and the step's number (0 for bullets), `c`, `t`.
func quotes(of source: String, path: String) throws -> [String] {
    let bytes = Array(source.utf8)
    return try Document(parsing: bytes, path: path).blocks.map { block in
        let step = block.step.map { "\($0.number ?? 0)" } ?? ""
        let kind =
            switch block.kind {
            case .heading(let level): "h\(level)"
            case .paragraph: "p"
            case .code: "c"
            case .table: "t"
            case .html: "x"
            case .footnote: "f"
            }
        let quote = String(decoding: bytes[block.byteRange], as: UTF8.self)
        return kind + step + (block.quoted ? "> " : " ") + quote
    }
}
