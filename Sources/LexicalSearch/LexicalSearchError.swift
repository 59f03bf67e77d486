package import IndexFiles

/// What can be wrong with a lexical index. The remedy for a file that cannot be read is to rebuild it from the database.
package enum LexicalSearchError: Error, Equatable, Sendable {
    /// The container is missing, damaged or foreign, or cannot be written.
    case file(IndexFileError)
    /// The index was built by another analyser, so its terms are not those of today's queries.
    case analyserVersion(path: String, got: Int, expected: Int)
    /// A block passes its checksum, but contradicts the others: forged, or written by a faulty program.
    case inconsistent(path: String, block: LexicalBlock, position: Int)
}

extension LexicalSearchError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .file(let error): error.description
        case .analyserVersion(let path, let got, let expected):
            "\(path): was built by analyser \(got), this program has \(expected); rebuild the index"
        case .inconsistent(let path, let block, let position):
            "\(path): block \"\(block.rawValue)\" is inconsistent at element \(position); rebuild the index"
        }
    }
}

/// The blocks of a `.postings` file (`docs/FORMATS.md`).
package enum LexicalBlock: String, Sendable {
    /// JSON: `LexicalMeta`.
    case meta
    /// UInt8: the terms, sorted by their bytes, one after the other.
    case termBytes = "term.bytes"
    /// UInt64 `[terms + 1]`: where each term begins in `term.bytes`.
    case termStarts = "term.starts"
    /// UInt64 `[terms + 1]`: where each term's postings begin.
    case postingStarts = "post.starts"
    /// UInt32 `[postings]`: row numbers, ascending within a term.
    case postingRows = "post.rows"
    /// UInt8 `[postings]`: weighted occurrences of the term in the row, 1 to 255.
    case postingCounts = "post.counts"
    /// UInt32 `[rows]`: weighted words of each row.
    case rowLengths = "row.lengths"
}
