import Documents
import TestSupport
import Testing

/// Properties that hold for any text in any format, here pages put together and mutated at random.
struct RandomFormatTests {
    private static let pieces: [String: [String]] = [
        "txt": [
            "TITLE HERE", "Under\n=====", "1.1 Nine", "1. One", "- item\n  more", "    code\n\n      more",
            "2026-11-23 15:04:05 x", "A. B! c?", "a:\n- b\n- c", "$ ls\nx", "a    b\nc    d", "\tt", "é日本。",
            "\u{C}Page",
            "(2) two\n\n    sub",
        ],
        "rst": [
            "Title\n=====", "====\nOver\n====", "- item\n  more\n\n  para", "1. one\n2. two",
            "text::\n\n  code\n\n   more",
            ".. note:: x\n   y\n\n   z", ".. code-block:: sh\n   :o: p\n\n   run", ".. comment\n   more", "term\n  def",
            "*a **b** ``c`` :r:`d <e>` |f| g_ [1]_ \\* `h <i>`__", ":field: body\n   more", "| line\n| block",
            "> q\n\n    quote",
            "+---+---+\n| a | b |\n|   | c |\n+===+===+\n| d | é |\n+---+---+",
            "== ==\na  b\n== ==\n日 d\n   e\n== ==\n",
            ".. list-table:: T\n\n   * - a\n     - b\n       c", ".. [1] note\n   more", ".. versionadded:: 1\n   x",
            ">>> x\n1", "-v  opt\n    more", ".. _t: http://x.org", "http://a.b/c_d*, é。\n次",
            ".. csv-table::\n\n   a, b",
            "..\n\n   x",
        ],
        "html": [
            "<p>a <b>b</b> c", "</p>", "<h1 id=x>T <i>u</i></h1>", "<ul><li>a<li>b", "</ul>", "<ol start=2><li>",
            "</ol>",
            "<pre>\n x\n  y &lt;\n</pre>", "<pre><code class=language-sh>z", "</code></pre>",
            "<table><tr><th>a<th>b<tr><td>c. D<td>é &amp; f", "</table>", "<tr><td>", "<caption>k</caption>",
            "<div class=note>",
            "</div>", "<nav>n", "</nav>", "<main>", "</main>", "<article>", "<!-- c -->", "<script>s</script>",
            "&nbsp;&eacute;",
            "<br>", "<img alt='x y' src=z>", "<a href='q'>l</a>", "<code>m n</code>", "<blockquote>", "<dl><dt>t<dd>d",
            "日本。次 ",
            "text. More &hellip; <em>e", "</em>", "<svg><g/>", "</svg>", "<td hidden>", "<h2>", "<header>", "<b", "</",
            "<p a='",
        ],
    ]
    private static let formats = [("txt", "txt"), ("log", "txt"), ("pdf", "txt"), ("rst", "rst"), ("html", "html")]

    /// A page of pieces; half of them have bytes removed, doubled or exchanged.
    private static func page(seed: UInt64, of format: String) -> [UInt8] {
        var generator = SeededGenerator(seed: seed)
        var source = ""
        for _ in 0..<Int.random(in: 1...14, using: &generator) {
            let indent = String(repeating: " ", count: [0, 0, 0, 2, 3, 5].randomElement(using: &generator)!)
            let piece = pieces[format]!.randomElement(using: &generator)!
            source += piece.split(separator: "\n", omittingEmptySubsequences: false).map { indent + $0 }.joined(
                separator: "\n")
            source += ["\n", "\n\n", "\n\n", "\n \n", ""].randomElement(using: &generator)!
        }
        let lineEnd = ["\n", "\n", "\r\n", "\r"].randomElement(using: &generator)!
        var bytes = Array(
            source.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: lineEnd).utf8)
        for _ in 0..<(Bool.random(using: &generator) ? 0 : 6) where !bytes.isEmpty {
            let place = Int.random(in: bytes.indices, using: &generator)
            switch Int.random(in: 0..<3, using: &generator) {
            case 0: bytes.remove(at: place)
            case 1: bytes.insert(contentsOf: bytes[place...].prefix(7), at: place)
            default: bytes[place] = Array("<>&*`:|-=+.\n \t'\"\u{C}".utf8).randomElement(using: &generator)!
            }
        }
        return Array(String(decoding: bytes, as: UTF8.self).utf8)
    }

    @Test(arguments: formats, 0..<20)
    func rangesLieInOrderAndTextEqualsItsSource(format: (path: String, pieces: String), batch: UInt64) throws {
        for seed in batch * 100..<batch * 100 + 100 {
            let bytes = Self.page(seed: seed, of: format.pieces)
            let page = try Document(parsing: bytes, path: "a.\(format.path)")
            var end = 0
            for block in page.blocks {
                let range = block.byteRange
                #expect(range.lowerBound >= end && !range.isEmpty && range.upperBound <= bytes.count, "seed \(seed)")
                #expect(isBoundary(range.lowerBound, bytes) && isBoundary(range.upperBound, bytes), "seed \(seed)")
                #expect(isAligned(block, bytes), "seed \(seed)")
                end = range.upperBound
            }
            #expect(
                page.sections.map(\.blocks).reduce(0) { $1.lowerBound == $0 ? $1.upperBound : -1 } == page.blocks.count)
        }
    }

    private func isAligned(_ block: Block, _ bytes: [UInt8]) -> Bool {
        let text = Array(block.text.utf8)
        var place = (text: 0, source: block.byteRange.lowerBound)
        for run in block.alignment.runs {
            guard run.text >= place.text, run.source >= place.source else { return false }
            place = (run.text + run.count, run.source + run.count)
            guard place.text <= text.count, place.source <= block.byteRange.upperBound else { return false }
            let isEqual = (0..<run.count).allSatisfy { offset in
                let (left, right) = (text[run.text + offset], bytes[run.source + offset])
                return left == right || (left <= 0x20 && right <= 0x20)
            }
            guard isEqual else { return false }
        }
        return block.codeSpans.allSatisfy { $0.upperBound <= text.count }
    }

    /// No text of a block is lost or doubled; only headers of tables repeat.
    @Test(arguments: formats, 0..<10)
    func chunksCoverTheTextInOrder(format: (path: String, pieces: String), batch: UInt64) throws {
        let chunker = Chunker(options: ChunkerOptions(target: 10, maximum: 14, minimum: 3))
        for seed in batch * 100..<batch * 100 + 100 {
            let bytes = Self.page(seed: seed, of: format.pieces)
            let page = try Document(parsing: bytes, path: "a.\(format.path)")
            let chunks = chunker.chunks(of: page)
            checkRanges(chunks, in: bytes, pieceCountMax: 14, "seed \(seed)")
            let body = page.body
            guard !body.contains(where: { $0.kind == .table }) else { continue }
            let written = body.flatMap { $0.text.utf8.filter { $0 > 0x20 } }
            #expect(written == chunks.flatMap { $0.searchText.utf8.filter { $0 > 0x20 } }, "seed \(seed)")
        }
    }
}
