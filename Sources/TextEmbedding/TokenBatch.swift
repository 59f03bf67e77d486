/// What one text, or a pair of texts, becomes for a model: `[tokens]`.
package struct TokenSequence: Sendable {
    package let ids: [Int32]
    /// Where the tokens of the second text begin.
    private let secondStart: Int

    /// Which text each token belongs to: 0 for the first and its special tokens, 1 for the second.
    package var types: [Int32] {
        [Int32](repeating: 0, count: secondStart) + [Int32](repeating: 1, count: ids.count - secondStart)
    }

    init(_ ids: [Int32]) {
        self.ids = ids
        secondStart = ids.count
    }

    init(pair ids: [Int32], secondStart: Int) {
        self.ids = ids
        self.secondStart = secondStart
    }
}

/// Token sequences laid end to end without padding: `[tokens]`, and where each sequence lies.
struct TokenBatch: Sendable {
    private(set) var ids: [Int32] = []
    /// Which text of its sequence each token belongs to.
    private(set) var types: [Int32] = []
    private(set) var sequences: [Range<Int>] = []

    var tokenCount: Int { ids.count }
    var longestSequence: Int { sequences.map(\.count).max() ?? 0 }

    init(_ sequences: [TokenSequence]) {
        for sequence in sequences { append(sequence) }
    }

    /// - Precondition: `sequence` is not empty.
    private mutating func append(_ sequence: TokenSequence) {
        precondition(!sequence.ids.isEmpty)
        sequences.append(ids.count..<ids.count + sequence.ids.count)
        ids += sequence.ids
        types += sequence.types
    }
}
