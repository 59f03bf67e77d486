import Documents
import Testing

/// Whether `offset` lies between two scalars of UTF-8.
func isBoundary(_ offset: Int, _ bytes: [UInt8]) -> Bool {
    offset == bytes.count || bytes[offset] & 0xC0 != 0x80
}

/// Chunks lie in order in the source, between whole scalars, and stay within a number of word pieces.
func checkRanges(_ chunks: [Chunk], in bytes: [UInt8], pieceCountMax: Int, _ comment: Comment) {
    var end = 0
    for chunk in chunks {
        let range = chunk.byteRange
        #expect(range.lowerBound >= end && range.upperBound <= bytes.count, comment)
        #expect(isBoundary(range.lowerBound, bytes) && isBoundary(range.upperBound, bytes), comment)
        #expect(pieceCountEstimate(of: chunk.searchText.utf8) <= pieceCountMax, comment)
        end = range.upperBound
    }
}

extension Document {
    /// The blocks that are no headings of sections.
    var body: [Block] {
        let openings = Set(sections.filter { $0.level > 0 }.map(\.blocks.lowerBound))
        return blocks.indices.filter { !openings.contains($0) }.map { blocks[$0] }
    }
}
