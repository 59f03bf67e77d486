import Foundation
import Retrieval
import TestSupport
import Testing

/// A judged set on disk, and what its words lead the lexical lane to.
private struct JudgedSet {
    let folder: TemporaryFolder

    static let corpus = """
        {"_id": "d1", "title": "Quota", "text": "disk quota exceeded on the volume"}
        {"_id": "d2", "text": "certificate expired yesterday"}
        {"_id": "d3", "title": "", "text": "promote the standby server"}
        """
    static let queries = """
        {"_id": "q1", "text": "quota exceeded"}
        {"_id": "q2", "text": "expired certificate", "metadata": {"lang": "en"}}
        {"_id": "q3", "text": "promote"}
        {"_id": "q4", "text": "nobody judged this"}
        """
    static let qrels = "query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\td2\t0\nq2\td2\t1\nq3\td2\t1\n"

    /// BEIR's layout, with some files replaced or left out.
    init(_ files: [String: String?] = [:]) throws {
        folder = try TemporaryFolder()
        var all: [String: String?] = [
            "corpus.jsonl": Self.corpus, "queries.jsonl": Self.queries, "qrels/test.tsv": Self.qrels,
        ]
        all.merge(files) { $1 }
        for (path, text) in all { if let text { try folder.write(text, to: path) } }
    }

    func evaluate(split: String = "test") throws -> Evaluator.Report {
        let cache = folder.url.appending(path: "cache")
        return try Evaluator(embedder: Handbook.tiny.get(), cache: cache, report: { _ in })
            .evaluate(EvaluationSet(in: folder.url, split: split))
    }
}

@Suite struct EvaluationTests {
    /// The words find d1 for q1, d2 for q2 and d3 for q3, for which d2 was judged.
    private func expectThreeQueries(_ report: Evaluator.Report) {
        #expect((report.queryCount, report.rowCount) == (3, 3))
        #expect(abs(report.lexical.mean.ndcgAt10 - 2.0 / 3) < 1e-12)
        #expect(abs(report.lexical.mean.recallAt100 - 2.0 / 3) < 1e-12)
        #expect(abs(report.lexical.mean.mrr - 2.0 / 3) < 1e-12)
        #expect(report.dense.mean.recallAt10 == 1, "the dense lane ranks every row")
        #expect(report.fused.mean.recallAt10 == 1)
    }

    @Test func aSetInBEIRsLayoutIsMeasured() throws { expectThreeQueries(try JudgedSet().evaluate()) }

    @Test func linesMayEndAsWindowsEndsThem() throws {
        func windows(_ text: String) -> String { text.replacing("\n", with: "\r\n") + "\r\n" }
        expectThreeQueries(
            try JudgedSet([
                "corpus.jsonl": windows(JudgedSet.corpus), "queries.jsonl": windows(JudgedSet.queries),
                "qrels/test.tsv": windows(JudgedSet.qrels),
            ]).evaluate())
    }

    @Test func judgementsWithoutAHeaderKeepTheirFirstLine() throws {
        let qrels = JudgedSet.qrels.split(separator: "\n").dropFirst().joined(separator: "\n")
        expectThreeQueries(try JudgedSet(["qrels/test.tsv": qrels]).evaluate())
    }

    @Test func measuringAgainGivesTheSameNumbers() throws {
        let set = try JudgedSet()
        let (first, second) = (try set.evaluate(), try set.evaluate())
        for (one, other) in [(first.fused, second.fused), (first.dense, second.dense), (first.lexical, second.lexical)]
        {
            #expect(one == other)
        }
        let cached = try FileManager.default.contentsOfDirectory(atPath: set.folder.url.appending(path: "cache").path)
        #expect(cached.count == 2, "the texts and the queries")
    }

    @Test(arguments: ["", "broken"]) func aDamagedCacheIsEmbeddedAnew(_ bytes: String) throws {
        let set = try JudgedSet()
        let first = try set.evaluate()
        let cache = set.folder.url.appending(path: "cache")
        let files = try FileManager.default.subpathsOfDirectory(atPath: cache.path).filter { $0.contains(".") }
        #expect(files.count == 2)
        for name in files { try Data(bytes.utf8).write(to: cache.appending(path: name)) }
        #expect(try set.evaluate().fused == first.fused)
    }

