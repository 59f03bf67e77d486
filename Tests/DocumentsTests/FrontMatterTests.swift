import Documents
import Testing

struct FrontMatterTests {
    private func read(_ yaml: String) throws -> FrontMatter {
        try Document(parsing: Array("---\n\(yaml)\n---\n# Page\n".utf8), path: "a/page.md").frontMatter
    }

    @Test func everyKeyIsRead() throws {
        let page = try read(
            """
            id: postgresql/failover
            title: Fail over # a comment
            product: PostgreSQL
            versions: ">=14 <17"
            platforms: [linux, freebsd]
            audience: internal
            tags:
              - ha
              - 502
            owner: dba
            reviewed: 2024-02-29
            parameters:
              host: {form: host, description: The standby}
              port: {form: port}
              note: Why it is done
              bare:
            """)
        #expect(page.id == "postgresql/failover")
        #expect(page.title == "Fail over")
        #expect(page.product == "PostgreSQL")
        #expect(page.versions?.description == ">=14 <17")
        #expect(page.platforms == ["linux", "freebsd"])
        #expect(page.audience == "internal")
        #expect(page.tags == ["ha", "502"])
        #expect(page.owner == "dba")
        #expect(page.reviewed == "2024-02-29")
        #expect(
            page.parameters == [
                Parameter(name: "host", form: .host, description: "The standby"), Parameter(name: "port", form: .port),
                Parameter(name: "note", description: "Why it is done"), Parameter(name: "bare"),
            ])
    }

    @Test func parametersMayBeAList() throws {
        #expect(try read("parameters: [host, data_dir]").parameters.map(\.name) == ["host", "data_dir"])
    }

    @Test(arguments: ["", "# only a comment", "title:", "title: ~", "{}"])
    func absentAndEmptyKeysAreNil(yaml: String) throws {
        #expect(try read(yaml) == FrontMatter())
    }

    @Test func aNumberIsAText() throws {
        #expect(try read("title: 502\nversions: 15").title == "502")
        #expect(try read("versions: 15").versions == VersionRange(parsing: "15"))
    }

    /// Each broken page beside the line (of the file) and a part of the message that its error has.
    @Test(arguments: [
        ("title: x\nversion: 15", 3, "did you mean \"versions\"?"),
        ("tilte: x", 2, "did you mean \"title\"?"),
        ("colour: red", 2, "the known ones are id, title"),
        ("title: [a]", 2, "\"title\" is a list; write a text"),
        ("title: {a: b}", 2, "\"title\" is a mapping"),
        ("title: \" \"", 2, "leave the key out"),
        ("tags: linux", 2, "\"tags\" is a scalar; write a list"),
        ("tags:\n  - a\n  - [b]", 4, "\"tags\" is a list; write a text"),
        ("id: two words", 2, "an id without spaces"),
        ("reviewed: 2023-02-29", 2, "a day that exists"),
        ("reviewed: 2023-13-01", 2, "a day that exists"),
        ("reviewed: 23-1-1", 2, "a day that exists"),
        ("reviewed: yesterday", 2, "a day that exists"),
        ("versions: latest", 2, "comparators that all hold"),
        ("versions: \">=17 <14\"", 2, "comparators that all hold"),
        ("versions: >=14", 2, "quote a value"),
        ("owner: x\ntitle: x\n\ntitle: y", 3, "the key \"title\" occurs twice"),
        ("- a\n- b", 2, "\"front matter\" is a list"),
        ("just text", 2, "\"front matter\" is a scalar"),
        ("title: a: b", 2, "not valid YAML"),
        ("title: \"open", 3, "not valid YAML"),
        ("parameters: host", 2, "a list of names"),
        ("parameters: [a b]", 2, "letters, digits"),
        ("parameters: [a, a]", 2, "\"a\" occurs twice"),
        ("parameters:\n  host: {form: hots}", 3, "one of host, port"),
        ("parameters:\n  host: {from: host}", 3, "did you mean \"form\"?"),
        ("title: &a x\nowner: *a", 3, "aliases"),
    ])
    func brokenFrontMatterIsAnErrorWithItsLine(yaml: String, line: Int, part: String) throws {
        let error = try #require(throws: DocumentError.self) { try read(yaml) }
        #expect(error.path == "a/page.md")
        #expect(error.line == line)
        #expect(error.message.contains(part), "\(error)")
        #expect(error.description.hasPrefix("a/page.md:\(line): "))
    }

    @Test(arguments: [
        "---\ntitle: x\n---\nBody.", "\u{FEFF}---\r\ntitle: x\r\n---\r\nBody.", "--- \ntitle: x\n...\nBody.",
    ])
    func fencesMayHaveMarkSpacesAndCarriageReturns(source: String) throws {
        let page = try Document(parsing: Array(source.utf8), path: "a.md")
        #expect(page.frontMatter.title == "x")
        let block = try #require(page.blocks.first)
        #expect(page.blocks.count == 1)
        #expect(String(decoding: Array(source.utf8)[block.byteRange], as: UTF8.self) == "Body.")
    }

    @Test(arguments: ["---", "---\n", "---\ntitle: x", "---\n\ntext\n"])
    func unclosedFrontMatterIsAnError(source: String) {
        #expect(throws: DocumentError.unclosedFrontMatter(path: "a.md")) {
            try Document(parsing: Array(source.utf8), path: "a.md")
        }
    }

    @Test(arguments: ["", "text\n---\ntitle: x\n---\n", " ---\ntitle: x\n---\n", "----\n"])
    func onlyTheFirstLineOpensFrontMatter(source: String) throws {
        #expect(try Document(parsing: Array(source.utf8), path: "a.md").frontMatter == FrontMatter())
    }

    @Test func frontMatterHasASizeLimit() {
        let comment = String(repeating: "x", count: 65_536 - "title: x\n#\n".utf8.count)
        #expect(throws: Never.self) { try read("title: x\n#\(comment)") }
        #expect(
            throws: DocumentError.frontMatterTooLarge(
                path: "a/page.md", gotByteCount: 65_537, expectedByteCountMax: 65_536)
        ) { try read("title: x\n#\(comment)x") }
    }

    /// Hostile YAML: nested past the parser's limit, and aliases of aliases as keys.
    @Test(arguments: [
        "title: " + String(repeating: "[", count: 30_000), String(repeating: "- ", count: 30_000),
        "a: &a x\nb: &b [*a, *a]\n? *b\n: x",
    ])
    func hostileYAMLIsRefused(yaml: String) {
        #expect(throws: DocumentError.self) { try read(yaml) }
    }

    @Test(arguments: [
        ("a.rst", "..\n   ---\n   id: x\n   tags: [a]\n   ---\n\nb"), ("a.rst", "---\nid: x\ntags: [a]\n---\nb"),
        ("a.txt", "---\nid: x\ntags: [a]\n---\nb"), ("a.log", "---\nid: x\ntags: [a]\n...\nb"),
        ("a.pdf", "---\nid: x\ntags: [a]\n---\nb"), ("a.html", "<!--\n  ---\n  id: x\n  tags: [a]\n  ---\n-->\nb"),
    ])
    func everyFormatHasIt(path: String, source: String) throws {
        let page = try Document(parsing: Array(source.utf8), path: path)
        #expect(page.frontMatter.id == "x" && page.frontMatter.tags == ["a"])
        #expect(page.blocks.map(\.text) == ["b"])
    }
}
