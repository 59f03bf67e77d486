import Documents
import TestSupport
import Testing

/// Properties that hold for any Markdown, here random pages made of pieces that are hard to place.
struct RandomPageTests {
    private static let pieces = [
        "# Head `x`", "Set\next\n---", "A b. C d!\ne f?", "> q\nlazy", "> > deep\n> less", "- item\n  more\n\n  para",
        "1. one\n2. two\n   - sub\n\n     ```\n     code\n     ```", "```sh\nrun\n\n  it\n```", "~~~\nopen",
        "    ind\n\n\n    ented",
        "\ttab", "-\ttabbed\n\n\tmore", "| a | b |\n|---|:-:|\n| `1` | 2\\|3 |\nx", "p\n| h |\n|---|",
        "<div>\nx\n</div>", "<!-- c\n\nd -->",
        "[r]: /u\nText [r] é.", "f[^1] g", "[^1]: Note *n*.\n\n    Deep.", "***", "日本語。次の文。",
        "a &amp; b\\_c `d\ne` <http://x.y>",
        "> ```\n> q\n", "- [ ] t", "![i](j \"k\nl\") m", "x  \ny\\\nz", "# ", "\u{A0}nb", "<b>in</b> *e **f** g* ~~h~~",
        "> | t |\n> |---|\n> | u |", "| e |\n|---|\n| |\n||\n| f |",
    ]

    private static func page(seed: UInt64) -> [UInt8] {
        var generator = SeededGenerator(seed: seed)
        var source =
            Bool.random(using: &generator)
            ? "" : ["\u{FEFF}", "---\ntitle: x\n---\n"].randomElement(using: &generator)!
        for _ in 0..<Int.random(in: 1...14, using: &generator) {
            var piece = pieces.randomElement(using: &generator)!
            let prefix = ["", "", "", "> ", "  ", "- ", "   > "].randomElement(using: &generator)!
            if !prefix.isEmpty {
                piece = piece.split(separator: "\n", omittingEmptySubsequences: false).map { prefix + $0 }.joined(
                    separator: "\n")
            }
            source += piece + ["\n", "\n\n", "\n\n\n", "\n  \n"].randomElement(using: &generator)!
        }
        let lineEnd = ["\n", "\n", "\r\n", "\r"].randomElement(using: &generator)!
        return Array(source.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: lineEnd).utf8)
    }

    @Test(arguments: 0..<40)
    func rangesLieInOrderOnScalarBoundaries(batch: UInt64) throws {
        for seed in batch * 100..<batch * 100 + 100 {
            let bytes = Self.page(seed: seed)
            let page = try Document(parsing: bytes, path: "a.md")
            var end = 0
            for block in page.blocks {
                let range = block.byteRange
                #expect(range.lowerBound >= end && !range.isEmpty && range.upperBound <= bytes.count, "seed \(seed)")
                #expect(isBoundary(range.lowerBound, bytes) && isBoundary(range.upperBound, bytes), "seed \(seed)")
                end = range.upperBound
            }
            #expect(
                page.sections.map(\.blocks).reduce(0) { $1.lowerBound == $0 ? $1.upperBound : -1 } == page.blocks.count)
        }
    }

    @Test(arguments: 0..<40)
    func alignedTextEqualsItsSource(batch: UInt64) throws {
        for seed in batch * 100..<batch * 100 + 100 {
            let bytes = Self.page(seed: seed)
            for block in try Document(parsing: bytes, path: "a.md").blocks {
                let text = Array(block.text.utf8)
                var place = (text: 0, source: block.byteRange.lowerBound)
                for run in block.alignment.runs {
                    #expect(run.text >= place.text && run.source >= place.source, "seed \(seed)")
                    place = (run.text + run.count, run.source + run.count)
                    #expect(place.text <= text.count && place.source <= block.byteRange.upperBound, "seed \(seed)")
                    for offset in 0..<run.count where run.text + offset < text.count {
                        let (left, right) = (text[run.text + offset], bytes[run.source + offset])
                        #expect(left == right || (isBlank(left) && isBlank(right)), "seed \(seed)")
                    }
                }
            }
        }
    }

    /// No text is lost or doubled; only headers of tables repeat.
    @Test(arguments: 0..<20)
    func chunksCoverTheTextInOrder(batch: UInt64) throws {
        let chunker = Chunker(options: ChunkerOptions(target: 10, maximum: 14, minimum: 3))
        for seed in batch * 100..<batch * 100 + 100 {
            let bytes = Self.page(seed: seed)
            let page = try Document(parsing: bytes, path: "a.md")
            let chunks = chunker.chunks(of: page)
            #expect(chunks == chunker.chunks(of: page))
            #expect(chunks.map(\.ordinal) == Array(chunks.indices))
            checkRanges(chunks, in: bytes, pieceCountMax: 14, "seed \(seed)")
            let body = page.body
            let written = body.filter { $0.kind != .table }.flatMap { $0.text.utf8.filter { !isBlank($0) } }
            let found = chunks.flatMap { $0.searchText.utf8.filter { !isBlank($0) } }
            if body.contains(where: { $0.kind == .table }) {
                #expect(isSubsequence(written, of: found), "seed \(seed)")
            } else {
                #expect(written == found, "seed \(seed)")
            }
        }
    }

    private func isSubsequence(_ bytes: [UInt8], of found: [UInt8]) -> Bool {
        var rest = bytes[...]
        for byte in found where byte == rest.first { rest.removeFirst() }
        return rest.isEmpty
    }

    private func isBlank(_ byte: UInt8) -> Bool { byte <= 0x20 }
}
