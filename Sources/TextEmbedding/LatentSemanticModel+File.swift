package import Foundation
package import IndexFiles

extension LatentSemanticModel {
    /// What stands in the file beside the arrays.
    private struct Facts: Codable {
        let scheme: Int
        let vocabulary: String
        let dimension: Int
        let termCount: Int
        let textCount: Int
        let digest: String
    }

    init(
        vocabulary: String, dimension: Int, textKeys: [UInt64], terms: [String], weights: [Float], vectors: [Float]
    ) {
        self.vocabulary = vocabulary
        self.dimension = dimension
        self.textKeys = textKeys
        textCount = textKeys.count
        self.terms = SortedTerms(terms)
        self.weights = .owned(weights)
        self.vectors = .owned(vectors)
        digest = sha256(
            of: [Array(vocabulary.utf8)]
                + [memory(of: self.terms.starts.values), self.terms.bytes.values, memory(of: weights)]
                + [memory(of: vectors)])
    }

    /// Reads a model; its large arrays stay in the mapped file.
    ///
    /// - Parameter vocabulary: what makes the caller's terms now.
    /// - Throws: `IndexFileError` for damage, and `unexpectedContent` of `facts` for a model of another scheme or vocabulary:
    ///   the remedy for all is to fit anew.
    package init(opening url: URL, vocabulary: String) throws(IndexFileError) {
        let file = try IndexFile(opening: url, kind: .latentModel)
        let facts = try file.value(of: "facts", as: Facts.self)
        guard facts.scheme == Self.scheme, facts.vocabulary == vocabulary,
            (1...LatentSemanticFitter.dimensionMax).contains(facts.dimension), facts.textCount >= 0,
            (0...LatentSemanticFitter.termCountMax).contains(facts.termCount)
        else { throw .unexpectedContent(path: file.path, block: "facts") }
        let terms = SortedTerms(
            bytes: .mapped(try file.elements(of: "term.bytes")),
            starts: .mapped(try file.elements(of: "term.starts", count: facts.termCount + 1)))
        guard let terms else { throw .unexpectedContent(path: file.path, block: "term.starts") }
        self.terms = terms
        weights = .mapped(try file.elements(of: "weights", count: facts.termCount))
        vectors = .mapped(try file.elements(of: "vectors", count: facts.termCount * facts.dimension))
        textKeys = Array(try file.elements(of: "texts", count: facts.textCount))
        self.vocabulary = facts.vocabulary
        dimension = facts.dimension
        textCount = facts.textCount
        digest = facts.digest
    }

    /// Writes the model, replacing the file at `url` whole. The same model gives the same bytes.
    package func write(to url: URL) throws(IndexFileError) {
        let writer = try IndexFileWriter(creating: url, kind: .latentModel)
        let facts = Facts(
            scheme: Self.scheme, vocabulary: vocabulary, dimension: dimension, termCount: termCount,
            textCount: textCount, digest: digest)
        try writer.append(json: facts, as: "facts")
        try writer.append(terms.bytes.values, as: "term.bytes")
        try writer.append(terms.starts.values, as: "term.starts")
        try writer.append(weights.values, as: "weights")
        try writer.append(vectors.values, as: "vectors")
        try writer.append(textKeys, as: "texts")
        try writer.finish()
    }
}

private func memory<Element: BitwiseCopyable>(of elements: [Element]) -> [UInt8] {
    unsafe elements.withUnsafeBytes { bytes in unsafe Array(bytes) }
}
