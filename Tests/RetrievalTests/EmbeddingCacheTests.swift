import Foundation
import Retrieval
import TestSupport
import Testing

/// What `DATA/evaluation` keeps between runs.
@Suite struct EmbeddingCacheTests {
    private let folder = try! TemporaryFolder()
    private var cache: URL { folder.url.appending(path: "cache") }

    private func write(_ set: String, texts: [String], splits: [String] = ["test"]) throws {
        let lines = texts.enumerated().map { "{\"_id\": \"d\($0)\", \"text\": \"\($1)\"}\n" }
        try folder.write(lines.joined(), to: "\(set)/corpus.jsonl")
        for (number, split) in splits.enumerated() {
            try folder.write("q\(number)\td0\t1\n", to: "\(set)/qrels/\(split).tsv")
        }
        try folder.write(
            splits.indices.map { "{\"_id\": \"q\($0)\", \"text\": \"query \($0)\"}\n" }.joined(),
            to: "\(set)/queries.jsonl")
    }

    /// Measures a set; how many texts were embedded for it, queries included.
    private func embedded(_ set: String, split: String = "test") throws -> Int {
        var (count, isFirst) = (0, true)
        _ = try Evaluator(embedder: Handbook.tiny.get(), cache: cache) { progress in
            guard case .embedding(let done, let total) = progress else { return }
            // The first report of each list says how many of its texts had been there, the last one all.
            if isFirst { count += total - done }
            isFirst = done == total
        }.evaluate(EvaluationSet(in: folder.url.appending(path: set), split: split))
        return count
    }

    /// Every file below the cache with its size.
    private func files() throws -> [String: Int] {
        let names = try FileManager.default.subpathsOfDirectory(atPath: cache.path).filter { $0.contains(".") }
        return Dictionary(
            uniqueKeysWithValues: try names.map { name in
                (name, try Data(contentsOf: cache.appending(path: name)).count)
            })
    }

    private func texts(_ range: Range<Int>) -> [String] { range.map { "text number \($0)" } }

    @Test func aTextAddedAtTheFrontIsAllThatIsEmbedded() throws {
        try write("set", texts: texts(1..<40))
        #expect(try embedded("set") == 40)
        let before = try files()
        #expect(try embedded("set") == 0)
        #expect(try files() == before)
        try write("set", texts: texts(0..<40))
        #expect(try embedded("set") == 1)
        #expect(try files().count == before.count)
    }

    @Test func whatARunDoesNotUseIsRemoved() throws {
        try write("set", texts: texts(0..<600))
        #expect(try embedded("set") == 601)
        let before = try files()
        #expect(before.count == 3, "two parts of texts and one of queries")
        try write("set", texts: texts(0..<20))
        #expect(try embedded("set") == 0)
        let after = try files()
        #expect(after.count == 2 && after.values.reduce(0, +) < before.values.reduce(0, +) / 10)
        try write("set", texts: texts(0..<600))
        #expect(try embedded("set") == 580)
    }

    @Test func setsAndSplitsLeaveEachOthersEmbeddings() throws {
        try write("one", texts: texts(0..<10), splits: ["dev", "test"])
        try write("two", texts: texts(5..<20))
        #expect(try embedded("one", split: "dev") == 11)
        #expect(try embedded("one", split: "test") == 1, "the texts are those of the other split")
        #expect(try embedded("two") == 16)
        for (set, split) in [("one", "dev"), ("one", "test"), ("two", "test")] {
            #expect(try embedded(set, split: split) == 0)
        }
    }

    @Test func aTextThatStandsTwiceIsEmbeddedOnce() throws {
        try write("set", texts: ["same", "same", "other"])
        #expect(try embedded("set") == 3)
        #expect(try embedded("set") == 0)
    }

    @Test func filesOfOlderVersionsAreRemoved() throws {
        try write("set", texts: texts(0..<3))
        try folder.write("old", to: "cache/1f2e3d.docketindex")
        try folder.write("not ours", to: "cache/notes.txt")
        _ = try embedded("set")
        let names = try FileManager.default.contentsOfDirectory(atPath: cache.path)
        #expect(!names.contains("1f2e3d.docketindex") && names.contains("notes.txt"))
    }
}