    @Test func aHandbookIsJudgedBySections() throws {
        let folder = try TemporaryFolder()
        let long = (0..<40).map { "Sentence \($0) speaks of replication and of nothing else at all." }.joined(
            separator: "\n\n")
        try folder.write(
            page("id: pg/ha", "# Failover\n\nPromote the standby.\n\n## Replication\n\n\(long)"), to: "docs/ha.md")
        try folder.write("# Quota\n\nThe disk quota was exceeded.", to: "docs/quota.md")
        try folder.write(
            "{\"_id\": \"q1\", \"text\": \"replication\"}\n{\"_id\": \"q2\", \"text\": \"disk quota\"}\n",
            to: "judgements/queries.jsonl")
        try folder.write(
            "query-id\tcorpus-id\tscore\nq1\tpg/ha#replication\t2\nq2\tquota#quota\t1\n", to: "judgements/qrels/dev.tsv"
        )
        let report = try Evaluator(
            embedder: Handbook.tiny.get(), cache: folder.url.appending(path: "cache"), report: { _ in }
        ).evaluate(EvaluationSet(in: folder.url, split: "dev"))
        #expect(report.queryCount == 2)
        #expect(report.rowCount > 3, "the long section has several chunks")
        #expect(report.lexical.mean.ndcgAt10 == 1, "and is one result")
        #expect(report.lexical.mean.recallAt10 == 1)
    }

    /// A file that cannot be read, and where the complaint points.
    static let malformed: [(path: String, text: String?, line: Int?)] = [
        ("qrels/test.tsv", "query-id\tcorpus-id\tscore\nq1\td1\t1\nq1 d2 1\n", 3),
        ("qrels/test.tsv", "query-id\tcorpus-id\tscore\nq1\td1\t1.5\n", 2),
        ("qrels/test.tsv", "q1 0 d1 1\n", 1),
        ("qrels/test.tsv", nil, nil),
        ("queries.jsonl", "{\"_id\": \"q1\", \"text\": \"x\"}\n\n{\"_id\": \"q2\"}\n", 3),
        ("queries.jsonl", "{\"_id\": 1, \"text\": \"x\"}\n", 1),
        ("queries.jsonl", nil, nil),
        ("corpus.jsonl", "{\"_id\": \"d1\", \"text\": \"x\"}\nnot JSON\n", 2),
        ("corpus.jsonl", "[]\n", 1),
        ("corpus.jsonl", nil, nil),
    ]

    @Test(arguments: malformed.indices) func aMalformedFileIsNamedWithItsLine(_ index: Int) throws {
        let (path, text, line) = Self.malformed[index]
        let set = try JudgedSet([path: text])
        let error = #expect(throws: RetrievalError.self) { try set.evaluate() }
        guard case .badSet(let named, let place, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(named == set.folder.url.appending(path: path).path)
        #expect(place == line)
        #expect(error?.description.contains("CodingKeys") == false)
    }

    @Test func anUnknownSplitNamesThoseThereAre() throws {
        let set = try JudgedSet(["qrels/dev.tsv": JudgedSet.qrels])
        let error = #expect(throws: RetrievalError.self) { try set.evaluate(split: "train") }
        #expect(error?.description.contains("dev, test") ?? false, "\(String(describing: error))")
    }

    @Test(arguments: [
        ("qrels/test.tsv", "query-id\tcorpus-id\tscore\nq1\td1\t0\n"), ("qrels/test.tsv", ""), ("queries.jsonl", ""),
        ("corpus.jsonl", "\n"), ("qrels/test.tsv", "query-id\tcorpus-id\tscore\nq9\td1\t1\n"),
    ])
    func aSetWithNothingToJudgeIsRefused(_ path: String, _ text: String) throws {
        #expect(throws: RetrievalError.self) { try JudgedSet([path: text]).evaluate() }
    }

    @Test func bytesThatAreNotUTF8AreNamedWithTheirLine() throws {
        let set = try JudgedSet()
        try set.folder.write(
            Array("{\"_id\": \"q\", \"text\": \"x\"}\n{\"_id\": \"".utf8) + [0xFF], to: "queries.jsonl")
        let path = set.folder.url.appending(path: "queries.jsonl").path
        #expect(throws: RetrievalError.badSet(path: path, line: 2, detail: "is not UTF-8")) { try set.evaluate() }
    }
}

@Suite struct RunTests {
    private func run(_ text: String) throws -> TRECRun {
        let folder = try TemporaryFolder()
        try folder.write(text, to: "a.trec")
        return try TRECRun(reading: folder.url.appending(path: "a.trec"))
    }

