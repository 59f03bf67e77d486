import Documents
import Testing

struct DocumentTests {
    private static let extensions = ["md", "markdown", "txt", "log", "rst", "html", "htm", "pdf"]

    @Test func aPageKnowsItself() throws {
        let page = try Document(parsing: Array("intro\n\n# Fail *over*\n".utf8), path: "pg/ha/failover.v2.md")
        #expect(page.id == "pg/ha/failover.v2")
        #expect(page.title == "Fail over")
        #expect(page.format == .markdown)
    }

    /// FIPS 180-4's example for "abc".
    @Test func theRevisionIsTheBytesHash() throws {
        let page = try Document(parsing: Array("abc".utf8), path: "a.md")
        #expect(page.revision == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }

    @Test(arguments: [
        ("# One\n# Two", "a/b.md", "One"), ("## Two", "a/b.md", "b"), ("", "notes.markdown", "notes"),
        ("> # Quoted", "b.md", "b"), ("---\ntitle: T\n---\n# One", "b.md", "T"), ("Set\next\n===", "b.md", "Set ext"),
    ])
    func theTitleIsTheFirstThatThereIs(source: String, path: String, title: String) throws {
        #expect(try Document(parsing: Array(source.utf8), path: path).title == title)
    }

    @Test(arguments: ["a.md", "a.MD", "a/b.c/d.markdown", "..md"])
    func markdownIsKnownByItsExtension(path: String) throws {
        #expect(try DocumentFormat(ofPath: path) == .markdown)
    }

    @Test(arguments: [
        ("a.txt", DocumentFormat.plainText), ("a.log", .plainText), ("a.rst", .restructuredText), ("a.HTML", .html),
        ("a.htm", .html), ("a.md.pdf", .pdf),
    ])
    func formatsAreKnownByTheirExtensions(path: String, format: DocumentFormat) throws {
        #expect(try DocumentFormat(ofPath: path) == format)
    }

    @Test(arguments: [("a.docx", "docx"), ("a", ""), (".md", ""), ("a.md/b", ""), ("a.", ""), ("a.md.bak", "bak")])
    func otherFormatsAreRefusedByName(path: String, got: String) {
        #expect(throws: DocumentError.unknownFormat(path: path, got: got, expected: Self.extensions)) {
            try Document(parsing: [], path: path)
        }
    }

