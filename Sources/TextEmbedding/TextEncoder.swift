package import Foundation
package import LinearAlgebra

/// A sentence-transformers model of the BERT family: texts in, vectors out.
///
///     let encoder = try TextEncoder(contentsOf: URL(filePath: "models/all-MiniLM-L6-v2"))
///     let vectors = try encoder.embeddings(of: ["How do I reset my password?"], as: .query)  // [1, 384]
///
/// A text's vector does not depend on the texts beside it. Calls wait for their turn and block for as long as the products
/// take, so they belong on a thread of their own and never on the cooperative pool. Queries overtake documents: one that
/// comes while documents are encoded on all threads waits for some milliseconds.
package struct TextEncoder: Sendable {
    /// Whether a text asks or is to be found: some models want different words before each, and who asks waits.
    package enum Role: Sendable {
        case query, document
    }

    package let fingerprint: ModelFingerprint
    private let tokenizer: WordPieceTokenizer
    private var runner: BatchRunner

    /// The length of an embedding.
    package var dimension: Int { fingerprint.dimension }

    /// Reads a model folder; what weights are used as they are stay in the mapped file.
    ///
    /// - Parameters:
    ///   - turns: how many threads compute at once, for all callers of all encoders that share it.
    ///   - prefixes: what goes before queries and documents, where the folder's own words are not meant: many folders of
    ///     models that want some (E5's `query: ` and `passage: `) do not say so.
    ///   - cache: a folder that keeps what int8 weights cost to make, some hundred milliseconds.
    package init(
        contentsOf folder: URL, precision: Precision = .fp32,
        turns: EncoderTurns = EncoderTurns(threadCount: ProcessInfo.processInfo.activeProcessorCount),
        prefixes: (query: String?, document: String?) = (nil, nil), cache: URL? = nil
    ) throws(ModelError) {
        let configuration = try BertConfiguration(at: folder.appending(path: "config.json"))
        let sentence = try SentenceConfiguration(contentsOf: folder, prefixes: prefixes)
        let tokenizer = try WordPieceTokenizer(contentsOf: folder, lowercasing: sentence.lowercases)
        let tokenLimit = min(sentence.tokenLimit ?? configuration.positionCount, configuration.positionCount)
        let parts = try EncoderParts(
            contentsOf: folder, configuration: configuration, tokenizer: tokenizer, precision: precision,
            inputFacts: ["\(tokenLimit) tokens"], cache: cache,
            samples: { ActivationRanges.texts.map { TokenSequence(tokenizer.tokens(of: $0, limit: tokenLimit)) } })
        self.tokenizer = tokenizer
        runner = BatchRunner(parts.encoder, turns: turns)
        fingerprint = ModelFingerprint(
            name: folder.lastPathComponent, weightsDigest: parts.weightsDigest, settings: parts.settings,
            precision: precision,
            dimension: configuration.hiddenSize, pooling: sentence.pooling, isNormalized: sentence.isNormalized,
            tokenLimit: tokenLimit, queryPrefix: sentence.queryPrefix, documentPrefix: sentence.documentPrefix)
    }

    /// The same encoder with another number of threads.
    package func using(threadCount: Int) -> TextEncoder {
        var encoder = self
        encoder.runner = BatchRunner(runner.encoder, turns: EncoderTurns(threadCount: threadCount))
        return encoder
    }

    /// How many tokens the uncut text has, `[CLS]` and `[SEP]` included, the role's prefix not.
    package func tokenCount(of text: String) -> Int {
        tokenizer.tokenCount(of: text)
    }

    /// The texts' vectors, `[texts, dimension]` in the order of `texts`; of length 1 where the model normalises.
    ///
    /// A text beyond the token limit is cut. No texts give a matrix of no rows.
    ///
    /// - Throws: `EncodingError.cancelled` soon after `cancellation` was cancelled, from whatever thread;
    ///   `EncodingError.tooManyWaiting`.
    package func embeddings(
        of texts: [String], as role: Role, cancellation: Cancellation? = nil
    ) throws(EncodingError) -> Matrix {
        let prefix = role == .query ? fingerprint.queryPrefix : fingerprint.documentPrefix
        let sequences = texts.map {
            TokenSequence(tokenizer.tokens(of: prefix + $0, limit: fingerprint.tokenLimit))
        }
        var values = [Float](repeating: 0, count: texts.count * dimension)
        try unsafe values.withUnsafeMutableBufferPointer { values throws(EncodingError) in
            guard let base = values.baseAddress else { return }
            // Each row belongs to one sequence.
            nonisolated(unsafe) let rows = unsafe base
            try unsafe runner.run(sequences, as: role, cancellation: cancellation) { index, tokens, tokenCount in
                let row = unsafe rows + index * dimension
                unsafe fingerprint.pooling.apply(to: tokens, tokenCount: tokenCount, into: row, dimension: dimension)
                if fingerprint.isNormalized { unsafe normalize(row, dimension) }
            }
        }
        return Matrix(rowCount: texts.count, columnCount: dimension, values: values)
    }
}

extension Pooling {
    /// - Parameters:
    ///   - tokens: `[tokenCount, dimension]`
    ///   - row: `[dimension]`, overwritten
    func apply(
        to tokens: UnsafePointer<Float>, tokenCount: Int, into row: UnsafeMutablePointer<Float>, dimension: Int
    ) {
        unsafe row.update(from: tokens, count: dimension)
        guard self == .mean else { return }
        for token in 1..<tokenCount {
            let values = unsafe tokens + token * dimension
            for column in 0..<dimension { unsafe row[column] += values[column] }
        }
        for column in 0..<dimension { unsafe row[column] /= Float(tokenCount) }
    }
}

/// Scales a vector to length 1; a zero vector stays zero. The floor is PyTorch's, in `torch.nn.functional.normalize`.
private func normalize(_ row: UnsafeMutablePointer<Float>, _ count: Int) {
    var square: Float = 0
    for column in 0..<count { unsafe square += row[column] * row[column] }
    let factor = 1 / max(square.squareRoot(), 1e-12)
    for column in 0..<count { unsafe row[column] *= factor }
}
