package import Foundation
import IndexFiles
import LexicalSearch
import LinearAlgebra
package import Storage
import Synchronization
import TextEmbedding
import VectorSearch

/// Answers queries from the generation being served.
///
/// Each search runs on one immutable snapshot; a change in the database is seen by the next search in any process.
package final class Searcher: Sendable {
    package let store: Store
    package let embedder: Embedder
    private let indexes: URL
    private let options: FusionOptions
    private let analyser = Analyser()
    private let snapshot: Mutex<IndexSnapshot>

    /// Each further attempt needs another change between its ranking and its fetching.
    private static let attemptCountMax = 4

    /// - Throws: `RetrievalError.otherModel` when the generation's vectors are of another model than `embedder`.
    package init(store: Store, embedder: Embedder, indexes: URL, options: FusionOptions = FusionOptions()) throws {
        self.store = store
        self.embedder = embedder
        self.indexes = indexes
        self.options = options
        let first = try Self.openSnapshot(of: store, in: indexes)
        try Self.checkModel(of: first, embedder)
        snapshot = Mutex(first)
    }

    /// The passages that fit `text` best and pass the filters, best first. An empty query finds nothing.
    package func search(_ text: String, filters: SearchFilters, limit: Int) throws -> SearchResult {
        try search(try query(text), filters: filters, limit: limit)
    }

    /// A text made ready to be searched, perhaps several times with different filters.
    package func query(_ text: String) throws -> SearchQuery {
        var timings = StageTimings()
        guard !text.allSatisfy(\.isWhitespace) else { return SearchQuery(vector: nil, terms: nil, timings: timings) }
        let vector = try timings.measure("encode") { Array(try embedder.embeddings(of: [text], as: .query)[row: 0]) }
        return SearchQuery(vector: vector, terms: LexicalQuery(text, analyser: analyser), timings: timings)
    }

    /// As `search(_:filters:limit:)`; the timings begin with the query's own.
    ///
    /// Where pages that it ranked were removed before their words were fetched, it searches again, so that the result
    /// has no hole.
    package func search(_ query: SearchQuery, filters: SearchFilters, limit: Int) throws -> SearchResult {
        var timings = query.timings
        var attemptCount = 0
        while true {
            attemptCount += 1
            let snapshot = try timings.measure("snapshot") { try currentSnapshot() }
            guard limit > 0, let vector = query.vector, let terms = query.terms else {
                return result([], of: snapshot, timings)
            }
            let allowed = try timings.measure("filter") { try snapshot.rows(matching: filters) }
            let ranked = try rank(vector, terms, in: snapshot, allowed: allowed, limit: limit, &timings).prefix(limit)
            let passages = try timings.measure("fetch") { try self.passages(ranked, of: snapshot) }
            guard passages.count < ranked.count, attemptCount < Self.attemptCountMax,
                try store.servingState() != snapshot.state
            else { return result(passages, of: snapshot, timings) }
        }
    }

    private func result(_ passages: [Passage], of snapshot: IndexSnapshot, _ timings: StageTimings) -> SearchResult {
        SearchResult(
            generation: snapshot.state.generation, passages: passages,
            rareTermScore: snapshot.lanes.lexical.rarestTermWeight, timings: timings)
    }

    private func rank(
        _ vector: [Float], _ terms: LexicalQuery, in snapshot: IndexSnapshot, allowed: RowSet, limit: Int,
        _ timings: inout StageTimings
    ) throws -> [FusedRow] {
        var options = options
        options.candidateCount = max(options.candidateCount, limit)
        let scores = try snapshot.lanes.score(vector, terms, in: allowed, options: options, &timings)
        return timings.measure("fuse") { fused(scores, options: options) }
    }

    /// Fetches the words; a chunk removed between ranking and fetching is left out.
    private func passages(_ ranked: ArraySlice<FusedRow>, of snapshot: IndexSnapshot) throws -> [Passage] {
        let chunks = try store.chunks(ranked.map { snapshot.rows.chunks[$0.row] })
        let byID = Dictionary(uniqueKeysWithValues: chunks.map { ($0.id, $0) })
        var passages: [Passage] = []
        for ranking in ranked {
            guard let chunk = byID[snapshot.rows.chunks[ranking.row]],
                let document = snapshot.document(ofRow: ranking.row)
            else { continue }
            passages.append(
                Passage(rank: passages.count + 1, chunk: chunk, document: document, scores: ranking.scores))
        }
        return passages
    }

    private func currentSnapshot() throws -> IndexSnapshot {
        let state = try store.servingState()
        let held = snapshot.withLock { $0 }
        if held.state == state { return held }
        let fresh = try Self.openSnapshot(of: store, in: indexes)
        try Self.checkModel(of: fresh, embedder)
        snapshot.withLock { $0 = fresh }
        return fresh
    }

    /// Opens the serving generation; once more if it was replaced, and its files removed, in between.
    private static func openSnapshot(of store: Store, in indexes: URL) throws -> IndexSnapshot {
        let before = try store.servingState()
        do {
            return try IndexSnapshot(of: store, in: indexes)
        } catch RetrievalError.unusableIndex(let detail) {
            guard try store.servingState() != before else { throw RetrievalError.unusableIndex(detail: detail) }
            return try IndexSnapshot(of: store, in: indexes)
        }
    }

    private static func checkModel(of snapshot: IndexSnapshot, _ embedder: Embedder) throws {
        guard snapshot.lanes.vectors.fingerprint == embedder.fingerprint else {
            throw RetrievalError.otherModel(
                got: embedder.fingerprint, expected: snapshot.lanes.vectors.fingerprint)
        }
    }
}
