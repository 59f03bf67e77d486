package import Foundation
import IndexFiles
import LexicalSearch
import LinearAlgebra
import TextEmbedding
import VectorSearch

/// Measures the lanes and their fusion on a judged set, without an ingest before it.
package struct Evaluator {
    private let embedder: Embedder
    private let cache: URL
    private let options: FusionOptions
    private let report: (IngestProgress) -> Void

    /// - Parameter cache: the folder where embeddings are kept between runs, made where it is missing.
    package init(
        embedder: Embedder, cache: URL, options: FusionOptions? = nil,
        report: @escaping (IngestProgress) -> Void
    ) {
        self.embedder = embedder
        self.cache = cache
        self.options = options ?? FusionOptions(for: embedder)
        self.report = report
    }

    /// The fingerprints of the models whose embeddings `cache` keeps.
    package static func fingerprints(in cache: URL) -> [String] { EmbeddingCache.fingerprints(in: cache) }

    package func evaluate(_ set: EvaluationSet) throws -> Report {
        try Report(of: candidates(of: set), options: options)
    }

    /// What the lanes propose for each query of a set, ready to be fused in any number of ways.
    func candidates(of set: EvaluationSet) throws -> JudgedCandidates {
        removeOldFiles()
        return try fitted(to: set).proposed(for: set)
    }

    /// With an embedder fitted to the set's own texts, where it is one that has to be.
    private func fitted(to set: EvaluationSet) throws -> Evaluator {
        guard embedder.latent != nil else { return self }
        report(.fitting)
        let fit = try LatentEmbedder(fittedOn: set.rows.map(\.embeddingText))
        return Evaluator(embedder: .latent(fit), cache: cache, options: options, report: report)
    }

    private func proposed(for set: EvaluationSet) throws -> JudgedCandidates {
        let lanes = try lanes(for: set)
        let queries = try embeddings(of: set.queries.map(\.text), as: .query, for: set)
        var widened = options
        // Several chunks of one section are one result: each lane has to propose more rows than results are judged.
        widened.candidateCount = max(options.candidateCount, 3 * JudgedCandidates.rankingDepth)
        var timings = StageTimings()
        let scores = try set.queries.enumerated().map { index, query in
            let terms = LexicalQuery(query.text, analyser: Analyser())
            return try lanes.score(Array(queries[row: index]), terms, in: nil, options: widened, &timings)
        }
        return JudgedCandidates(set: set, lanes: lanes, scores: scores)
    }

    private func lanes(for set: EvaluationSet) throws -> Lanes {
        let folder = FileManager.default.temporaryDirectory.appending(path: "docket-eval-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        // The mapped files stay readable after their names are gone.
        defer { try? FileManager.default.removeItem(at: folder) }
        var postings = LexicalIndexBuilder(analyser: Analyser())
        for row in set.rows {
            let headings = row.headingPath.joined(separator: "\n")
            postings.append(LexicalFields(title: row.title, headings: headings, body: row.text))
        }
        try postings.write(to: folder.appending(path: "postings"))
        let texts = set.rows.map(\.embeddingText)
        try VectorIndex.write(
            embeddings(of: texts, as: .document, for: set), fingerprint: embedder.fingerprint,
            to: folder.appending(path: "vectors"))
        return Lanes(
            vectors: VectorSnapshot(try VectorIndex(opening: folder.appending(path: "vectors"))),
            lexical: LexicalSnapshot(try LexicalIndex(opening: folder.appending(path: "postings"))))
    }

    /// `[texts, dimension]`. What is fitted anew in every run is not worth keeping. Each set has its own folders, so
    /// that measuring one costs nothing of another's.
    private func embeddings(of texts: [String], as role: TextEncoder.Role, for set: EvaluationSet) throws -> Matrix {
        if embedder.latent != nil { return try embedder.embeddings(of: texts, as: role) }
        // The texts are the same for every split.
        let split = role == .query ? set.split : ""
        let key = [embedder.fingerprint, set.folder.path, "\(role)", split].joined(separator: "\u{0}")
        let name = String(checksum(of: Array(key.utf8)), radix: 16)
        return try EmbeddingCache(in: cache.appending(path: name), embedder: embedder, role: role)
            .embeddings(of: texts) { done, total in report(.embedding(done: done, of: total)) }
    }

    /// Files of older versions, which kept all sets' in one folder, are read by nobody.
    private func removeOldFiles() {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: cache.path)) ?? []
        for name in names where name.hasSuffix(EmbeddingCache.fileExtension) {
            try? FileManager.default.removeItem(at: cache.appending(path: name))
        }
    }
}

extension EvaluationSet.Row {
    fileprivate var embeddingText: String {
        Retrieval.embeddingText(title: title, headingPath: headingPath, searchText: text)
    }
}
