package import Foundation
import LinearAlgebra

/// A sentence-transformers cross-encoder of the BERT family: it reads a query and a text together, and says how well the
/// one answers the other. More exact than comparing two embeddings, and a pass for each pair.
///
///     let reranker = try CrossEncoder(contentsOf: URL(filePath: "models/ms-marco-MiniLM-L6-v2"))
///     let scores = try reranker.scores(of: ["Open the settings …", "Prices …"], for: "reset password")  // [2]
///
/// Calls block, as `TextEncoder`'s do.
package struct CrossEncoder: Sendable {
    /// The model folder's name and what it holds, for people.
    package let description: String
    private let tokenizer: WordPieceTokenizer
    private let runner: BatchRunner
    private let head: ClassificationHead
    private let tokenLimit: Int

    /// What `[CLS]` and two `[SEP]` take.
    private static let tokenLimitMin = 3

    /// - Parameters: as `TextEncoder`'s.
    package init(
        contentsOf folder: URL, precision: Precision = .fp32,
        turns: EncoderTurns = EncoderTurns(threadCount: ProcessInfo.processInfo.activeProcessorCount),
        cache: URL? = nil
    ) throws(ModelError) {
        let configuration = try BertConfiguration(at: folder.appending(path: "config.json"))
        let tokenizer = try WordPieceTokenizer(contentsOf: folder, lowercasing: false)
        let tokenLimit = try Self.tokenLimit(of: folder, configuration)
        let parts = try EncoderParts(
            contentsOf: folder, configuration: configuration, tokenizer: tokenizer, precision: precision,
            inputFacts: ["\(tokenLimit) tokens", "pairs"], cache: cache,
            samples: {
                let texts = ActivationRanges.texts
                return zip(texts, texts.dropFirst() + texts.prefix(1)).map {
                    tokenizer.pairTokens(of: $0, and: $1, limit: tokenLimit)
                }
            })
        head = try ClassificationHead(in: parts.file, configuration)
        self.tokenizer = tokenizer
        self.tokenLimit = tokenLimit
        runner = BatchRunner(parts.encoder, turns: turns)
        description =
            "\(folder.lastPathComponent), \(precision.rawValue), \(tokenLimit) tokens, "
            + "sha256 \(parts.weightsDigest.prefix(12))"
    }

    /// `model_max_length` of the tokenizer, at most the positions that the model has: those where it does not say.
    private static func tokenLimit(of folder: URL, _ configuration: BertConfiguration) throws(ModelError) -> Int {
        let url = folder.appending(path: "tokenizer_config.json")
        let limit = try ModelJSON.decodeIfPresent(Limits.self, at: url)?.modelMaxLength
        guard let limit, limit < Double(configuration.positionCount) else { return configuration.positionCount }
        guard limit >= Double(tokenLimitMin) else {
            throw .invalidField(
                path: url.path, field: "model_max_length", got: "\(limit)", expected: "\(tokenLimitMin) or more")
        }
        return Int(limit)
    }

    /// Python writes "no limit" as 1e30.
    private struct Limits: Decodable {
        let modelMaxLength: Double?
    }

    /// How well each text answers the query, higher is better: the model's logits, `[texts]`. A pair beyond the token
    /// limit is cut, the longer text first.
    ///
    /// - Throws: as `TextEncoder.embeddings`.
    package func scores(
        of texts: [String], for query: String, cancellation: Cancellation? = nil
    ) throws(EncodingError) -> [Float] {
        let sequences = texts.map { tokenizer.pairTokens(of: query, and: $0, limit: tokenLimit) }
        var scores = [Float](repeating: 0, count: texts.count)
        try unsafe scores.withUnsafeMutableBufferPointer { buffer throws(EncodingError) in
            guard let base = buffer.baseAddress else { return }
            // Each score belongs to one pair.
            nonisolated(unsafe) let scores = unsafe base
            try unsafe runner.run(sequences, as: .query, cancellation: cancellation) { index, tokens, _ in
                unsafe scores[index] = head.logit(of: tokens)
            }
        }
        return scores
    }
}

/// What stands on the last layer's first token: `logit = C · tanh(P · x + p) + c`.
struct ClassificationHead: Sendable {
    private let pooler: Tensor
    private let poolerBias: [Float]
    private let classifier: [Float]
    private let classifierBias: Float

    /// - Throws: `ModelError.wrongShape` for a classifier of several labels.
    init(in file: SafetensorsFile, _ configuration: BertConfiguration) throws(ModelError) {
        let size = configuration.hiddenSize
        pooler = try file.tensor("bert.pooler.dense.weight", shape: [size, size])
        poolerBias = try file.tensor("bert.pooler.dense.bias", shape: [size]).values
        classifier = try file.tensor("classifier.weight", shape: [1, size]).values
        classifierBias = try file.tensor("classifier.bias", shape: [1]).values[0]
    }

    /// - Parameter token: the vector of `[CLS]`, `[hidden]`
    func logit(of token: UnsafePointer<Float>) -> Float {
        let size = poolerBias.count
        var pooled = [Float](repeating: 0, count: size)
        unsafe pooler.withUnsafeBufferPointer { weights in
            guard let weights = weights.baseAddress else { return }
            unsafe multiply(weights, vector: token, into: &pooled, m: size, n: size)
        }
        return (0..<size).reduce(classifierBias) { $0 + tanh(pooled[$1] + poolerBias[$1]) * classifier[$1] }
    }
}
