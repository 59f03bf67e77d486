package import Foundation
import IndexFiles
import Synchronization

/// BM25 over an index file, mapped and immutable: any number of threads may search it at once.
///
/// The score of a row is the sum over the query's terms of `weight · idf · (k₁ + 1) · tf / (tf + k₁ · (1 - b + b · length / mean))`
/// with `idf = ln(1 + (N - df + ½) / (df + ½))` (Robertson & Zaragoza 2009, "The Probabilistic Relevance Framework: BM25 and
/// Beyond", <https://doi.org/10.1561/1500000019>).
package final class LexicalIndex: Sendable {
    package let rowCount: Int
    package let options: LexicalOptions
    let dictionary: TermDictionary
    let postings: Postings
    /// For each row `k₁ · (1 - b + b · length / mean length)`.
    let norms: [Float]
    let scratches = ScratchPool()

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
            norms = lengthNorms(of: blocks.rowLengths, options: blocks.meta.options)
        } catch let error as IndexFileError {
            throw .file(error)
        } catch let error as LexicalSearchError {
            throw error
        } catch {
            preconditionFailure("opening a lexical index throws no other error: \(error)")
        }
    }

    /// In how many rows the term occurs.
    package func documentFrequency(of term: LexicalTerm) -> Int {
        dictionary.number(of: term.bytes).map { postings.range(of: $0).count } ?? 0
    }

    /// How telling the term is, always positive; the highest for a term that no row has.
    package func inverseDocumentFrequency(of term: LexicalTerm) -> Float {
        inverseDocumentFrequency(documentFrequency: documentFrequency(of: term))
    }

    /// The inverse document frequency of a term that a single row has: the scale of this index's scores, which grow with
    /// the number of rows.
    package var rarestTermWeight: Float { inverseDocumentFrequency(documentFrequency: 1) }

    func inverseDocumentFrequency(documentFrequency: Int) -> Float {
        let frequency = Double(documentFrequency)
        return Float(log(1 + (Double(rowCount) - frequency + 0.5) / (frequency + 0.5)))
    }
}

/// The lists of rows, one after the other in the order of the dictionary.
struct Postings: Sendable {
    let starts: MappedArray<UInt64>
    let rows: MappedArray<UInt32>
    let counts: MappedArray<UInt8>

    func range(of term: Int) -> Range<Int> { Int(starts[term])..<Int(starts[term + 1]) }
}

private func lengthNorms(of lengths: MappedArray<UInt32>, options: LexicalOptions) -> [Float] {
    unsafe lengths.withUnsafeBufferPointer { lengths in
        let total = unsafe lengths.reduce(into: 0.0) { $0 += Double($1) }
        let mean = total > 0 ? total / Double(lengths.count) : 1
        let (k, b) = (Double(options.saturation), Double(options.lengthNormalisation))
        return unsafe lengths.map { length in Float(k * (1 - b + b * Double(length) / mean)) }
    }
}
