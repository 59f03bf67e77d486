import LinearAlgebra

/// The forward pass of BERT (Devlin et al. 2018, <https://arxiv.org/abs/1810.04805>) over packed token sequences.
///
/// Sequences lie end to end, so that no product ever runs over padding; only attention looks at one sequence at a time.
struct BertEncoder: Sendable {
    let configuration: BertConfiguration
    let weights: BertWeights

    /// Fills `workspace.hidden` with the last layer's output, `[tokens, hidden]`.
    ///
    /// - Precondition: ids and types lie in their tables and no sequence is longer than the position table.
    func run(_ batch: TokenBatch, in workspace: inout Workspace) {
        workspace.reserve(batch, configuration: configuration)
        embed(batch, in: workspace)
        for layer in weights.layers {
            attend(batch, layer, in: workspace)
            feedForward(batch, layer, in: workspace)
        }
    }

    /// The sum of word, position and type vectors, normalised.
    private func embed(_ batch: TokenBatch, in workspace: borrowing Workspace) {
        let size = configuration.hiddenSize
        precondition(batch.ids.allSatisfy { $0 >= 0 && $0 < configuration.vocabularySize }, "an id outside the table")
        precondition(batch.types.allSatisfy { $0 >= 0 && $0 < configuration.typeCount }, "a type outside the table")
        precondition(batch.longestSequence <= configuration.positionCount, "a sequence longer than the position table")
        for sequence in batch.sequences {
            for token in sequence {
                let row = unsafe workspace.hidden.base + token * size
                unsafe weights.wordEmbeddings.copyRow(Int(batch.ids[token]), to: row)
                unsafe weights.positionEmbeddings.addRow(token - sequence.lowerBound, to: row)
                unsafe weights.typeEmbeddings.addRow(Int(batch.types[token]), to: row)
                unsafe weights.embeddingNorm.apply(row, into: row)
            }
        }
    }

    /// Self-attention with its residual and norm (Vaswani et al. 2017, <https://arxiv.org/abs/1706.03762>).
    private func attend(_ batch: TokenBatch, _ layer: BertWeights.Layer, in workspace: borrowing Workspace) {
        let size = configuration.hiddenSize
        let (hidden, projected) = unsafe (workspace.hidden.base, workspace.projected.base)
        let queryKeyValue = unsafe workspace.queryKeyValue.base
        unsafe layer.queryKeyValue.apply(to: hidden, rowCount: batch.tokenCount, into: queryKeyValue)
        unsafe layer.queryKeyValue.bias.withUnsafeBufferPointer { bias in
            unsafe addBias(
                to: queryKeyValue, rowCount: batch.tokenCount, columnCount: 3 * size, bias: bias.baseAddress!)
        }
        // The context has the shape of the intermediate values' first columns, and those are not needed yet.
        let context = unsafe workspace.intermediate.base
        for sequence in batch.sequences {
            for head in 0..<configuration.headCount {
                unsafe attend(
                    queryKeyValue + sequence.lowerBound * 3 * size, head: head, tokenCount: sequence.count,
                    scores: workspace.scores.base, into: context + sequence.lowerBound * size)
            }
        }
        unsafe layer.attentionOutput.apply(to: context, rowCount: batch.tokenCount, into: projected)
        unsafe layer.attentionNorm.apply(
            projected, bias: layer.attentionOutput.bias, residual: hidden, rowCount: batch.tokenCount)
    }

    /// One head over one sequence: `softmax(Q · Kᵀ / √d) · V`.
    ///
    /// - Parameters:
    ///   - queryKeyValue: `[tokenCount, 3 · hidden]`
    ///   - scores: room for `[tokenCount, tokenCount]`
    ///   - context: `[tokenCount, hidden]`, of which the head's columns are overwritten
    private func attend(
        _ queryKeyValue: UnsafePointer<Float>, head: Int, tokenCount: Int, scores: UnsafeMutablePointer<Float>,
        into context: UnsafeMutablePointer<Float>
    ) {
        let size = configuration.hiddenSize
        let headSize = configuration.headSize
        let query = unsafe Strided(queryKeyValue + head * headSize, rowStride: 3 * size)
        let key = unsafe Strided(queryKeyValue + size + head * headSize, rowStride: 3 * size)
        let value = unsafe Strided(queryKeyValue + 2 * size + head * headSize, rowStride: 3 * size)
        unsafe multiply(
            query, key, transposed: true, into: scores, rowStride: tokenCount, m: tokenCount, n: tokenCount,
            k: headSize, alpha: 1 / Float(headSize).squareRoot())
        unsafe softmax(scores, rowCount: tokenCount, columnCount: tokenCount)
        unsafe multiply(
            Strided(scores, rowStride: tokenCount), value, transposed: false, into: context + head * headSize,
            rowStride: size, m: tokenCount, n: headSize, k: tokenCount)
    }

    /// The two-layer perceptron with its residual and norm.
    private func feedForward(_ batch: TokenBatch, _ layer: BertWeights.Layer, in workspace: borrowing Workspace) {
        let (hidden, projected) = unsafe (workspace.hidden.base, workspace.projected.base)
        let intermediate = unsafe workspace.intermediate.base
        unsafe layer.intermediate.apply(to: hidden, rowCount: batch.tokenCount, into: intermediate)
        unsafe layer.intermediate.bias.withUnsafeBufferPointer { bias in
            unsafe activate(
                intermediate, rowCount: batch.tokenCount, columnCount: bias.count, bias: bias.baseAddress!,
                with: configuration.activation)
        }
        unsafe layer.output.apply(to: intermediate, rowCount: batch.tokenCount, into: projected)
        unsafe layer.outputNorm.apply(
            projected, bias: layer.output.bias, residual: hidden, rowCount: batch.tokenCount)
    }
}

extension Tensor {
    /// Copies one row of a table.
    fileprivate func copyRow(_ row: Int, to target: UnsafeMutablePointer<Float>) {
        unsafe withUnsafeBufferPointer { values in
            unsafe target.update(from: values.baseAddress! + row * shape[1], count: shape[1])
        }
    }

    /// Adds one row of a table.
    fileprivate func addRow(_ row: Int, to target: UnsafeMutablePointer<Float>) {
        unsafe withUnsafeBufferPointer { values in
            let source = unsafe values.baseAddress! + row * shape[1]
            for column in 0..<shape[1] { unsafe target[column] += source[column] }
        }
    }
}
