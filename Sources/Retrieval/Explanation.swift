import IndexFiles
import VectorSearch

/// Why a passage ranks where it does.
package struct PassageExplanation: Sendable, Equatable {
    /// What adds up to the fused score: the cosine, the words, and what the fusion counts beside them.
    package let parts: [Part]
    /// The terms of the query that the passage has, the one that gives most first; their scores add up to BM25.
    package let terms: [MatchedTerm]
    package let filters: [FilterReason]

    package struct Part: Sendable, Equatable {
        package let name: String
        package let value: Float
    }

    /// The identifiers among the terms.
    package var identifiers: [String] { terms.filter(\.isIdentifier).map(\.text) }
}

/// A term that query and passage share.
package struct MatchedTerm: Sendable, Equatable {
    /// A stem, or an identifier as it is.
    package let text: String
    /// The first word of the query that it stems from.
    package let word: String
    package let isIdentifier: Bool
    /// How much the query asks for it; once is 1.
    package let weight: Float
    /// How telling it is: ln of about how many passages there are to one that has it.
    package let inverseDocumentFrequency: Float
    /// What it gives to BM25.
    package let score: Float
    package let fields: [Field]

    package enum Field: String, Sendable, CaseIterable {
        case title, headings, body
    }
}

/// What a search looked at.
package struct SearchCoverage: Sendable, Equatable {
    /// What passed the filters.
    package private(set) var documentCount = 0
    package private(set) var chunkCount = 0
    /// How many rows each lane proposed.
    package private(set) var candidateCounts = ByLane(dense: 0, lexical: 0)
    /// Names in the filters that no page has which the reader may see; looked for where the filters refuse them.
    package internal(set) var unknown: [UnknownName] = []
    /// What the vectors are of.
    package let fingerprint: String
    /// What the reader may see in all; only where an explanation was asked for.
    package internal(set) var visible: Visible?

    package struct Visible: Sendable, Equatable {
        package let documentCount: Int
        package let chunkCount: Int
    }

    /// Of a search for nothing.
    init(of snapshot: IndexSnapshot) { fingerprint = snapshot.lanes.vectors.fingerprint }

    init(of snapshot: IndexSnapshot, _ allowed: FilteredRows, _ candidates: LaneScores) {
        self.init(of: snapshot)
        documentCount = allowed.documentCount
        chunkCount = allowed.chunkCount
        candidateCounts = ByLane(dense: candidates.denseOrder.count, lexical: candidates.lexicalOrder.count)
        unknown = allowed.unknown
    }
}
