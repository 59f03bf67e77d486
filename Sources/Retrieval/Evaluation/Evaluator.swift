package import Foundation
import IndexFiles
import LexicalSearch
import LinearAlgebra
package import TextEmbedding
import VectorSearch

/// Measures the lanes and their fusion on a judged set, without an ingest before it.
package struct Evaluator {
    private let encoder: TextEncoder
    private let cache: URL
    private let options: FusionOptions
    private let report: (IngestProgress) -> Void

    /// Texts of one cache file: what an interrupted run has to embed again at most.
    private static let cachedTextCount = 512
    private static let rankingDepth = 100

    /// - Parameter cache: the folder where embeddings are kept between runs, made where it is missing.
    package init(
        encoder: TextEncoder, cache: URL, options: FusionOptions = FusionOptions(),
        report: @escaping (IngestProgress) -> Void
    ) {
        self.encoder = encoder
        self.cache = cache
        self.options = options
        self.report = report
    }

    package struct Report: Sendable {
        package let queryCount: Int
        package let rowCount: Int
        package let fused: EvaluatedLane
        package let dense: EvaluatedLane
        package let lexical: EvaluatedLane
    }

    package func evaluate(_ set: EvaluationSet) throws -> Report {
        let lanes = try lanes(for: set)
        let queries = try embeddings(of: set.queries.map(\.text), as: .query)
        var metrics: (fused: [RankingMetrics], dense: [RankingMetrics], lexical: [RankingMetrics]) = ([], [], [])
        var widened = options
        // Several chunks of one section are one result: each lane has to propose more rows than results are judged.
        widened.candidateCount = max(options.candidateCount, 3 * Self.rankingDepth)
        for (index, query) in set.queries.enumerated() {
            var timings = StageTimings()
            let terms = LexicalQuery(query.text, analyser: Analyser())
            let scores = try lanes.score(Array(queries[row: index]), terms, in: nil, options: widened, &timings)
            func judge(_ rows: [Int]) -> RankingMetrics {
                RankingMetrics(of: distinctUnits(rows, of: set), judgements: query.judgements)
            }
            metrics.fused.append(judge(fused(scores, options: widened).map(\.row)))
            metrics.dense.append(judge(scores.denseOrder))
            metrics.lexical.append(judge(scores.lexicalOrder))
        }
        return Report(
            queryCount: set.queries.count, rowCount: set.rows.count, fused: EvaluatedLane(of: metrics.fused),
            dense: EvaluatedLane(of: metrics.dense), lexical: EvaluatedLane(of: metrics.lexical))
    }

    private func distinctUnits(_ rows: [Int], of set: EvaluationSet) -> [String] {
        var seen: Set<String> = []
        return rows.map { set.rows[$0].unit }.filter { seen.insert($0).inserted }
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
        let texts = set.rows.map {
            embeddingText(title: $0.title, headingPath: $0.headingPath, searchText: $0.text)
        }
        try VectorIndex.write(
            embeddings(of: texts, as: .document), fingerprint: encoder.fingerprint.key,
            to: folder.appending(path: "vectors"))
        return Lanes(
            vectors: try VectorIndex(opening: folder.appending(path: "vectors")),
            lexical: try LexicalIndex(opening: folder.appending(path: "postings")))
    }

    /// `[texts, dimension]`, from the cache where the same texts were embedded by the same model before.
    private func embeddings(of texts: [String], as role: TextEncoder.Role) throws -> Matrix {
        try FileManager.default.createDirectory(at: cache, withIntermediateDirectories: true)
        var values: [Float] = []
        values.reserveCapacity(texts.count * encoder.dimension)
        for start in stride(from: 0, to: texts.count, by: Self.cachedTextCount) {
            report(.embedding(done: start, of: texts.count))
            let part = Array(texts[start..<min(start + Self.cachedTextCount, texts.count)])
            values += try cachedEmbeddings(of: part, as: role).values
        }
        report(.embedding(done: texts.count, of: texts.count))
        return Matrix(rowCount: texts.count, columnCount: encoder.dimension, values: values)
    }

    private func cachedEmbeddings(of texts: [String], as role: TextEncoder.Role) throws -> Matrix {
        let fingerprint = encoder.fingerprint.key
        let key = ([fingerprint, "\(role)"] + texts).joined(separator: "\u{0}")
        let file = cache.appending(path: String(checksum(of: Array(key.utf8)), radix: 16) + ".docketindex")
        if let cached = try? VectorIndex(opening: file), cached.rowCount == texts.count,
            cached.fingerprint == fingerprint, cached.dimension == encoder.dimension
        {
            return cached.matrix()
        }
        try VectorIndex.write(encoder.embeddings(of: texts, as: role), fingerprint: fingerprint, to: file)
        // What the file holds, scaled and rounded, so that the next run measures the very same vectors.
        return try VectorIndex(opening: file).matrix()
    }
}