    @Test(
        arguments: [
            ([0x61, 0x0A, 0xFF], 2, 2), ([0xC3], 0, 1), ([0x61, 0xED, 0xA0, 0x80], 1, 1),
            ([0x0D, 0x0A, 0x0D, 0xC0, 0xAF], 3, 3),
        ] as [([UInt8], Int, Int)])
    func bytesThatAreNoUTF8AreRefused(bytes: [UInt8], offset: Int, line: Int) {
        #expect(throws: DocumentError.notUTF8(path: "a.md", line: line, byteOffset: offset)) {
            try Document(parsing: bytes, path: "a.md")
        }
    }

    @Test func nulBytesAreRefused() {
        #expect(throws: DocumentError.nulByte(path: "a.md", line: 2, byteOffset: 3)) {
            try Document(parsing: Array("a\nb\0c".utf8), path: "a.md")
        }
    }

    @Test func pagesHaveASizeLimit() throws {
        let page = [UInt8](repeating: 0x20, count: Document.byteCountMax + 1)
        #expect(throws: Never.self) { try Document(parsing: Array(page.dropLast()), path: "a.md") }
        #expect(
            throws: DocumentError.tooLarge(
                path: "a.md", gotByteCount: Document.byteCountMax + 1, expectedByteCountMax: Document.byteCountMax)
        ) { try Document(parsing: page, path: "a.md") }
    }

    @Test(arguments: [
        String(repeating: ">", count: 100) + "a", String(repeating: "- ", count: 50) + "a",
        String(repeating: "- ", count: 500), String(repeating: "-", count: 5000), String(repeating: "* ", count: 500),
    ])
    func nestingUpToTheLimitIsRead(source: String) {
        #expect(throws: Never.self) { try Document(parsing: Array("x\n\n\(source)".utf8), path: "a.md") }
    }

    @Test(arguments: [
        String(repeating: ">", count: 101) + "a", String(repeating: "- ", count: 51) + "a",
        String(repeating: "1. ", count: 100_000) + "a", String(repeating: "> - ", count: 100_000) + "a",
        (0..<60).map { String(repeating: " ", count: 2 * $0) + "- a" }.joined(separator: "\n"),
    ])
    func deeperNestingIsRefused(source: String) throws {
        let error = try #require(throws: DocumentError.self) {
            try Document(parsing: Array("x\n\n\(source)".utf8), path: "a.md")
        }
        guard case .nestedTooDeeply(_, let line, 100) = error else { throw error }
        #expect(line >= 3)
    }

    @Test func tablesThatMultiplyAreRefused() throws {
        let wide = String(repeating: "|a", count: 1000) + "\n" + String(repeating: "|-", count: 1000) + "\n"
        #expect(throws: Never.self) {
            try Document(parsing: Array((wide + String(repeating: "|b\n", count: 400)).utf8), path: "a.md")
        }
        #expect(throws: DocumentError.tooManyEmptyCells(path: "a.md", line: 503, expectedCountMax: 500_000)) {
            try Document(parsing: Array((wide + String(repeating: "|b\n", count: 600)).utf8), path: "a.md")
        }
    }

    /// A table ends at a blank line, in a quote or not; what follows is no part of it.
    @Test(arguments: ["\n", ">\n", "  \n"])
    func linesBehindATableAreNotItsRows(blank: String) {
        let wide = String(repeating: "|a", count: 1000) + "\n" + String(repeating: "|-", count: 1000) + "\n"
        let source = wide + blank + String(repeating: "text\n", count: 600)
        #expect(throws: Never.self) { try Document(parsing: Array(source.utf8), path: "a.md") }
    }

    @Test func linesOfAddressesAreRefused() {
        #expect(
            throws: DocumentError.tooManyAddresses(path: "a.md", line: 1, gotCount: 100_000, lineByteCount: 600_000)
        ) {
            try Document(parsing: Array(String(repeating: "a@b.c_", count: 100_000).utf8), path: "a.md")
        }
    }

    /// Inlines nested far past any stack are walked, not recursed into.
    @Test(arguments: ["*a **b ", "[", "![a](", "~x ", "<b>", "`", "&amp;", "_("])
    func deepInlinesAreRead(piece: String) throws {
        let page = try Document(parsing: Array(String(repeating: piece, count: 20_000).utf8), path: "a.md")
        #expect(page.blocks.count <= 1)
        _ = Chunker().chunks(of: page)
    }

    @Test func linksAreListedWithTheirLines() throws {
        let source = """
            ---
            title: x
            ---
            See [a](b.md#c "t") and <https://x.org>,
            [r], www.y.org and
            ![i](z.png).

            | t |
            |---|
            | [c](d) |

            [r]: /ref
            """
        let links = try Document(parsing: Array(source.utf8), path: "a.md").links
        #expect(links.map(\.target) == ["b.md#c", "https://x.org", "/ref", "http://www.y.org", "z.png", "d"])
        #expect(links.map(\.line) == [4, 4, 5, 5, 6, 10])
        #expect(links.map(\.isImage) == [false, false, false, false, true, false])
    }

    @Test func sectionsHoldTheirOwnBlocks() throws {
        let source = "pre\n\n# A\n\ntext\n\n### B b\n\n## A\n\nmore\n\n> # Q\n\n- # A\n\nlast\n\n# A-1\n"
        let page = try Document(parsing: Array(source.utf8), path: "a.md")
        #expect(page.sections.map(\.headingPath) == [[], ["A"], ["A", "B b"], ["A", "A"], ["A-1"]])
        #expect(page.sections.map(\.level) == [0, 1, 3, 2, 1])
        #expect(page.sections.map(\.anchor) == ["", "a", "b-b", "a-1", "a-1-1"])
        #expect(page.sections.map(\.blocks) == [0..<1, 1..<3, 3..<4, 4..<9, 9..<10])
        #expect(page.blocks.map { $0.headingPath.count } == [0, 1, 1, 2, 2, 2, 2, 2, 2, 1])
        let texts = page.sections.map { String(decoding: Array(source.utf8)[$0.byteRange], as: UTF8.self) }
        #expect(texts == ["pre", "# A\n\ntext", "### B b", "## A\n\nmore\n\n> # Q\n\n- # A\n\nlast", "# A-1"])
    }

    /// Headings beside the fragments that GitHub links them by.
    @Test(arguments: [
        ("OpenSSH 8.8 & later", "openssh-88--later"), ("`--force` or `-f`?", "--force-or--f"), ("a_b c", "a_b-c"),
        ("Größe: ½", "größe-"), ("日本語 の", "日本語-の"), ("C++/C#", "cc"), ("!", ""), ("Ⅷ", "ⅷ"),
    ])
    func anchorsAreGitHubs(title: String, anchor: String) throws {
        let page = try Document(parsing: Array("# \(title)\n\n# \(title)".utf8), path: "a.md")
        #expect(page.sections.map(\.anchor) == [anchor, anchor + "-1"])
    }
}
