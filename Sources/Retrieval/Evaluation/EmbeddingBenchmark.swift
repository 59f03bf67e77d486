package import LinearAlgebra
package import TextEmbedding

/// How fast an encoder is, and how close to another one's embeddings.
///
/// Documents are windows of so many words over the texts laid end to end, queries windows of twelve: the same that
/// `scripts/bench/peers/embedding_peers.py` makes of the same texts.
package struct EmbeddingBenchmark {
    package static let documentCount = 256
    package static let queryCount = 64
    private static let queryWordCount = 12
    private static let batchSize = 32

    private let documents: [String]
    private let queries: [String]

    /// - Parameters:
    ///   - words: the texts', as `words(of:)` gives them; at least `wordCountMin(wordCount:)`.
    ///   - wordCount: of each document.
    package init(words: [Substring], wordCount: Int) {
        precondition(words.count >= Self.wordCountMin(wordCount: wordCount))
        func windows(_ count: Int, step: Int, length: Int) -> [String] {
            (0..<count).map { words.dropFirst($0 * step).prefix(length).joined(separator: " ") }
        }
        documents = windows(Self.documentCount, step: 37, length: wordCount)
        queries = windows(Self.queryCount, step: 53, length: Self.queryWordCount)
    }

    package static func words(of texts: [String]) -> [Substring] {
        texts.flatMap { $0.split(whereSeparator: \.isWhitespace) }
    }

    /// The words that the windows need.
    package static func wordCountMin(wordCount: Int) -> Int {
        max((documentCount - 1) * 37 + wordCount, (queryCount - 1) * 53 + queryWordCount)
    }

    package struct Report: Sendable {
        package let documentsPerSecond: Double
        package let tokensPerSecond: Double
        package let queryMilliseconds: Percentiles
        /// The documents' embeddings, `[documents, dimension]`.
        package let embeddings: Matrix

        /// The lowest cosine between a document's embedding and another encoder's of the same document.
        ///
        /// - Precondition: both are normalised.
        package func lowestCosine(to other: Report) -> Double {
            (0..<embeddings.rowCount).map { row in
                zip(embeddings[row: row], other.embeddings[row: row]).reduce(0) { $0 + Double($1.0) * Double($1.1) }
            }.min() ?? 1
        }
    }

    /// Each query alone, then the documents in batches of 32; both after a warm-up.
    package func run(_ encoder: TextEncoder, progress: () -> Void) throws -> Report {
        let clock = ContinuousClock()
        for query in queries.prefix(8) { _ = try encoder.embeddings(of: [query], as: .query) }
        let times = try queries.map { query in
            try clock.measure { _ = try encoder.embeddings(of: [query], as: .query) } / .milliseconds(1)
        }
        progress()
        let batches = stride(from: 0, to: documents.count, by: Self.batchSize).map {
            Array(documents[$0..<min($0 + Self.batchSize, documents.count)])
        }
        _ = try encoder.embeddings(of: batches[0], as: .document)
        var values: [Float] = []
        let seconds =
            try clock.measure {
                for batch in batches { values += try encoder.embeddings(of: batch, as: .document).values }
            } / .seconds(1)
        let tokenCount = documents.reduce(0) { sum, text in
            sum + min(encoder.tokenCount(of: text), encoder.fingerprint.tokenLimit)
        }
        return Report(
            documentsPerSecond: Double(documents.count) / seconds, tokensPerSecond: Double(tokenCount) / seconds,
            queryMilliseconds: Percentiles(times),
            embeddings: Matrix(rowCount: documents.count, columnCount: encoder.dimension, values: values))
    }
}
