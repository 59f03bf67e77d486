/// A piece of a page that is searched: part of one section, with its place in the source.
package struct Chunk: Sendable, Equatable {
    /// Its place among the page's chunks, from 0.
    package let ordinal: Int
    package let headingPath: [String]
    package let anchor: String
    /// Half-open, into the file's bytes. A section's first chunk begins at its heading, so that a reader sees it.
    package let byteRange: Range<Int>
    /// The page of a PDF on which the chunk begins, counted from 1; `nil` in formats without pages.
    package let page: Int?
    /// The words to search, without title and headings; a table cut in two has its header in each part.
    package let searchText: String
}

/// How large chunks are, in `pieceCountEstimate`'s units.
package struct ChunkerOptions: Sendable, Equatable {
    /// A chunk that has reached it takes no more.
    package var target: Int
    /// No chunk is larger.
    package var maximum: Int
    /// A chunk below it takes what follows, or is taken in, up to `maximum`.
    package var minimum: Int

    /// The defaults fit models that read 256 word pieces, with room for the title and headings.
    ///
    /// - Precondition: `0 < minimum <= target <= maximum` and `maximum >= 8`.
    package init(target: Int = 160, maximum: Int = 220, minimum: Int = 32) {
        precondition(minimum > 0 && minimum <= target && target <= maximum && maximum >= 8)
        self.target = target
        self.maximum = maximum
        self.minimum = minimum
    }
}