    /// As trec_eval ranks: by score, whatever the rank says, equal scores from the last unit.
    @Test func aRunIsRankedByItsScores() throws {
        let run = try run("q1 Q0 a 1 0.5 x\r\nq1\tQ0\tc\t2\t2e0\tx\n\nq1 Q0 b 3 0.5 x\nq2 Q0 a 1 -1 x")
        #expect(run.rankings["q1"]?.map(\.unit) == ["c", "b", "a"])
        #expect(run.rankings["q2"]?.map(\.unit) == ["a"])
    }

    @Test(arguments: ["q1 Q0 a 1 0.5", "q1 Q0 a 1 high x", "q1 Q0 a 1 nan x", "q1 Q0 a 1 0.5 x y"])
    func aLineThatIsNoResultIsNamed(_ line: String) throws {
        let error = #expect(throws: RetrievalError.self) { try run("q0 Q0 a 1 1 x\n\(line)\n") }
        #expect(error?.description.contains("a.trec:2: expected query, Q0, unit, rank, score and tag") ?? false)
    }

    @Test func aRunReadAgainIsWhatWasWritten() throws {
        let set = try JudgedSet()
        let report = try set.evaluate()
        let file = set.folder.url.appending(path: "b.trec")
        try report.run.write(to: file)
        let read = try TRECRun(reading: file)
        #expect(read.rankings.mapValues { $0.map(\.unit) } == report.run.rankings.mapValues { $0.map(\.unit) })
        let comparison = report.compared(with: read)
        #expect((comparison.difference, comparison.low, comparison.high) == (0, 0, 0))
        #expect((comparison.queryCount, comparison.betterCount, comparison.worseCount) == (3, 0, 0))
    }

    /// The other run answers nothing, or every query.
    @Test func aComparisonCountsTheQueries() throws {
        let report = try JudgedSet().evaluate()
        let nothing = report.compared(with: TRECRun())
        #expect(abs(nothing.difference - report.fused.mean.ndcgAt10) < 1e-12)
        #expect((nothing.betterCount, nothing.worseCount) == (3, 0))
        let perfect = report.compared(with: try run("q1 Q0 d1 1 1 x\nq2 Q0 d2 1 1 x\nq3 Q0 d2 1 1 x\n"))
        #expect(abs(perfect.difference - (report.fused.mean.ndcgAt10 - 1)) < 1e-12)
        #expect(perfect.betterCount == 0 && perfect.worseCount > 0)
        #expect(perfect.low <= perfect.difference && perfect.difference <= perfect.high)
    }
}

@Suite struct FusionFitTests {
    @Test func everyPairIsTriedAndEverySetHeldOutOnce() throws {
        let sets = try (0..<2).map { _ in try JudgedSet() }
        let cache = sets[0].folder.url.appending(path: "cache")
        let evaluator = Evaluator(embedder: try Handbook.tiny.get(), cache: cache, report: { _ in })
        let judged = try sets.map { try EvaluationSet(in: $0.folder.url, split: "test") }
        let report = try FusionFit(evaluator: evaluator).report(on: judged) { _, _ in }
        #expect(report.trials.count == FusionFit.lexicalWeights.count * FusionFit.feedbackWeights.count)
        #expect(report.heldOut.count == 2)
        let gains = report.trials.map { $0.ndcgAt10.reduce(0, +) }
        #expect(zip(gains, gains.dropFirst()).allSatisfy { $0 >= $1 - 1e-9 })
        #expect(try report.current.ndcgAt10[0] == evaluator.evaluate(judged[0]).fused.mean.ndcgAt10)
        let alone = try FusionFit(evaluator: evaluator).report(on: [judged[0]]) { _, _ in }
        #expect(alone.heldOut.isEmpty)
    }
}

@Suite struct LatencyBenchmarkTests {
    private func run(_ handbook: Handbook, limit: Int = 10) throws -> LatencyBenchmark.Report {
        try LatencyBenchmark(searcher: handbook.searcher(), filters: Handbook.everyone, limit: limit)
            .run(["disk quota", "promote", "words"]) { _ in }
    }

    @Test func everyStageIsMeasuredAndEqualResultsHaveEqualChecksums() throws {
        let handbook = try Handbook(["a.md": "# A\n\nwords of quota", "b.md": "# B\n\npromote"]).ingested()
        let report = try run(handbook)
        #expect(report.queryCount == 3)
        #expect(
            report.stages.map(\.name) == ["encode", "snapshot", "filter", "dense", "lexical", "join", "fuse", "fetch"])
        #expect(report.total.p50 <= report.total.p95 && report.total.p95 <= report.total.p99)
        #expect(try run(handbook).checksum == report.checksum)
        #expect(try run(handbook, limit: 1).checksum != report.checksum)
    }
}
