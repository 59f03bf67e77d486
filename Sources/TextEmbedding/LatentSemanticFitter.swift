import Foundation
import IndexFiles
package import LinearAlgebra

/// Collects the terms of a collection's texts and fits a `LatentSemanticModel` to them.
///
/// The same texts give the same model to the bit, in whatever order they come: rows are sorted by their texts' keys and
/// columns by their terms.
package struct LatentSemanticFitter {
    /// Dimensions of a model, fewer where the collection has fewer independent texts or terms.
    package static let dimensionMax = 384
    /// The terms of a model: those that most texts have, rarer ones being left out. It bounds the file (100 MB) and the
    /// memory of a fit.
    package static let termCountMax = 1 << 16

    private let vocabulary: String
    private var numbers: [String: UInt32] = [:]
    /// How many texts have each term, by its number.
    private var documentCounts: [Int] = []
    private var texts: [(key: UInt64, entries: Range<Int>)] = []
    /// Term and count of all texts, one after the other.
    private var entryTerms: [UInt32] = []
    private var entryCounts: [UInt16] = []

    /// - Parameter vocabulary: what makes the terms, such as an analyser's version; it becomes part of the fingerprint.
    package init(vocabulary: String) { self.vocabulary = vocabulary }

    /// Adds a text by its terms and how often each occurs.
    ///
    /// - Parameter key: a hash of the text.
    package mutating func append(_ counts: [String: Int], key: UInt64) {
        let start = entryTerms.count
        for (term, count) in counts where count > 0 {
            let number = numbers[term] ?? UInt32(numbers.count)
            if Int(number) == documentCounts.count {
                numbers[term] = number
                documentCounts.append(0)
            }
            documentCounts[Int(number)] += 1
            entryTerms.append(number)
            entryCounts.append(UInt16(clamping: count))
        }
        texts.append((key, start..<entryTerms.count))
    }

    /// The model of all texts so far; of none, one that knows no term.
    package consuming func fit() throws(LinearAlgebraError) -> LatentSemanticModel {
        let terms = keptTerms()
        numbers = [:]
        var columnOfNumber = [Int32](repeating: -1, count: documentCounts.count)
        for (column, term) in terms.enumerated() { columnOfNumber[Int(term.number)] = Int32(column) }
        let weights = terms.map { Self.weight(documentCount: documentCounts[Int($0.number)], of: texts.count) }
        texts.sort { $0.key < $1.key }
        let matrix = rows(columnOfNumber, weights)
        let textKeys = texts.map(\.key)
        entryTerms = []
        entryCounts = []
        let decomposition = try RandomizedSVD(of: matrix, rank: Self.dimensionMax)
        let vectors = decomposition.rightVectors
        // A vector has components, and be they 0.
        let dimension = max(vectors.columnCount, 1)
        return LatentSemanticModel(
            vocabulary: vocabulary, dimension: dimension, textKeys: textKeys, terms: terms.map(\.term),
            weights: weights,
            vectors: vectors.columnCount > 0 ? vectors.values : [Float](repeating: 0, count: terms.count))
    }

    /// In the order of their bytes.
    private func keptTerms() -> [(term: String, number: UInt32)] {
        var kept = numbers.map { (term: $0.key, number: $0.value) }
        func precedes(_ a: String, _ b: String) -> Bool { a.utf8.lexicographicallyPrecedes(b.utf8) }
        if kept.count > Self.termCountMax {
            kept.sort { a, b in
                let (many, few) = (documentCounts[Int(a.number)], documentCounts[Int(b.number)])
                return many != few ? many > few : precedes(a.term, b.term)
            }
            kept = Array(kept.prefix(Self.termCountMax))
        }
        return kept.sorted { precedes($0.term, $1.term) }
    }

    /// Inverse document frequency, above 0 even for a term that every text has.
    private static func weight(documentCount: Int, of textCount: Int) -> Float {
        Float(log(Double(1 + textCount) / Double(documentCount)))
    }

    /// tf-idf of each text's kept terms, each row of length 1.
    private func rows(_ columnOfNumber: [Int32], _ weights: [Float]) -> SparseMatrix {
        var matrix = SparseMatrix(columnCount: weights.count)
        for text in texts {
            let entries = text.entries.compactMap { entry -> (column: Int, value: Float)? in
                let column = Int(columnOfNumber[Int(entryTerms[entry])])
                guard column >= 0 else { return nil }
                return (column, termFrequency(Int(entryCounts[entry])) * weights[column])
            }.sorted { $0.column < $1.column }
            let values = normalised(entries.map(\.value))
            matrix.append(row: zip(entries, values).map { ($0.column, $1) })
        }
        return matrix
    }
}
