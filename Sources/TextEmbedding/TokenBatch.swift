/// Token sequences laid end to end without padding: `[tokens]`, and where each sequence lies.
struct TokenBatch: Sendable {
    private(set) var ids: [Int32] = []
    /// Which segment each token belongs to; all 0 for a single text.
    private(set) var types: [Int32] = []
    private(set) var sequences: [Range<Int>] = []

    var tokenCount: Int { ids.count }
    var longestSequence: Int { sequences.map(\.count).max() ?? 0 }

    /// - Precondition: `sequence` is not empty, and `types` has as many elements where given.
    mutating func append(_ sequence: [Int32], types sequenceTypes: [Int32]? = nil) {
        precondition(!sequence.isEmpty && sequenceTypes.map { $0.count == sequence.count } ?? true)
        sequences.append(ids.count..<ids.count + sequence.count)
        ids += sequence
        types += sequenceTypes ?? [Int32](repeating: 0, count: sequence.count)
    }
}
