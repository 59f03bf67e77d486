import Foundation
import TestSupport
import Testing

@Suite struct MeasureRunTests {
    private static let set = [
        "set/corpus.jsonl": """
        {"_id": "d1", "title": "Quota", "text": "disk quota exceeded on the volume"}
        {"_id": "d2", "text": "certificate expired yesterday"}
        """,
        "set/queries.jsonl":
            "{\"_id\": \"q1\", \"text\": \"quota exceeded\"}\n{\"_id\": \"q2\", \"text\": \"expired certificate\"}",
        "set/qrels/test.tsv": "query-id\tcorpus-id\tscore\nq1\td1\t1\nq2\td2\t1\n",
    ]
    private static let metrics: Set = ["ndcg_at_10", "recall_at_10", "recall_at_100", "mrr"]

    @Test func evalHasItsContractAndNeedsNoIngest() throws {
        let desk = try Desk(Self.set)
        let run = try desk.docket("eval", "--set", "set", "--split", "test", "--json")
        #expect(run.status == 0 && run.errors == "")
        let object = try run.json()
        let lanes = ["fused", "dense", "lexical"]
        #expect(object.keys == Set(lanes).union(["over_dense", "over_lexical"]))
        for name in lanes {
            let lane = try object.object(name)
            #expect(lane.keys == Self.metrics.union(["ci95"]))
            let intervals = try lane.object("ci95")
            #expect(intervals.keys == Self.metrics)
            for metric in Self.metrics {
                let value = try lane.number(metric)
                let interval = try #require(intervals.members[metric] as? [Double])
                #expect(interval.count == 2 && interval[0] <= value && value <= interval[1])
                #expect((0...1).contains(value))
            }
        }
        #expect(try object.object("lexical").number("ndcg_at_10") == 1)
        for lane in ["dense", "lexical"] {
            let fused = try object.object("fused").number("ndcg_at_10")
            let difference = try fused - object.object(lane).number("ndcg_at_10")
            #expect(try abs(object.object("over_" + lane).number("ndcg_at_10") - difference) < 1e-5)
        }
        #expect(!FileManager.default.fileExists(atPath: desk.database.path), "no database is made")
        let cache = try FileManager.default.contentsOfDirectory(atPath: desk.url.appending(path: ".docket").path)
        #expect(cache.sorted() == ["evaluation", "models"], "embeddings are kept in the data directory")
        #expect(try desk.docket("eval", "--set", "set", "--split", "test", "--json").output == run.output)
        let text = try desk.docket("eval", "--set", "set", "--split", "test").output
        #expect(text.hasPrefix("set, test: 2 queries, 2 rows\n") && text.contains("\nlexical  1.000 [1.000, 1.000]"))
        #expect(
            text.contains("\n\nfused against dense: nDCG@10 ") && text.contains("\nfused against lexical: nDCG@10 "))
    }

    @Test func aRunIsKeptAndComparedWith() throws {
        let desk = try Desk(Self.set)
        let eval = ["eval", "--set", "set", "--split", "test"]
        #expect(try desk.run([Desk.binary.path] + eval + ["--run", "before.trec"]).status == 0)
        let lines = try String(contentsOf: desk.url.appending(path: "before.trec"), encoding: .utf8).split(
            separator: "\n")
        #expect(lines.count == 4 && lines.allSatisfy { $0.hasPrefix("q") && $0.hasSuffix(" docket") })
        let run = try desk.run([Desk.binary.path] + eval + ["--against", "before.trec", "--json"])
        let comparison = try run.json().object("against")
        #expect(comparison.keys == ["ndcg_at_10", "ci95", "queries", "better", "worse"])
        #expect(try comparison.number("ndcg_at_10") == 0 && comparison.number("queries") == 2)
        let text = try desk.run([Desk.binary.path] + eval + ["--against", "before.trec"]).output
        #expect(text.contains("against before.trec: nDCG@10 +0.000 [+0.000, +0.000]; 0 queries better"))
        try desk.folder.write("q1 Q0\n", to: "broken.trec")
        for (file, complaint) in [("none.trec", "none.trec"), ("broken.trec", "broken.trec:1: expected query, Q0")] {
            let refused = try desk.run([Desk.binary.path] + eval + ["--against", file])
            #expect(refused.status == 3 && refused.errors.contains(complaint), "\(refused.errors)")
        }
    }

    @Test func weightsAreTriedOnJudgedSets() throws {
        let desk = try Desk(Self.set)
        let run = try desk.docket("bench", "fusion", "--set", "set:test", "--set", "set:test", "--json")
        #expect(run.status == 0)
        #expect(try run.json().keys == ["better_lane", "current", "trials", "held_out"])
        let text = try desk.docket("bench", "fusion", "--set", "set:test").output
        #expect(text.contains("as built in, BM25 0.8, feedback 0.4"))
        #expect(try desk.docket("bench", "fusion", "--set", "set").status == 2)
    }

    @Test func aFloorThatIsNotReachedFailsTheCheck() throws {
        let desk = try Desk(Self.set)
        #expect(try desk.docket("eval", "--set", "set", "--split", "test", "--fail-under", "0.1").status == 0)
        try desk.folder.write("q1\tnone\t1\n", to: "set/qrels/hopeless.tsv")
        let run = try desk.docket("eval", "--set", "set", "--split", "hopeless", "--fail-under", "0.5")
        #expect(run.status == 5)
        #expect(run.output.contains("fused") && run.errors.contains("0.5"))
    }

    @Test(arguments: [
        (["--set", "none"], "none"), (["--set", "set", "--split", "dev"], "splits are test"),
        (["--set", "broken", "--split", "test"], "broken/queries.jsonl:2: "),
        (["--set", "handbook", "--split", "test"], "bad.md:1"),
    ])
    func aSetThatCannotBeReadIsBadInput(_ arguments: [String], complaint: String) throws {
        let desk = try Desk(Self.set)
        for (path, text) in Self.set { try desk.folder.write(text, to: path.replacing("set/", with: "broken/")) }
        try desk.folder.write("{\"_id\": \"q1\", \"text\": \"x\"}\n{}", to: "broken/queries.jsonl")
        for name in ["queries.jsonl", "qrels/test.tsv"] {
            try desk.folder.write(Self.set["set/" + name] ?? "", to: "handbook/judgements/" + name)
        }
        try desk.folder.write("---\ntitle: x\n", to: "handbook/docs/bad.md")
        let run = try desk.run([Desk.binary.path, "eval"] + arguments)
        #expect(run.status == 3 && run.output == "")
        #expect(run.errors.contains(complaint), "\(run.errors)")
    }

    @Test func benchSearchHasItsContract() throws {
        let desk = try Desk.ingested()
        try desk.folder.write(
            "{\"text\": \"promote the standby\"}\r\n\r\n{\"text\": \"quota\", \"n\": 1}\r\n", to: "q.jsonl")
        let run = try desk.docket("bench", "search", "--queries", "q.jsonl", "--json")
        #expect(run.status == 0 && run.errors == "")
        let lines = try run.jsonLines()
        #expect(lines.count == 1)
        let object = try #require(lines.first)
        #expect(object.keys == ["queries", "p50_ms", "p95_ms", "p99_ms", "queries_per_s", "stages", "checksum"])
        #expect(try object.integer("queries") == 2)
        #expect(
            try object.number("p50_ms") <= object.number("p95_ms") && object.number("p95_ms") <= object.number("p99_ms")
        )
        #expect(try object.number("queries_per_s") > 0)
        let stages = try object.object("stages")
        #expect(stages.keys.isSuperset(of: ["encode", "dense", "lexical", "fuse"]))
        for name in stages.keys {
            let stage = try stages.object(name)
            #expect(stage.keys == ["p50_ms", "p99_ms"])
            #expect(try stage.number("p50_ms") <= stage.number("p99_ms"))
        }
        let again = try desk.docket("bench", "search", "--queries", "q.jsonl", "--json").json()
        #expect(try again.string("checksum") == object.string("checksum"))
        let text = try desk.docket("bench", "search", "--queries", "q.jsonl")
        #expect(text.status == 0 && text.output.contains("p99"))
    }

    @Test func benchLexicalHasItsContract() throws {
        let desk = try Desk()
        try desk.folder.write(
            "{\"title\": \"Disk\", \"text\": \"quota\"}\n{\"text\": \"promote the standby\"}\n", to: "t.jsonl")
        try desk.folder.write("{\"text\": \"disk quota\"}\n{\"text\": \"standby\"}\n", to: "q.jsonl")
        let bench = [Desk.binary.path, "bench", "lexical", "t.jsonl", "--queries", "q.jsonl"]
        let run = try desk.run(bench + ["--json"])
        #expect(run.status == 0 && run.errors == "")
        let object = try run.json()
        #expect(object.keys == ["rows", "queries", "build_s", "bytes", "p50_ms", "p99_ms", "checksum"])
        #expect(try object.integer("rows") == 2 && object.integer("queries") == 2)
        #expect(try object.number("p50_ms") <= object.number("p99_ms"))
        #expect(try desk.run(bench + ["--json"]).json().string("checksum") == object.string("checksum"))
        #expect(try desk.run(bench).output.contains("2 rows in "))
        #expect(try desk.run(bench + ["--limit", "0"]).status == 2)
        try desk.folder.write("{\"title\": \"x\"}\n", to: "t.jsonl")
        let bad = try desk.run(bench)
        #expect(bad.status == 3 && bad.errors.contains("t.jsonl:1: "))
    }

    @Test func benchSearchTakesTheSubjectsOfTickets() throws {
        let desk = try Desk.ingested()
        let none = try desk.docket("bench", "search")
        #expect(none.status == 2 && none.errors.contains("--queries"))
        try desk.folder.write(Desk.ticket(), to: "t.json")
        _ = try desk.docket("ticket", "import", "t.json")
        #expect(try desk.docket("bench", "search", "--json").json().integer("queries") == 1)
        try desk.folder.write("{\"text\": \"a\"}\n\n{\"txt\": \"b\"}\n", to: "q.jsonl")
        let bad = try desk.docket("bench", "search", "--queries", "q.jsonl")
        #expect(bad.status == 3 && bad.errors.contains("q.jsonl:3: "))
    }

    @Test func benchEmbeddingHasALineForEachPrecisionAndThreadCount() throws {
        let words = (0..<10_000).map { "{\"text\": \"word\($0) server login\"}" }.joined(separator: "\n")
        let desk = try Desk(["texts.jsonl": words, "few.jsonl": "{\"text\": \"three words only\"}"])
        let run = try desk.docket(
            "bench", "embedding", "--texts", "texts.jsonl", "--words", "20", "--threads", "2", "--json")
        #expect(run.status == 0 && run.errors == "")
        let lines = try run.jsonLines()
        #expect(
            try lines.map { "\(try $0.string("system")) \(try $0.integer("threads"))" }
                == ["docket fp32 1", "docket fp32 2", "docket int8 1", "docket int8 2"])
        for line in lines {
            #expect(
                line.keys == [
                    "system", "threads", "documents_per_s", "tokens_per_s", "query_p50_ms", "query_p99_ms",
                    "cosine_min",
                ])
            #expect(try line.number("documents_per_s") > 0 && line.number("cosine_min") > 0.98)
        }
        let few = try desk.docket("bench", "embedding", "--texts", "few.jsonl")
        #expect(few.status == 2 && few.errors.contains("the texts have 3 words"))
    }
}
