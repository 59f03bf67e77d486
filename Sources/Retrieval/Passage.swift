import LexicalSearch
package import Storage

/// A chunk that a search returned, with the scores that ranked it.
package struct Passage: Sendable, Equatable {
    /// From 1.
    package internal(set) var rank: Int
    package let chunk: StoredChunk
    package let document: StoredDocument
    package internal(set) var scores: PassageScores
    /// By lane, from 1, its place among the lane's own candidates; `nil` where the other lane alone proposed it.
    package let ranks: ByLane<Int?>
    /// In the generation's index.
    let row: Int
    /// Only where it was asked for.
    package internal(set) var explanation: PassageExplanation?
}

/// A value for each lane.
package struct ByLane<Value: Sendable & Equatable>: Sendable, Equatable {
    package let dense: Value
    package let lexical: Value
}

/// What each lane thought of a passage.
package struct PassageScores: Sendable, Equatable {
    /// Cosine similarity, -1 to 1.
    package let dense: Float
    /// BM25; 0 where no term matched.
    package let lexical: Float
    package let fused: Float
    /// What the cross-encoder said, higher is better; `nil` where none was asked.
    package internal(set) var reranked: Float?

    /// The one that the passage is ranked by.
    package var ranking: Float { reranked ?? fused }
}

/// A text as the lanes search it; nothing where it is blank.
package struct SearchQuery: Sendable {
    let text: String
    let vector: [Float]?
    /// What the vector can be compared with.
    let fingerprint: String
    let terms: LexicalQuery?
    /// What making it took; forgotten once it was counted.
    package var timings: StageTimings
}

/// What a search found, and how long each stage took.
package struct SearchResult: Sendable, Equatable {
    package let generation: Int
    package internal(set) var passages: [Passage]
    /// What one matched term is worth in the lexical lane when no other row has it: lexical scores of collections of
    /// different sizes are compared in this unit.
    package let rareTermScore: Float
    package internal(set) var coverage: SearchCoverage
    package internal(set) var timings: StageTimings
}

/// Milliseconds by stage, in the order of the walk.
package struct StageTimings: Sendable, Equatable {
    package private(set) var stages: [(name: String, milliseconds: Double)] = []

    package init() {}

    /// Runs `work` and counts its time under `name`.
    package mutating func measure<Result, Failure: Error>(
        _ name: String, _ work: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let start = ContinuousClock.now
        defer { stages.append((name, (ContinuousClock.now - start) / .milliseconds(1))) }
        return try work()
    }

    package mutating func append(_ other: StageTimings) { stages += other.stages }

    package var total: Double { stages.reduce(0) { $0 + $1.milliseconds } }

    package static func == (left: Self, right: Self) -> Bool {
        left.stages.elementsEqual(right.stages) { $0 == $1 }
    }
}
