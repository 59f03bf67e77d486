import Documents
import Testing

struct RSTTests {
    /// A page, and its blocks exactly as they are quoted from its bytes, each with its kind.
    @Test(arguments: [
        ("a\nb\n\n c\n", ["p a\nb", "p> c"]),
        ("a\r\nb\r\n\r\nc", ["p a\r\nb", "p c"]),
        ("\u{FEFF}A\n=\n", ["h1 A\n="]),
        ("---\ntitle: x\n---\nA\n=\n\nb", ["h1 A\n=", "p b"]),
        ("..\n   ---\n   title: x\n   id: y\n   ---\n\nA\n=\n\nb", ["h1 A\n=", "p b"]),
        ("..\n   a\n\nb", ["p b"]),
        // Titles: levels by the order in which their marks appear.
        (
            "===\n A\n===\n\nB\n===\n\nC\n---\n\nD d\n---\n\nÉé\n==\n",
            ["h1 ===\n A\n===", "h2 B\n===", "h3 C\n---", "h3 D d\n---", "h2 Éé\n=="]
        ),
        ("Long title\n====\n\nLong title\n===\n", ["h1 Long title\n====", "p Long title\n==="]),
        ("a\n\n----\n\nb", ["p a", "p b"]),
        // Lists.
        ("- a\n  b\n- c\n\n* d", ["p0 a\n  b", "p0 c", "p0 d"]),
        ("3. a\n\n   b\n4. c\n#. d\n\n9. e", ["p3 a", "p3 b", "p4 c", "p5 d", "p9 e"]),
        ("a) x\nb) y\n\n(i) z\n(ii) w", ["p1 x", "p2 y", "p1 z", "p2 w"]),
        ("A. Turing wrote\nthis", ["p A. Turing wrote\nthis"]),
        ("- - a\n  - b\n\n    c\n- d\n\ne", ["p0 a", "p0 b", "p0 c", "p0 d", "p e"]),
        ("- a::\n\n    b\n\n  c", ["p0 a:", "c0     b", "p0 c"]),
        // Literal blocks.
        ("a::\n\n  b\n\n    c\n\nd", ["p a:", "c   b\n\n    c", "p d"]),
        ("a ::\n\n  b\n\n::\n\n  c", ["p a", "c   b", "c   c"]),
        ("a::\n\n> b\n> c\n\nd", ["p a:", "c > b\n> c", "p d"]),
        ("a::\n  b\n\nc", ["p a:", "c   b", "p c"]),
        (">>> f()\n1\n\nx", ["c >>> f()\n1", "p x"]),
        // Definitions, fields, options, line blocks.
        ("term\n  def\n  more\n\nx", ["p term", "p def\n  more", "p x"]),
        (":orphan:\n\na\n\n:p x: b\n   c\n:q:\n   d", ["p a", "p :p x: b\n   c", "p :q:\n   d"]),
        ("-v  a\n    b\n--long  c\n", ["p -v  a\n    b", "p --long  c"]),
        ("| a\n| b\n  c\n\nx", ["p | a\n| b\n  c", "p x"]),
        // Directives.
        (".. note:: a\n   b\n\n   c\n\nd", ["p> a\n   b", "p> c", "p d"]),
        (".. warning::\n\n   - a\n\nb", ["p0> a", "p b"]),
        (".. admonition:: T\n   :class: x\n\n   a", ["p> T", "p> a"]),
        (".. code-block:: sh\n   :linenos:\n\n   a\n     b\n\n   c\n\nd", ["c    a\n     b\n\n   c", "p d"]),
        (".. code::\n\nx", ["p x"]),
        (".. versionadded:: 3.2\n   a\n\nb", ["p .. versionadded:: 3.2\n   a", "p b"]),
        (".. py:function:: f(*a)\n              g(*b)\n   :async:\n\n   c\n", ["p f(*a)", "p g(*b)", "p c"]),
        (".. toctree::\n   :maxdepth: 2\n\n   a\n   b\n\nc", ["p c"]),
        (".. figure:: a.png\n   :alt: b\n\n   c\n\nd", ["p c", "p d"]),
        (".. only:: html\n\n   a\n\n.. unknown:: b\n\n   c", ["p a", "p b", "p c"]),
        (".. comment\n   a\n\n   b\n\nc\n\n..\n\n   d", ["p c", "p> d"]),
        (".. |x| replace:: y\n.. _t: http://x\n\na", ["p a"]),
        (".. [1] a\n   b\n.. [#n]\n   c\n", ["f a\n   b", "f c"]),
        // Tables.
        (
            "+---+---+\n| a | b |\n+===+===+\n| c | d |\n+---+---+\n\nx",
            ["t +---+---+\n| a | b |\n+===+===+\n| c | d |\n+---+---+", "p x"]
        ),
        ("== ==\na  b\n== ==\nc  d\n\ne  f\n== ==\n\nx", ["t == ==\na  b\n== ==\nc  d\n\ne  f\n== ==", "p x"]),
        ("== ==\na  b\nc", ["p == ==\na  b\nc"]),
        (
            ".. list-table:: T\n   :header-rows: 1\n\n   * - a\n     - b\n   * - c\n     - d\n",
            ["p T", "t    * - a\n     - b\n   * - c\n     - d"]
        ),
        ("", []), ("\n\n", []), ("..", []), ("::", []),
    ])
    func byteRangesAreTheBlocksSource(source: String, expected: [String]) throws {
        #expect(try quotes(of: source, path: "a.rst") == expected)
    }

