import Documents
import TestSupport
import Testing

/// Where a chunk begins or ends in a code block or a table, it does so at a line's end, or behind a row.
struct WholeLineTests {
    /// A page with a long block of code or a long table in the middle; every line of it is short.
    private static func page(seed: UInt64, format: String) -> String {
        var generator = SeededGenerator(seed: seed)
        let words = ["pg_ctl", "a.b", "-D", "/srv/é", "x=1;", "\"q. R\"", "日本", "E4304"]
        func line() -> String {
            (0..<Int.random(in: 1...5, using: &generator)).map { _ in words.randomElement(using: &generator)! }
                .joined(separator: " ")
        }
        let lines = (0..<Int.random(in: 30...120, using: &generator)).map { _ in line() }
        switch format {
        case "md code": return "Run this:\n\n```sh\n\(lines.joined(separator: "\n"))\n```\n\nDone."
        case "md table": return "| a | b |\n|---|---|\n" + lines.map { "| \($0) | c |" }.joined(separator: "\n")
        case "html code": return "<p>Run this:<pre>\n\(lines.joined(separator: "\n"))\n</pre>Done."
        case "html table":
            return "<table><tr><th>a<th>b</tr>\n"
                + lines.map { "<tr><td>\($0)</td><td>c</td></tr>" }
                .joined(separator: "\n") + "</table>"
        case "rst code": return "Run this::\n\n" + lines.map { "   \($0)\n" }.joined() + "\nDone."
        case "rst table":
            let border = String(repeating: "=", count: 60) + " ="
            let rows = lines.map { line in
                line + String(repeating: " ", count: max(0, 61 - line.unicodeScalars.count)) + "c"
            }
            return ([border, "a" + String(repeating: " ", count: 60) + "b", border] + rows + [border]).joined(
                separator: "\n")
        case "txt code": return "Run this:\n\n" + lines.map { "    \($0)\n" }.joined() + "\nDone."
        default: return lines.joined(separator: "\n")
        }
    }

    @Test(
        arguments: [
            ("md code", "a.md"), ("md table", "a.md"), ("html code", "a.html"), ("html table", "a.html"),
            ("rst code", "a.rst"), ("rst table", "a.rst"), ("txt code", "a.txt"), ("log", "a.log"),
        ], UInt64(0)..<12)
    func noLineIsCut(format: (name: String, path: String), seed: UInt64) throws {
        let bytes = Array(Self.page(seed: seed, format: format.name).utf8)
        let page = try Document(parsing: bytes, path: format.path)
        let block = try #require(
            page.blocks.first { block in
                if case .code = block.kind { return true }
                return block.kind == .table
            })
        let chunks = Chunker().chunks(of: page)
        let cuts = chunks.flatMap { [$0.byteRange.lowerBound, $0.byteRange.upperBound] }
            .filter { block.byteRange.lowerBound < $0 && $0 < block.byteRange.upperBound }
        #expect(!cuts.isEmpty, "the block is larger than a chunk")
        for cut in cuts {
            let isLineEnd = bytes[cut] == 0x0A || bytes[cut - 1] == 0x0A
            let margin = bytes[..<cut].reversed().prefix { $0 == 0x20 }.count
            #expect(isLineEnd || bytes[cut - margin - 1] == 0x0A, "\(format.name), seed \(seed), offset \(cut)")
        }
        let tables = chunks.filter { _ in block.kind == .table }
        #expect(tables.allSatisfy { $0.searchText.hasPrefix("a | b\n") })
    }
}
