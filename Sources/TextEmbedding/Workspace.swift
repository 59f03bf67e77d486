/// The activations of one forward pass, kept between batches by the thread that uses them.
@safe struct Workspace: ~Copyable {
    /// The layers' input and output: `[tokens, hidden]`.
    private(set) var hidden = FloatBuffer()
    /// A product before its residual and norm: `[tokens, hidden]`.
    private(set) var projected = FloatBuffer()
    /// `[tokens, 3 · hidden]`
    private(set) var queryKeyValue = FloatBuffer()
    /// `[tokens, intermediate]`
    private(set) var intermediate = FloatBuffer()
    /// One head's attention: `[longest sequence, longest sequence]`.
    private(set) var scores = FloatBuffer()

    /// Makes room for a batch.
    mutating func reserve(_ batch: TokenBatch, configuration: BertConfiguration) {
        hidden.reserve(batch.tokenCount * configuration.hiddenSize)
        projected.reserve(batch.tokenCount * configuration.hiddenSize)
        queryKeyValue.reserve(batch.tokenCount * 3 * configuration.hiddenSize)
        intermediate.reserve(batch.tokenCount * configuration.intermediateSize)
        scores.reserve(batch.longestSequence * batch.longestSequence)
    }
}

/// Uninitialised floats at a cache line's boundary, owned and freed here.
@safe struct FloatBuffer: ~Copyable {
    private(set) var base: UnsafeMutablePointer<Float>
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

    private static func allocate(_ count: Int) -> UnsafeMutablePointer<Float> {
        unsafe UnsafeMutableRawPointer.allocate(byteCount: count * MemoryLayout<Float>.stride, alignment: 64)
            .bindMemory(to: Float.self, capacity: count)
    }
}
