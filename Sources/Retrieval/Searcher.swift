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
    /// What was chosen; where that is fitted on the pages, each snapshot has its own fit.
    private let chosen: Embedder
    private let indexes: URL
    private let reranker: Reranker?
    private let options: FusionOptions
    private let analyser = Analyser()
    private let snapshot: Mutex<IndexSnapshot>
    private let open: OpenSegments

    /// Each further attempt needs another change between its ranking and its fetching, or while the index is opened.
    private static let attemptCountMax = 4

    /// - Parameter reranker: orders the best passages anew, where there is one.
    /// - Throws: `RetrievalError.otherModel` when the generation's vectors are of another model than `embedder`.
    package init(
        store: Store, embedder: Embedder, indexes: URL, reranker: Reranker? = nil, options: FusionOptions? = nil
    ) throws {
        self.store = store
        chosen = embedder
        self.indexes = indexes
        self.reranker = reranker
        self.options = options ?? FusionOptions(for: embedder)
        open = OpenSegments()
        let first = try Self.openSnapshot(of: store, in: indexes, sharing: open)
        try Self.checkModel(of: first, embedder)
        snapshot = Mutex(first)
    }

    /// What embeds queries: of a generation fitted on its pages, the one that was opened last.
    package var embedder: Embedder { snapshot.withLock { $0 }.embedder(chosen) }

    /// The passages that fit `text` best and pass the filters, best first. An empty query finds nothing.
    package func search(_ text: String, filters: SearchFilters, limit: Int) throws -> SearchResult {
        try search(try query(text), filters: filters, limit: limit)
    }

    /// A text made ready to be searched, perhaps several times with different filters.
    package func query(_ text: String) throws -> SearchQuery {
        var timings = StageTimings()
        let embedder = embedder
        guard !text.allSatisfy(\.isWhitespace) else {
            return SearchQuery(
                text: text, vector: nil, fingerprint: embedder.fingerprint, terms: nil, timings: timings)
        }
        let vector = try timings.measure("encode") { try self.vector(of: text, by: embedder) }
        return SearchQuery(
            text: text, vector: vector, fingerprint: embedder.fingerprint,
            terms: LexicalQuery(text, analyser: analyser), timings: timings)
    }

    private func vector(of text: String, by embedder: Embedder) throws -> [Float] {
        Array(try embedder.embeddings(of: [text], as: .query)[row: 0])
    }

    /// The query's vector among those of a snapshot: made again where that is of another fit than the query's.
    private func vector(
        of query: SearchQuery, in snapshot: IndexSnapshot, _ timings: inout StageTimings
    ) throws -> [Float]? {
        guard let vector = query.vector else { return nil }
        let embedder = snapshot.embedder(chosen)
        guard query.fingerprint != embedder.fingerprint else { return vector }
        return try timings.measure("encode") { try self.vector(of: query.text, by: embedder) }
    }

    /// As `search(_:filters:limit:)`; the timings begin with the query's own.
    ///
    /// Where pages that it ranked were removed before their words were fetched, it searches again, so that the result
    /// has no hole.
    ///
    /// - Parameter explains: whether each passage says why it ranks where it does, for which its words are read again.
    package func search(
        _ query: SearchQuery, filters: SearchFilters, limit: Int, explains: Bool = false
    ) throws -> SearchResult {
        var timings = query.timings
        var attemptCount = 0
        while true {
            attemptCount += 1
            let snapshot = try timings.measure("snapshot") { try currentSnapshot() }
            guard limit > 0, let vector = try vector(of: query, in: snapshot, &timings), let terms = query.terms
            else { return result([], of: snapshot, filters.audiences, SearchCoverage(of: snapshot), timings) }
            let allowed = try timings.measure("filter") { try snapshot.rows(matching: filters) }
            let depth = reranker == nil ? limit : max(limit, Reranker.depth)
            let ranking = try rank(
                vector, terms, in: snapshot, allowed: allowed.rows, filters.audiences, limit: depth, &timings)
            let ranked = ranking.rows.prefix(depth)
            let passages = try timings.measure("fetch") {
                try self.passages(ranked, of: snapshot, filters.audiences, ranking.candidates)
            }
            guard passages.count < ranked.count, attemptCount < Self.attemptCountMax,
                try store.servingState() != snapshot.state
            else {
                let best = try reranked(passages, for: query, &timings).prefix(limit)
                let coverage = SearchCoverage(of: snapshot, allowed, ranking.candidates)
                let found = result(Array(best), of: snapshot, filters.audiences, coverage, timings)
                guard explains else { return found }
                return try explained(found, Explainer(ranking, of: query.text, in: snapshot, filters, analyser))
            }
        }
    }

    private func explained(_ result: SearchResult, _ make: @autoclosure () throws -> Explainer) throws
        -> SearchResult
    {
        var (result, timings) = (result, result.timings)
        try timings.measure("explain") {
            let explainer = try make()
            for place in result.passages.indices {
                result.passages[place].explanation = explainer.explanation(of: result.passages[place])
            }
            result.coverage.visible = explainer.visible
        }
        result.timings = timings
        return result
    }

    private func reranked(
        _ passages: [Passage], for query: SearchQuery, _ timings: inout StageTimings
    ) throws -> [Passage] {
        guard let reranker else { return passages }
        return try timings.measure("rerank") { try reranker.reranked(passages, for: query.text) }
    }

    private func result(
        _ passages: [Passage], of snapshot: IndexSnapshot, _ audiences: [String], _ coverage: SearchCoverage,
        _ timings: StageTimings
    ) -> SearchResult {
        SearchResult(
            generation: snapshot.state.generation, passages: passages,
            rareTermScore: snapshot.lanes(for: audiences).lexical.rarestTermWeight, coverage: coverage, timings: timings
        )
    }

    private func rank(
        _ vector: [Float], _ terms: LexicalQuery, in snapshot: IndexSnapshot, allowed: RowSet, _ audiences: [String],
        limit: Int, _ timings: inout StageTimings
    ) throws -> FusedRanking {
        var options = options
        options.candidateCount = max(options.candidateCount, limit)
        return try snapshot.ranked(vector, terms, in: allowed, of: audiences, options: options, &timings)
    }

    /// Fetches the words; a chunk removed between ranking and fetching, or narrowed to other readers, is left out.
    private func passages(
        _ ranked: ArraySlice<FusedRow>, of snapshot: IndexSnapshot, _ audiences: [String], _ candidates: LaneScores
    ) throws -> [Passage] {
        let chunks = try store.chunks(ranked.map { snapshot.rows.chunks[$0.row] }, of: audiences)
        let byID = Dictionary(uniqueKeysWithValues: chunks.map { ($0.id, $0) })
        var passages: [Passage] = []
        for ranking in ranked {
            guard let chunk = byID[snapshot.rows.chunks[ranking.row]],
                let document = snapshot.document(ofRow: ranking.row)
            else { continue }
            passages.append(
                Passage(
                    rank: passages.count + 1, chunk: chunk, document: document, scores: ranking.scores,
                    ranks: candidates.ranks(of: ranking.row), row: ranking.row))
        }
        return passages
    }

    /// Makes sure that nothing in the index is damaged: what a search checks as it goes.
    ///
    /// - Throws: `RetrievalError.unusableIndex`
    package func check() throws { try currentSnapshot().check() }

    private func currentSnapshot() throws -> IndexSnapshot {
        let state = try store.servingState()
        let held = snapshot.withLock { $0 }
        if held.state == state { return held }
        let fresh = try Self.openSnapshot(of: store, in: indexes, sharing: open)
        try Self.checkModel(of: fresh, chosen)
        snapshot.withLock { $0 = fresh }
        return fresh
    }

    /// Opens the serving generation; again if it was replaced, and its files removed, in between.
    private static func openSnapshot(
        of store: Store, in indexes: URL, sharing open: OpenSegments
    ) throws -> IndexSnapshot {
        var attemptCount = 0
        while true {
            attemptCount += 1
            let before = try store.servingState()
            do {
                return try IndexSnapshot(of: store, in: indexes, sharing: open)
            } catch RetrievalError.unusableIndex(let detail) {
                guard attemptCount < attemptCountMax, try store.servingState() != before else {
                    throw RetrievalError.unusableIndex(detail: detail)
                }
            }
        }
    }

    private static func checkModel(of snapshot: IndexSnapshot, _ embedder: Embedder) throws {
        guard embedder.isKin(of: snapshot.lanes.vectors.fingerprint) else {
            throw RetrievalError.otherModel(
                got: embedder.fingerprint, expected: snapshot.lanes.vectors.fingerprint)
        }
    }
}

extension IndexSnapshot {
    /// What embeds queries for this snapshot: the chosen embedder, or the fit that its vectors are of.
    fileprivate func embedder(_ chosen: Embedder) -> Embedder { latent.map(Embedder.latent) ?? chosen }
}
