import Documents
import Testing

struct BlockTests {
    /// A page, and its blocks exactly as they are quoted from its bytes.
    @Test(arguments: [
        ("a\nb\n\n c  \n", ["a\nb", "c"]),
        ("# A #\n## B\n#\n", ["# A #", "## B", "#"]),
        ("A\n===\nb\n\nC c\nd\n---\n", ["A\n===", "b", "C c\nd\n---"]),
        ("a\r\nb\r\n\r\n# C\r\n", ["a\r\nb", "# C"]),
        ("a\rb\r\r# C", ["a\rb", "# C"]),
        ("\u{FEFF}# A\n\nb", ["# A", "b"]),
        ("\u{FEFF}a", ["a"]),
        ("---\ntitle: x\n---\n\n# A\n", ["# A"]),
        ("```sh\na\n\nb\n```\nc", ["```sh\na\n\nb\n```", "c"]),
        ("```\n```\n~~~\na", ["```\n```", "~~~\na"]),
        ("```\na\n  ```  \nb", ["```\na\n  ```  ", "b"]),
        ("    a\n\n      b\n\n\nc", ["    a\n\n      b", "c"]),
        ("\ta\n", ["\ta"]),
        ("- a\n  b\nc\n- d\n", ["a\n  b\nc", "d"]),
        ("1. a\n\n   ```\n   b\n     c\n   ```\n2.  d", ["a", "   ```\n   b\n     c\n   ```", "d"]),
        ("- ```\n  a\n  ```\n-\tb", ["- ```\n  a\n  ```", "b"]),
        ("- a\n  - b\n\n    c\n", ["a", "b", "c"]),
        ("> a\n> b\nc\n\n> > d\n> e", ["a\n> b\nc", "d\n> e"]),
        ("> ```\n> a\nb", ["> ```\n> a", "b"]),
        ("> ```\n> a\n```\nb\n```\n", ["> ```\n> a", "```\nb\n```"]),
        ("> A\n> b\n> ---\nc\n", ["A\n> b\n> ---", "c"]),
        ("> a\n===\n", ["a\n==="]),
        ("| a |\n|---|\n| b |\n| c |\nd\n\ne", ["| a |\n|---|\n| b |\n| c |\nd", "e"]),
        ("x\ny\n| a | b |\n|---|---|\n| c | d |\n", ["x\ny", "| a | b |\n|---|---|\n| c | d |"]),
        ("| a |\n|---|\n> b", ["| a |\n|---|", "b"]),
        ("x\n| a |\n|---|\n\ny", ["x", "| a |\n|---|", "y"]),
        (
            "> | a |\n> |---|\n> | b |\n\n- x\n\n  | a |\n  |---|\n",
            ["> | a |\n> |---|\n> | b |", "x", "  | a |\n  |---|"]
        ),
        ("<div>\na\n</div>\n\nb\n<!-- c\n\nd -->\ne", ["<div>\na\n</div>", "b", "<!-- c\n\nd -->", "e"]),
        ("<pre>\n\na\n</pre>\nb", ["<pre>\n\na\n</pre>", "b"]),
        ("[a]: /b\n[c]: /d\nText [a].\n\n[e]: /f\n", ["Text [a]."]),
        (">[a]: /b\n\t*c*", ["\t*c*"]),
        ("a[^n] b\n\n[^n]: Note.\n    More.\n\n    Third.\n\nc", ["a[^n] b", "Note.\n    More.", "Third.", "c"]),
        ("- [ ] a\n- [x] b\n", ["a", "b"]),
        ("***\n\n- - -\n", []),
        ("é\n\n日本 **語**\n", ["é", "日本 **語**"]),
        ("a\\\nb  \nc", ["a\\\nb  \nc"]),
        ("", []), ("\n\n", []), ("---\ntitle: x\n---", []),
    ])
    func byteRangesAreTheBlocksSource(source: String, expected: [String]) throws {
        let bytes = Array(source.utf8)
        let page = try Document(parsing: bytes, path: "a.md")
        #expect(page.blocks.map { String(decoding: bytes[$0.byteRange], as: UTF8.self) } == expected)
    }

