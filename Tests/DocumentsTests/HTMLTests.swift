import Documents
import Testing

struct HTMLTests {
    /// A page, and its blocks exactly as they are quoted from its bytes, each with its kind.
    @Test(arguments: [
        ("<p>a <b>b</b></p> c <i>d</i>", ["p a <b>b</b>", "p c <i>d</i>"]),
        ("<p><b>a</b> b<p>c<div>d</div>e", ["p <b>a</b> b", "p c", "p d", "p e"]),
        ("<p><a name=x></a>a <img src=b></p>", ["p a"]),
        ("<p><em><a></a>a</em></p>", ["p <em><a></a>a</em>"]),
        ("<b><p>a</b></p>", ["p a"]),
        ("<H1 ID=x>A</H1><h2>B<h3>C", ["h1 A", "h2 B", "h3 C"]),
        ("\u{FEFF}<p>é &amp; 日本</p>", ["p é &amp; 日本"]),
        ("<p>&#x41;b&hellip;</p><p>&nbsp;</p>", ["p &#x41;b&hellip;"]),
        ("a < b <3 &unknown; </ >c", ["p a < b <3 &unknown; </ >c"]),
        // Lists.
        ("<ul><li>a<li>b<ul><li>c</ul>d</ul>e", ["p0 a", "p0 b", "p0 c", "p0 d", "p e"]),
        ("<ol start=3><li>a</li><li value=9><p>b<p>c<li>d</ol>", ["p3 a", "p9 b", "p9 c", "p5 d"]),
        ("<li>a<dl><dt>b<dd>c<dl><dt>d</dl><dt>e</dl>", ["p a", "p b", "p c", "p d", "p e"]),
        ("<blockquote>a<p>b</blockquote><div class='note x'>c</div>d", ["p> a", "p> b", "p> c", "p d"]),
        // Code.
        ("<pre>\n  a\n\n<b>b</b>  \n\n</pre>", ["c   a\n\n<b>b</b>"]),
        ("<pre><code class=\"language-sh\">ls &gt; x\n</code></pre>", ["c ls &gt; x"]),
        ("<pre><span class=k>a</span> b</pre>", ["c <span class=k>a</span> b"]),
        ("<pre> \n</pre>x", ["p x"]),
        // Tables.
        (
            "<table border=1><caption>a</caption><tr><th>b</tr>\n<tr><td>c</td></tr></table>d",
            ["p a", "t <tr><th>b</tr>\n<tr><td>c</td></tr>", "p d"]
        ),
        ("<table><tr><td>a<td>b<tr><td>c</table>", ["t <tr><td>a<td>b<tr><td>c"]),
        ("<table><tr><td><h1>a</h1><td><p>b</table>", ["h1 a", "p b"]),
        ("<table><tr><td><table><tr><td>a</table>b</table>", ["t <tr><td>a", "p b"]),
        ("<table></table><table><tr><td> </table>a", ["p a"]),
        // What no reader sees.
        ("<script>if (a</b) '</p>'</script><style>b</style>c<!-- d --><!doctype e><?f?>", ["p c"]),
        ("a<!-->b<!--->c<!-- d --!>e<!-- f", ["p a<!-->b<!--->c<!-- d --!>e"]),
        ("<nav>a</nav><header>b</header><div role=navigation>c</div>d<aside>e</aside><footer>f</footer>", ["p d"]),
        ("<section><header>a</header></section><aside class=footnote>b</aside>", ["p a", "p b"]),
        ("<p>a<a class=headerlink href=#x>¶</a></p><p hidden>b<p>c <span aria-hidden=true>d</span>", ["p a", "p c"]),
        ("<svg><path/><text>a</text></svg>b<select><option>c</select><button>d<p>e", ["p b", "p e"]),
        // The main content.
        ("<body>a<main>b<header>c</header></main>d</body>", ["p b", "p c"]),
        ("<div>a</div><div role=main>b<div>c</div></div>d", ["p b", "p c"]),
        ("a<article>bcd</article>", ["p bcd"]),
        ("abcdefgh<article>b</article>", ["p abcdefgh", "p b"]),
        ("<main></main>a", ["p a"]),
        // What is not closed, or not opened.
        ("<p title='a>b", []), ("a</div></p></b>b", ["p a</div></p></b>b"]), ("<div><pre>a", ["c a"]),
        ("", []), ("<", ["p <"]), ("<table><tr><td>a", ["t <tr><td>a"]),
    ])
    func byteRangesAreTheBlocksSource(source: String, expected: [String]) throws {
        #expect(try quotes(of: source, path: "a.html") == expected)
    }

