package import Foundation
import IndexFiles

/// The postings of some rows in a file, mapped and immutable. `LexicalSnapshot` searches them.
package final class LexicalIndex: Sendable {
    package let rowCount: Int
    package let options: LexicalOptions
    let dictionary: TermDictionary
    let postings: Postings
    /// The weighted words of each row.
    let lengths: MappedArray<UInt32>

    /// Opens an index and checks everything that a search relies on, so that no file makes one read outside its arrays.
    package init(opening url: URL) throws(LexicalSearchError) {
        do {
            let file = try IndexFile(opening: url, kind: .postings)
            let blocks = try LexicalBlocks(of: file)
            try blocks.check(path: file.path)
            rowCount = blocks.meta.rowCount
            options = blocks.meta.options
            dictionary = TermDictionary(bytes: blocks.termBytes, starts: blocks.termStarts)
            postings = Postings(
                starts: blocks.postingStarts, rows: blocks.postingRows, counts: blocks.postingCounts)
            lengths = blocks.rowLengths
        } catch let error as IndexFileError {
            throw .file(error)
        } catch let error as LexicalSearchError {
            throw error
        } catch {
            preconditionFailure("opening a lexical index throws no other error: \(error)")
        }
    }
}

/// The lists of rows, one after the other in the order of the dictionary.
struct Postings: Sendable {
    let starts: MappedArray<UInt64>
    let rows: MappedArray<UInt32>
    let counts: MappedArray<UInt8>

    func range(of term: Int) -> Range<Int> { Int(starts[term])..<Int(starts[term + 1]) }

    /// Where a row stands among the postings of a range, by bisection.
    func position(of row: Int, in range: Range<Int>) -> Int? {
        var range = range
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            if Int(rows[middle]) == row { return middle }
            range = Int(rows[middle]) < row ? middle + 1..<range.upperBound : range.lowerBound..<middle
        }
        return nil
    }
}
