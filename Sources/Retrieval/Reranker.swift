import Storage
package import TextEmbedding

/// Puts the best passages of a search into the order of a cross-encoder, which reads each of them beside the query.
package struct Reranker: Sendable {
    /// How many passages are read; each costs a pass through the model.
    static let depth = 32

    private let encoder: CrossEncoder

    package var description: String { encoder.description }

    package init(_ encoder: CrossEncoder) { self.encoder = encoder }

    /// The best passages by their scores, equal ones in the order in which they came; behind them those that are not read.
    func reranked(_ passages: [Passage], for query: String) throws -> [Passage] {
        let best = passages.prefix(Self.depth)
        let texts = best.map {
            embeddingText(
                title: $0.document.title, headingPath: $0.chunk.headingPath, searchText: $0.chunk.searchText)
        }
        let scores = try encoder.scores(of: texts, for: query)
        let order = scores.indices.sorted { (scores[$1], $0) < (scores[$0], $1) }
        let ordered = order.enumerated().map { rank, index in
            var passage = passages[index]
            passage.rank = rank + 1
            passage.scores.reranked = scores[index]
            return passage
        }
        return ordered + passages.dropFirst(Self.depth)
    }
}