    @Test(arguments: [
        ("a\n  b\t c&nbsp; d \u{A0}e", "a b c d e"),
        ("a<br>b<br/> c<wbr>d", "a\nb\ncd"),
        (
            "&lt;a&gt; &AMP &amp;lt; &copy; &notanentity; &#0; &#128; &#xD800; &#9999999999;",
            "<a> &AMP &lt; © &notanentity; � € � �"
        ),
        ("&NotEqualTilde;&amp &lt&gt x?a=1&copy=2", "≂̸& <> x?a=1&copy=2"),
        ("a<img alt='b &amp; c'>d<img src=x>", "ab & cd"),
        ("<pre>a\r\n\tb<br>c&nbsp;d</pre>", "a\n\tb\nc d"),
        (
            "<table><thead><tr><th>a<th>b<tbody><tr><td><p>c<p>d<td>e <code>f</code><tr><td><td>g<tr><td></table>",
            "a | b\nc d | e f\n | g"
        ),
    ])
    func textIsWhatAReaderSees(source: String, text: String) throws {
        #expect(try Document(parsing: Array(source.utf8), path: "a.html").blocks.first?.text == text)
    }

    @Test(arguments: [
        ("<pre class='language-sh x'>", "sh"), ("<pre><code class=hljs lang-sql>", nil),
        ("<pre><code class='hljs lang-sql'>", "sql"),
        ("<div class=highlight-python3><div class=highlight><pre>", "python3"),
        ("<pre class='brush: bash; x'>", "bash"), ("<pre class='sourceCode json'>", "json"),
        ("<div class=highlight-default><pre>", nil), ("<pre class=screen>", nil),
    ])
    func codesLanguageIsRead(source: String, language: String?) throws {
        let block = try Document(parsing: Array((source + "x").utf8), path: "a.html").blocks.first
        #expect(block?.kind == .code(language: language))
    }

    @Test func wordsOfTheTextAreFoundInTheSource() throws {
        let source = "<p>Stop <b>the <i>old</i></b>\n server&#33; <code>pg_ctl\n stop</code>&nbsp;now. Done</p>"
        let bytes = Array(source.utf8)
        let block = try #require(try Document(parsing: bytes, path: "a.html").blocks.first)
        #expect(block.text == "Stop the old server! pg_ctl stop now. Done")
        #expect(block.markup == "Stop the old server! `pg_ctl stop` now. Done")
        let text = Array(block.text.utf8)
        for word in ["Stop", "the", "old", "server", "pg_ctl", "stop", "now", "Done"] {
            let offset = try #require(text.indices.first { text[$0...].starts(with: word.utf8) })
            let place = try #require(block.alignment.sourceOffset(ofText: offset), "\(word)")
            #expect(String(decoding: bytes[place..<place + word.utf8.count], as: UTF8.self) == word)
        }
        #expect(block.alignment.sourceOffset(ofText: 19) == nil)
    }

    @Test func sectionsHaveThePagesOwnAnchors() throws {
        let source = """
            <title> Site &ndash;
            Page</title><section id="one"><h2>One</h2><p id=x>a</p></section>
            <h2 id="a&amp;b">Two <a id=y>b</a></h2><h3><a name="three"></a>Three</h3><p id=z>c</p><h2>Four!</h2>
            <blockquote><h2>Five</h2></blockquote>
            """
        let page = try Document(parsing: Array(source.utf8), path: "a.html")
        #expect(page.title == "Site – Page")
        #expect(page.sections.map(\.anchor) == ["one", "a&b", "three", "four"])
        #expect(page.sections.map(\.level) == [2, 2, 3, 2])
    }