    /// A page's only block, its plain text and its markup.
    @Test(
        arguments: [
            ("a *b* **c** ~~d~~ `e f` [g](h \"i\") ![j](k)", "a b c d e f g j", nil),
            ("a &amp; b \\* &copy; &nope; &#35;", "a & b * © &nope; #", nil),
            ("> a\n> b  \n> c", "a b\nc", "a\nb  \nc"),
            ("- a\n\tb", "a b", "a\nb"),
            ("x<br>y <b>z</b> <http://u.v>", "x y z http://u.v", nil),
            ("# A `b` #", "A b", nil),
            ("> ```sh x\n> a\n>\n>   b\n> ```", "a\n\n  b", "```sh x\na\n\n  b\n```"),
            ("- \n      a\n       b", "a\n b", "a\n b"),
            ("```\r\na\r\nb\r\n```", "a\nb", "```\na\nb\n```"),
            ("> | *a* | b\\|c |\n> |-|-|\n> | `d` |\n", "a | b|c\nd | ", "| *a* | b\\|c |\n|-|-|\n| `d` |"),
            ("<div>\n<!-- > x -->\na <b>b</b>\n\n", "a b", "<div>\n<!-- > x -->\na <b>b</b>"),
            ("`a\nb`  c", "a b  c", "`a\nb`  c"),
        ] as [(String, String, String?)])
    func textIsPlainAndMarkupIsFreeOfContainers(source: String, text: String, markup: String?) throws {
        let block = try #require(try Document(parsing: Array(source.utf8), path: "a.md").blocks.first)
        #expect(block.text == text)
        #expect(block.markup == markup ?? source)
    }

    @Test func kindsStepsAndQuotesAreKnown() throws {
        let source =
            "3. a\n   ```sh -x\n   b\n   ```\n4. c\n   - d\n     > e\n\n- f\n\n| g |\n|-|\n\n    h\n\n<p>\n\ni[^1]\n\n[^1]: j"
        let blocks = try Document(parsing: Array(source.utf8), path: "a.md").blocks
        #expect(
            blocks.map(\.kind) == [
                .paragraph, .code(language: "sh"), .paragraph, .paragraph, .paragraph, .paragraph, .table,
                .code(language: nil), .html, .paragraph, .footnote,
            ])
        let steps = blocks.prefix(6).map { [$0.step?.list, $0.step?.item, $0.step?.number, $0.step?.depth] }
        #expect(
            steps == [[1, 1, 3, 1], [1, 1, 3, 1], [1, 2, 4, 1], [2, 1, nil, 2], [2, 1, nil, 2], [3, 1, nil, 1]])
        #expect(blocks[4].step?.outermostList == 1 && blocks[4].step?.outermostItem == 2)
        #expect(blocks.map(\.quoted) == [false, false, false, false, true] + Array(repeating: false, count: 6))
    }

    @Test func wordsOfTheTextAreFoundInTheSource() throws {
        let source = "> Stop **the *old*** server\\*\n> `pg_ctl\n> stop`, [see](x) &lt;b&gt; www.a.org. End\n"
        let bytes = Array(source.utf8)
        let block = try #require(try Document(parsing: bytes, path: "a.md").blocks.first)
        #expect(block.text == "Stop the old server* pg_ctl stop, see <b> www.a.org. End")
        for word in ["Stop", "the", "old", "server", "pg_ctl", "stop", "see", "b", "www.a.org", "End"] {
            let text = Array(block.text.utf8)
            let offset = try #require(
                text.indices.first {
                    text[$0...].starts(with: word.utf8) && word != "b" || text[$0] == 0x62 && word == "b"
                })
            let place = try #require(block.alignment.sourceOffset(ofText: offset), "\(word)")
            #expect(String(decoding: bytes[place..<place + word.utf8.count], as: UTF8.self) == word)
        }
        let entity = try #require(block.text.utf8.firstIndex(of: UInt8(ascii: "<")))
        #expect(
            block.alignment.sourceOffset(ofText: block.text.utf8.distance(from: block.text.startIndex, to: entity))
                == nil)
    }

    /// What a link hides may read like the text behind it; the last byte of the text is found behind the link.
    @Test(arguments: [
        "[a](b)b", "[a](x \" b\") b", "![a](<b>)b", "[a](x(b)b)b", "[a][b]b\n\n[b]: /u", "[^b]b\n\n[^b]: c",
    ])
    func textBehindALinkIsNotFoundInIt(source: String) throws {
        let bytes = Array(source.split(separator: "\n")[0].utf8)
        let block = try #require(try Document(parsing: Array(source.utf8), path: "a.md").blocks.first)
        #expect(block.alignment.sourceOffset(ofText: block.text.utf8.count - 1) == bytes.count - 1)
    }
}
