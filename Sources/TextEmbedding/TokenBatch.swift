/// What one text, or a pair of texts, becomes for a model: `[tokens]`.
struct TokenSequence: Sendable {
    let ids: [Int32]
    /// Where the tokens of the second text begin, whose type is 1; those before have type 0.
    let secondStart: Int

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
    /// Which text of a pair each token belongs to; all 0 for a single text.
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
        types += repeatElement(0, count: sequence.secondStart)
        types += repeatElement(1, count: sequence.ids.count - sequence.secondStart)
    }
}