    @Test func linksOfTheContentAreListed() throws {
        let source =
            "<nav><a href=n>n</a></nav>\n<a href='a?b&amp;c'>a</a>\n<img src=\"d e\"><a class=headerlink href=x>#</a>"
        let links = try Document(parsing: Array(source.utf8), path: "a.htm").links
        #expect(links.map(\.target) == ["a?b&c", "d e"])
        #expect(links.map(\.line) == [2, 3])
        #expect(links.map(\.isImage) == [false, true])
    }

    @Test(arguments: [
        ("<!--\n---\nid: x\n---\n-->\n<p>a", "x"), ("<!--  \r\n---\r\nid: x\r\n...\r\n-->\r\na", "x"),
        ("\n<!--\n---\nid: x\n---\n-->\na", nil), ("<!-- x\n---\nid: x\n---\n-->\na", nil),
    ])
    func frontMatterIsAComment(source: String, id: String?) throws {
        let page = try Document(parsing: Array(source.utf8), path: "a.html")
        #expect(page.frontMatter.id == id)
        #expect(page.blocks.map(\.text) == ["a"])
    }

    @Test(arguments: ["<!--\n---\nid: x\n-->\na", "<!--\n---\nid: x\n---\na\n-->", "<!--\n---\nid: x\n---"])
    func openFrontMatterIsRefused(source: String) {
        #expect(throws: DocumentError.unclosedFrontMatter(path: "a.html")) {
            try Document(parsing: Array(source.utf8), path: "a.html")
        }
    }

    @Test func frontMatterKnowsItsLines() {
        let source = "<!--\n---\nid: x\nidd: y\n---\n-->\n"
        #expect(throws: DocumentError.self) { try Document(parsing: Array(source.utf8), path: "a.html") }
        let error = #expect(throws: DocumentError.self) { try Document(parsing: Array(source.utf8), path: "a.html") }
        #expect(error?.line == 4)
    }

    @Test(arguments: [
        "<meta charset=iso-8859-1>\n\u{E9}",
        "<!doctype html>\n<meta content=\"text/html; charset = 'ISO-8859-1'\">\u{E9}",
        "<?xml version='1.0' encoding=\"ISO-8859-1\"?>\u{E9}",
    ])
    func otherEncodingsAreRefusedByName(source: String) {
        let bytes = source.unicodeScalars.map { UInt8($0.value) }
        let error = #expect(throws: DocumentError.self) { try Document(parsing: bytes, path: "a.html") }
        guard case .otherEncoding("a.html", let line, let got) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(got.lowercased() == "iso-8859-1")
        #expect(line == (source.hasPrefix("<!") ? 2 : 1))
    }

    @Test(arguments: [
        "<meta charset=iso-8859-1>a", "<meta charset=UTF-8>é", "<meta charset=\"utf8\">é", "<p>charset=latin1</p>a",
    ])
    func whatIsReadTheSameInUTF8IsRead(source: String) {
        #expect(throws: Never.self) { try Document(parsing: Array(source.utf8), path: "a.html") }
    }

    @Test func nestingHasALimit() throws {
        let deep = String(repeating: "<div>", count: 512)
        #expect(throws: Never.self) { try Document(parsing: Array((deep + "a").utf8), path: "a.html") }
        #expect(throws: DocumentError.nestedTooDeeply(path: "a.html", line: 2, expectedDepthMax: 512)) {
            try Document(parsing: Array((deep + "\n<div>").utf8), path: "a.html")
        }
    }

    /// What a tag could make the reader look for again and again; a quadratic reader would take minutes.
    @Test(arguments: [
        "<b>a", "<a name=x>", "<table>", "<table><tr><td>", "<p>", "<li>", "</div>", "<!--", "<script>", "&a", "&#",
        "<",
        "<a href='", "<td>", "<h1>", "<code>", "<pre>\n", "<br>", "<nav></nav>", "<svg>", "<dt>", "<p class='a b c'>",
    ])
    func repeatedPiecesAreReadInTime(piece: String) throws {
        for source in [
            String(repeating: piece, count: 50_000), "<table><pre>" + String(repeating: piece, count: 50_000),
        ] {
            do {
                let page = try Document(parsing: Array(source.utf8), path: "a.html")
                #expect(Chunker().chunks(of: page).count >= 0)
            } catch DocumentError.nestedTooDeeply {}
        }
    }
}
