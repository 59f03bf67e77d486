import CKernels

/// The activations of one forward pass, kept between batches by the thread that uses them.
@safe struct Workspace: ~Copyable {
    /// Tokens that go through a feed-forward block together: its intermediate values then stay in the second cache.
    static let blockTokenCount = 192

    let kernels = Kernels.current
    /// Where the ranges of the linear maps' inputs are recorded, if anywhere.
    var observed: ActivationRanges?

    /// The layers' input and output: `[tokens, hidden]`.
    private(set) var hidden = ScratchBuffer<Float>()
    /// A product before its residual and norm: `[tokens, hidden]`.
    private(set) var projected = ScratchBuffer<Float>()
    /// `[tokens, 3 · hidden]`
    private(set) var queryKeyValue = ScratchBuffer<Float>()
    /// Attention's result, `[tokens, hidden]`.
    private(set) var context = ScratchBuffer<Float>()
    /// `[block, intermediate]`
    private(set) var intermediate = ScratchBuffer<Float>()
    /// What attention needs for the longest sequence, for each head where a team shares them out.
    private(set) var attention = ScratchBuffer<Float>()
    /// The codes of a linear map's input, `[tokens, hidden]` or `[block, intermediate]`, and a range for each row.
    private(set) var codes = ScratchBuffer<UInt8>()
    private(set) var codeRanges = ScratchBuffer<docket_code_range>()

    /// The part of `attention` that belongs to one head.
    private(set) var attentionStride = 0

    /// Makes room for a batch.
    mutating func reserve(_ batch: TokenBatch, configuration: BertConfiguration, threadCount: Int) {
        let hiddenCount = batch.tokenCount * configuration.hiddenSize
        let intermediateCount = min(batch.tokenCount, Self.blockTokenCount) * configuration.intermediateSize
        hidden.reserve(hiddenCount)
        projected.reserve(hiddenCount)
        queryKeyValue.reserve(3 * hiddenCount)
        context.reserve(hiddenCount)
        intermediate.reserve(intermediateCount)
        attentionStride = Kernels.attentionScratchCount(
            tokenCount: batch.longestSequence, headSize: configuration.headSize)
        attention.reserve(threadCount > 1 ? configuration.headCount * attentionStride : attentionStride)
        codes.reserve(max(hiddenCount, intermediateCount))
        codeRanges.reserve(batch.tokenCount)
    }
}

/// Uninitialised elements at a cache line's boundary, owned and freed here.
@safe struct ScratchBuffer<Element: BitwiseCopyable>: ~Copyable {
    private(set) var base: UnsafeMutablePointer<Element>
    private var capacity = 0

    init() { unsafe base = Self.allocate(0) }

    deinit { unsafe UnsafeMutableRawPointer(base).deallocate() }

    /// Grows to `count` elements where there are fewer; the contents are lost then.
    mutating func reserve(_ count: Int) {
        guard count > capacity else { return }
        unsafe UnsafeMutableRawPointer(base).deallocate()
        unsafe base = Self.allocate(count)
        capacity = count
    }

    private static func allocate(_ count: Int) -> UnsafeMutablePointer<Element> {
        unsafe UnsafeMutableRawPointer.allocate(byteCount: count * MemoryLayout<Element>.stride, alignment: 64)
            .bindMemory(to: Element.self, capacity: count)
    }
}
