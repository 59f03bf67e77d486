import Dispatch
package import Foundation
package import LinearAlgebra
import Synchronization

/// A sentence-transformers model of the BERT family: texts in, vectors out.
///
///     let encoder = try TextEncoder(contentsOf: URL(filePath: "models/all-MiniLM-L6-v2"))
///     let vectors = encoder.embeddings(of: ["How do I reset my password?"], as: .query)  // [1, 384]
///
/// A text's vector does not depend on the texts beside it. Calls block for as long as the products take, so they belong on
/// a thread of their own and never on the cooperative pool.
package struct TextEncoder: Sendable {
    /// The most tokens that one forward pass takes, unless one text alone has more; it bounds the memory, some 13 kB a
    /// token for 384 hidden values, and keeps the activations near the caches.
    package static let batchTokenCountMax = 1024

    /// Whether a text asks or is to be found: some models want different words before each.
    package enum Role: Sendable {
        case query, document
    }

    package let fingerprint: ModelFingerprint
    private let tokenizer: WordPieceTokenizer
    private let encoder: BertEncoder
    private var threadCount: Int

    /// The length of an embedding.
    package var dimension: Int { fingerprint.dimension }

    /// Reads a model folder; what weights are used as they are stay in the mapped file.
    ///
    /// - Parameters:
    ///   - threadCount: how many threads a call may use.
    ///   - cache: a folder that keeps what int8 weights cost to make, some hundred milliseconds.
    package init(
        contentsOf folder: URL, precision: Precision = .fp32,
        threadCount: Int = ProcessInfo.processInfo.activeProcessorCount, cache: URL? = nil
    ) throws(ModelError) {
        precondition(threadCount > 0)
        let configuration = try BertConfiguration(at: folder.appending(path: "config.json"))
        let sentence = try SentenceConfiguration(contentsOf: folder)
        let vocabulary = folder.appending(path: "vocab.txt")
        let tokenizer = try WordPieceTokenizer(contentsOf: folder, lowercasing: sentence.lowercases)
        guard tokenizer.vocabularySize <= configuration.vocabularySize else {
            throw .invalidField(
                path: vocabulary.path, field: "vocabulary", got: "\(tokenizer.vocabularySize) tokens",
                expected: "at most vocab_size, \(configuration.vocabularySize)")
        }
        let tokenLimit = min(sentence.tokenLimit ?? configuration.positionCount, configuration.positionCount)
        let settings =
            ["vocabulary sha256 \(try digest(ofFileAt: vocabulary))"] + tokenizer.facts + configuration.facts
        let parts = try EncoderParts(
            contentsOf: folder, configuration: configuration, precision: precision,
            settings: settings + ["\(tokenLimit) tokens"], cache: cache,
            samples: { ActivationRanges.texts.map { tokenizer.tokens(of: $0, limit: tokenLimit) } })
        self.tokenizer = tokenizer
        encoder = parts.encoder
        fingerprint = ModelFingerprint(
            name: folder.lastPathComponent, weightsDigest: parts.weightsDigest,
            settings: settings,
            precision: precision,
            dimension: configuration.hiddenSize, pooling: sentence.pooling, isNormalized: sentence.isNormalized,
            tokenLimit: tokenLimit, queryPrefix: sentence.queryPrefix, documentPrefix: sentence.documentPrefix)
        self.threadCount = threadCount
    }

    /// The same encoder with another number of threads.
    package func using(threadCount: Int) -> TextEncoder {
        precondition(threadCount > 0)
        var encoder = self
        encoder.threadCount = threadCount
        return encoder
    }

    /// How many tokens the uncut text has, `[CLS]` and `[SEP]` included, the role's prefix not.
    package func tokenCount(of text: String) -> Int {
        tokenizer.tokenCount(of: text)
    }

    /// The texts' vectors, `[texts, dimension]` in the order of `texts`; of length 1 where the model normalises.
    ///
    /// A text beyond the token limit is cut. No texts give a matrix of no rows.
    package func embeddings(of texts: [String], as role: Role) -> Matrix {
        let prefix = role == .query ? fingerprint.queryPrefix : fingerprint.documentPrefix
        let sequences = texts.map { tokenizer.tokens(of: prefix + $0, limit: fingerprint.tokenLimit) }
        let batches = Self.batches(of: sequences)
        var values = [Float](repeating: 0, count: texts.count * dimension)
        unsafe values.withUnsafeMutableBufferPointer { values in
            guard let rows = values.baseAddress else { return }
            unsafe encode(sequences, in: batches, into: rows)
        }
        return Matrix(rowCount: texts.count, columnCount: dimension, values: values)
    }

    /// Groups sequences of like length, longest first, under the token budget; an element is an index into `sequences`.
    private static func batches(of sequences: [[Int32]]) -> [[Int]] {
        var batches: [[Int]] = []
        var room = 0
        for index in sequences.indices.sorted(by: { sequences[$0].count > sequences[$1].count }) {
            if room < sequences[index].count {
                batches.append([])
                room = batchTokenCountMax
            }
            batches[batches.count - 1].append(index)
            room -= sequences[index].count
        }
        return batches
    }

    /// Shares the batches out among the threads; where there is but one, BLAS may use them all.
    private func encode(_ sequences: [[Int32]], in batches: [[Int]], into rows: UnsafeMutablePointer<Float>) {
        let workerCount = min(threadCount, batches.count)
        BLAS.setThreadCount(workerCount > 1 ? 1 : threadCount)
        let next = Atomic(0)
        // Each batch is taken by one worker and each row belongs to one batch.
        nonisolated(unsafe) let rows = unsafe rows
        DispatchQueue.concurrentPerform(iterations: workerCount) { _ in
            var workspace = Workspace()
            while true {
                let index = next.add(1, ordering: .relaxed).oldValue
                guard index < batches.count else { return }
                unsafe encode(batches[index], of: sequences, in: &workspace, into: rows)
            }
        }
    }

    private func encode(
        _ indices: [Int], of sequences: [[Int32]], in workspace: inout Workspace,
        into rows: UnsafeMutablePointer<Float>
    ) {
        var batch = TokenBatch()
        for index in indices { batch.append(sequences[index]) }
        encoder.run(batch, in: &workspace)
        for (index, sequence) in zip(indices, batch.sequences) {
            let row = unsafe rows + index * dimension
            let tokens = unsafe workspace.hidden.base + sequence.lowerBound * dimension
            unsafe fingerprint.pooling.apply(to: tokens, tokenCount: sequence.count, into: row, dimension: dimension)
            if fingerprint.isNormalized { unsafe normalize(row, dimension) }
        }
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
