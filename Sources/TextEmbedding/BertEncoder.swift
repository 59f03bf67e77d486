import CKernels

/// The forward pass of BERT (Devlin et al. 2018, <https://arxiv.org/abs/1810.04805>) over packed token sequences.
///
/// Sequences lie end to end, so that no product ever runs over padding; only attention looks at one sequence at a time.
struct BertEncoder: Sendable {
    let configuration: BertConfiguration
    let weights: BertWeights

    /// Fills `workspace.hidden` with the last layer's output, `[tokens, hidden]`.
    ///
    /// - Parameter pause: called every few milliseconds of work; what it throws ends the pass.
    /// - Precondition: ids and types lie in their tables and no sequence is longer than the position table.
    func run(
        _ batch: TokenBatch, in workspace: inout Workspace, by team: Team,
        pause: () throws(EncodingError) -> Void = {}
    ) throws(EncodingError) {
        workspace.reserve(batch, configuration: configuration, threadCount: team.threadCount)
        embed(batch, in: workspace)
        for layer in weights.layers {
            try attend(batch, layer, in: workspace, by: team, pause: pause)
            for start in stride(from: 0, to: batch.tokenCount, by: Workspace.blockTokenCount) {
                try pause()
                let end = min(start + Workspace.blockTokenCount, batch.tokenCount)
                feedForward(start..<end, layer, in: workspace, by: team)
            }
        }
    }

    /// The sum of word, position and type vectors, normalised.
    private func embed(_ batch: TokenBatch, in workspace: borrowing Workspace) {
        precondition(batch.ids.allSatisfy { $0 >= 0 && $0 < configuration.vocabularySize }, "an id outside the table")
        precondition(batch.types.allSatisfy { $0 >= 0 && $0 < configuration.typeCount }, "a type outside the table")
        precondition(batch.longestSequence <= configuration.positionCount, "a sequence longer than the position table")
        let size = configuration.hiddenSize
        let (hidden, kernels, norm) = unsafe (workspace.hidden.base, workspace.kernels, weights.embeddingNorm)
        for sequence in batch.sequences {
            for token in sequence {
                let row = unsafe hidden + token * size
                unsafe weights.wordEmbeddings.withRow(Int(batch.ids[token])) { word in
                    unsafe row.update(from: word, count: size)
                }
                unsafe weights.positionEmbeddings.withRow(token - sequence.lowerBound) { position in
                    unsafe weights.typeEmbeddings.withRow(Int(batch.types[token])) { type in
                        unsafe kernels.normalize(position, bias: type, residual: row, rowCount: 1, with: norm)
                    }
                }
            }
        }
    }

    /// Self-attention with its residual and norm (Vaswani et al. 2017, <https://arxiv.org/abs/1706.03762>).
    private func attend(
        _ batch: TokenBatch, _ layer: BertWeights.Layer, in workspace: borrowing Workspace, by team: Team,
        pause: () throws(EncodingError) -> Void
    ) throws(EncodingError) {
        try pause()
        let (hidden, projected) = unsafe (workspace.hidden.base, workspace.projected.base)
        let context = unsafe workspace.context.base
        unsafe layer.queryKeyValue.apply(
            to: hidden, rowCount: batch.tokenCount, into: workspace.queryKeyValue.base, in: workspace, by: team)
        try unsafe layer.queryKeyValue.bias.withUnsafeBufferPointer { bias throws(EncodingError) in
            guard let bias = bias.baseAddress else { return }
            for sequence in batch.sequences {
                try pause()
                unsafe attend(sequence, bias: bias, in: workspace, by: team)
            }
        }
        try pause()
        unsafe layer.attentionOutput.apply(
            to: context, rowCount: batch.tokenCount, into: projected, in: workspace, by: team)
        unsafe normalize(
            projected, bias: layer.attentionOutput.bias, residual: hidden, rowCount: batch.tokenCount,
            with: layer.attentionNorm, in: workspace, by: team)
    }

    /// The heads of one sequence.
    private func attend(
        _ sequence: Range<Int>, bias: UnsafePointer<Float>, in workspace: borrowing Workspace, by team: Team
    ) {
        let (kernels, stride) = (workspace.kernels, workspace.attentionStride)
        let (scratch, size) = unsafe (workspace.attention.base, configuration.hiddenSize)
        let queryKeyValue = unsafe UnsafePointer(workspace.queryKeyValue.base + sequence.lowerBound * 3 * size)
        let context = unsafe workspace.context.base + sequence.lowerBound * size
        team.share(configuration.headCount) { heads in
            unsafe kernels.attend(
                docket_attention(
                    token_count: sequence.count, head_count: configuration.headCount,
                    head_size: configuration.headSize, first_head: heads.lowerBound, head_end: heads.upperBound,
                    query_key_value: queryKeyValue, bias: bias, scratch: scratch + heads.lowerBound * stride,
                    context: context))
        }
    }

    /// The two-layer perceptron over some tokens, with its residual and norm.
    private func feedForward(
        _ tokens: Range<Int>, _ layer: BertWeights.Layer, in workspace: borrowing Workspace, by team: Team
    ) {
        let hidden = unsafe workspace.hidden.base + tokens.lowerBound * configuration.hiddenSize
        let (projected, intermediate) = unsafe (workspace.projected.base, workspace.intermediate.base)
        let (kernels, bias, activation) = (workspace.kernels, layer.intermediate.bias, configuration.activation)
        unsafe layer.intermediate.apply(to: hidden, rowCount: tokens.count, into: intermediate, in: workspace, by: team)
        team.share(tokens.count) { rows in
            unsafe kernels.activate(
                intermediate + rows.lowerBound * bias.count, rowCount: rows.count, bias: bias, with: activation)
        }
        unsafe layer.output.apply(to: intermediate, rowCount: tokens.count, into: projected, in: workspace, by: team)
        unsafe normalize(
            projected, bias: layer.output.bias, residual: hidden, rowCount: tokens.count, with: layer.outputNorm,
            in: workspace, by: team)
    }

    private func normalize(
        _ values: UnsafePointer<Float>, bias: [Float], residual: UnsafeMutablePointer<Float>, rowCount: Int,
        with norm: LayerNorm, in workspace: borrowing Workspace, by team: Team
    ) {
        let (kernels, size) = (workspace.kernels, configuration.hiddenSize)
        team.share(rowCount) { rows in
            let first = rows.lowerBound * size
            unsafe kernels.normalize(
                values + first, bias: bias, residual: residual + first, rowCount: rows.count, with: norm)
        }
    }
}

extension Tensor {
    /// Calls `body` with one row of a table.
    fileprivate func withRow(_ row: Int, _ body: (UnsafePointer<Float>) -> Void) {
        unsafe withUnsafeBufferPointer { values in
            guard let base = values.baseAddress else { return }
            unsafe body(base + row * shape[1])
        }
    }
}