    /// A paragraph and its text; what is code is between "‹" and "›".
    @Test(arguments: [
        ("*a* **b** ``c  d`` `e` |f| _`g`", "a b ‹c d› e f g"),
        ("a * b ** c `` d ` e", "a * b ** c `` d ` e"),
        ("2*x*y, '*', \"*\" (*a*)", "2*x*y, '*', \"*\" (a)"),
        ("\\*a\\* b\\ c \\\\ ``\\d``", "*a* bc \\ ‹\\d›"),
        (":ref:`a b <c>` :doc:`/x/y` :term:`t`", "a b /x/y t"),
        (":file:`/etc/x` :py:func:`~os.path.join` `f`:option: :func:`!g`", "‹/etc/x› ‹join› ‹f› ‹g›"),
        (":rfc:`2822` :pep:`8`", "RFC 2822 PEP 8"),
        ("`a <http://x.org>`_ `b`__ c_ d__ e_f _g `<http://y.org>`_", "a b c d e_f _g http://y.org"),
        ("a [1]_ b [#n]_. c [CIT]_ d[0]", "a b. c [CIT] d[0]"),
        ("see http://x.org/a_b*c*, and", "see http://x.org/a_b*c*, and"),
        ("**a\nb** c", "a b c"),
        ("é*x* – *y*", "éx – y"),
        ("a: b :c: d", "a: b :c: d"),
        ("``a``s ``b``", "‹a``s ``b›"),
    ])
    func inlineMarkupIsReduced(source: String, text: String) throws {
        let block = try #require(try Document(parsing: Array(source.utf8), path: "a.rst").blocks.first)
        var marked = Array(block.text.utf8)
        for span in block.codeSpans.reversed() {
            marked.insert(contentsOf: Array("›".utf8), at: span.upperBound)
            marked.insert(contentsOf: Array("‹".utf8), at: span.lowerBound)
        }
        #expect(String(decoding: marked, as: UTF8.self) == text)
    }

    @Test(arguments: [
        ("+---+----+\n| a | b  |\n|   | c  |\n+===+====+\n| d | e  |\n+---+----+", "a | b c\nd | e"),
        ("+---+---+---+\n| a | b | c |\n+---+---+---+\n| d é   | e |\n+---+---+---+", "a | b | c\nd é |  | e"),
        ("+---+---+\n| a | b |\n|   +---+\n|   | c |\n+---+---+", "a | b c"),
        ("===  =====\na    *b*\n===  =====\n1    x y z z\n     w\n\\    v\n===  =====", "a | b\n1 | x y z z w\n | v"),
        ("===\t===\na\tb\n===\t===\n1\t2\n===\t===\n", "a | b\n1 | 2"),
        ("== ====\na  ``b\n   c`` *d\n   e*\n== ====\n1  2\n== ====", "a | b c d e\n1 | 2"),
        (".. csv-table::\n   :header: a\n\n   b, \"c\"\n   d, e", "b, \"c\"\nd, e"),
        (".. list-table::\n\n   * - a\n       b\n     - ``c``\n   * -\n     - d", "a b | c\n | d"),
    ])
    func rowsOfTablesAreLines(source: String, text: String) throws {
        let block = try #require(try Document(parsing: Array(source.utf8), path: "a.rst").blocks.first)
        #expect(block.kind == .table)
        #expect(block.text == text)
    }

    @Test func kindsLanguagesAndAnchorsAreKnown() throws {
        let source = """
            A: b
            ====

            .. code-block:: sql

               SELECT 1;

            9 Bé
            ----

            .. versionchanged:: 15 x ``y``

            A: b
            ----

            .. math:: x
            """
        let page = try Document(parsing: Array(source.utf8), path: "a.rst")
        #expect(page.title == "A: b")
        #expect(page.blocks[1].kind == .code(language: "sql"))
        #expect(page.blocks[1].text == "SELECT 1;")
        #expect(page.blocks[1].markup == "```sql\nSELECT 1;\n```")
        #expect(page.blocks[3].text == "Changed in version 15: x y")
        #expect(page.blocks[3].markup == "Changed in version 15: x `y`")
        #expect(page.sections.map(\.anchor) == ["a-b", "b", "id1"])
    }

    @Test func linksAreListedWithTheirLines() throws {
        let source = """
            See `a <b.html>`_, :doc:`c`,
            https://x.org/d.

            .. image:: e.png
            .. _f: https://y.org
            """
        let links = try Document(parsing: Array(source.utf8), path: "a.rst").links
        #expect(links.map(\.target) == ["b.html", "c", "https://x.org/d", "e.png", "https://y.org"])
        #expect(links.map(\.line) == [1, 1, 2, 4, 5])
        #expect(links.map(\.isImage) == [false, false, false, true, false])
    }

    @Test(arguments: [
        String(repeating: "- ", count: 60) + "a",
        (0..<120).map { String(repeating: " ", count: $0) + "a" }.joined(separator: "\n\n"),
        (0..<120).map { String(repeating: " ", count: 3 * $0) + ".. note::" }.joined(separator: "\n\n") + "\n",
    ])
    func nestingHasALimit(source: String) throws {
        let error = try #require(throws: DocumentError.self) {
            try Document(parsing: Array(source.utf8), path: "a.rst")
        }
        guard case .nestedTooDeeply(_, _, 100) = error else { throw error }
    }

    /// What a line could make the reader look for again and again; a quadratic reader would take minutes.
    @Test(arguments: [
        "*a ", "`a ", "``a ", "|a ", ":a:`", "_`a ", "[a", "a_ ", "== ==\nb\n", "+--+\n|\n", ".. a\n", "a::\n\n b\n\n",
        "a\n b\n", ".. note:: a\n", "1. a\n", "- a\n\n",
    ])
    func repeatedPiecesAreReadInTime(piece: String) throws {
        let page = try Document(parsing: Array(String(repeating: piece, count: 50_000).utf8), path: "a.rst")
        #expect(Chunker().chunks(of: page).count >= 0)
    }
}
