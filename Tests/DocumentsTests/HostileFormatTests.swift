import Documents
import Testing

/// Pages that make a careless reader take time that grows with the square of their size: it would look at up to a million
/// million bytes here, so that these tests end only where every reader is linear.
struct HostileFormatTests {
    private static let megabyte = 1 << 20
    private static let pieceByteCount = 1 << 18
    private static let paths = ["a.md", "a.html", "a.rst", "a.txt", "a.log", "a.pdf"]

    private func read(_ source: String, _ path: String) throws {
        do {
            let page = try Document(parsing: Array(source.utf8), path: path)
            var end = 0
            for chunk in Chunker().chunks(of: page) {
                #expect(chunk.byteRange.lowerBound >= end && chunk.byteRange.upperBound <= source.utf8.count)
                end = chunk.byteRange.upperBound
            }
            for block in page.blocks { #expect(block.sentences.count <= block.text.utf8.count) }
        } catch DocumentError.nestedTooDeeply {
        } catch DocumentError.tooManyAddresses {
        } catch DocumentError.unclosedFrontMatter {}
    }

    @Test(
        arguments: paths,
        ["<", "*", "=", "-", "`", "|", "_", "[", "&", ":", "+", "\\", ".", "\u{C}", "\n", " ", "~", "1"])
    func aMegabyteOfOneByteIsReadOrRefused(path: String, byte: String) throws {
        try read(String(repeating: byte, count: Self.megabyte), path)
    }

    @Test(
        arguments: ["a.html", "a.rst", "a.txt", "a.log", "a.pdf"],
        [
            "- a\n", "1. a\n", "a:\n", "a. B `c` ", "=\n", "a\n=\n", "A\n\n", "    a\n\n", "a   b\n", "> ",
            "`a` ``b`` ",
            "AB CD\n\n", "1.1 Ab\n\n", "x\n\u{C}", ".. x::\n", "  ", "<li>", "<td>a. B", "| a | b |\n", "+-+-",
            "*a* b. ",
            "http://a ", "&amp; ", "e\u{301}. ", "日。",
        ])
    func onePieceOverAndOverIsReadOrRefused(path: String, piece: String) throws {
        try read(String(repeating: piece, count: Self.pieceByteCount / piece.utf8.count), path)
    }

    /// Half of the page is what makes a place hard to find, the other half looks for it again and again.
    @Test(arguments: [
        ("a.html", "<pre>", " ", "x", "\n"), ("a.html", "<table><tr><td>", "a ", "", "<br>"),
        ("a.html", "", "<div>", "", "</p>"), ("a.html", "<pre>", "a\n", "", "&lt;"),
        ("a.html", "<p>", "a. ", "", "<b>"),
        ("a.txt", "", " ", "x\n", "- a\n"), ("a.txt", "", "a:\n", "", "    b\n"),
        ("a.pdf", "", "\u{C}", "", "Ab. Cd\n\n"),
        ("a.rst", "", "`a ", "", "b` "), ("a.rst", ".. note:: x\n", "\n", "", "   a\n"),
        ("a.rst", "", "+-", "+\n", "|\n"),
        ("a.rst", "== ", "=", "\n", "a b\n"), ("a.rst", "a::\n\n", "  b\n", "", "\n"),
    ])
    func twoHalvesAreReadOrRefused(path: String, start: String, left: String, middle: String, right: String) throws {
        let half = Self.pieceByteCount / 2
        try read(
            start + String(repeating: left, count: half / left.utf8.count) + middle
                + String(repeating: right, count: half / right.utf8.count), path)
    }
}
