import Foundation
import Testing
import TextEmbedding

@Suite struct CrossEncoderTests {
    private let golden: [Fixtures.GoldenPair]

    init() throws { golden = try Fixtures.lines(of: "tiny-cross-encoder/golden.jsonl") }

    @Test(arguments: [(Precision.fp32, Float(1e-5)), (.int8, 0.1)])
    func scoresEqualTheReference(_ precision: Precision, _ tolerance: Float) throws {
        let encoder = try CrossEncoder(contentsOf: Fixtures.folder("tiny-cross-encoder"), precision: precision)
        for pair in golden {
            let scores = try encoder.scores(of: [pair.passage], for: pair.query)
            #expect(abs(scores[0] - pair.logit) < tolerance, "\(pair.query): \(scores[0]), \(pair.logit)")
        }
    }

    @Test(arguments: [1, 3]) func aPairsScoreDoesNotDependOnOthers(_ threadCount: Int) throws {
        let encoder = try CrossEncoder(
            contentsOf: Fixtures.folder("tiny-cross-encoder"), turns: EncoderTurns(threadCount: threadCount))
        let texts = (0..<40).map { number in golden.map(\.passage).joined(separator: " ") + " port \(number)" } + [""]
        let together = try encoder.scores(of: texts, for: "server error")
        for (text, score) in zip(texts, together) {
            #expect(abs(try encoder.scores(of: [text], for: "server error")[0] - score) < 1e-5)
        }
        #expect(try encoder.scores(of: [], for: "server error") == [])
    }

    @Test func whoAsksIsNotWhoAnswers() throws {
        let encoder = try CrossEncoder(contentsOf: Fixtures.folder("tiny-cross-encoder"))
        let one = try encoder.scores(of: ["the server fails with error 500"], for: "server error")
        let other = try encoder.scores(of: ["server error"], for: "the server fails with error 500")
        #expect(abs(one[0] - other[0]) > 1e-4, "the texts' types tell them apart")
    }

    @Test func aPairBeyondTheLimitIsCut() throws {
        // The last bits of a product at fp32 depend on how many threads share it.
        let encoder = try CrossEncoder(
            contentsOf: Fixtures.folder("tiny-cross-encoder"), turns: EncoderTurns(threadCount: 1))
        let long = String(repeating: "server fails ", count: 500)
        #expect(
            try encoder.scores(of: [long], for: "port") == encoder.scores(of: [long + "login"], for: "port"))
    }

    @Test(arguments: [
        ("config.json", "\"bert\"", "\"roberta\"", "config.json: model_type is \"roberta\", this program runs bert"),
        (
            "tokenizer_config.json", "\"model_max_length\": 64", "\"model_max_length\": 2",
            "tokenizer_config.json: model_max_length is 2.0, expected 3 or more"
        ),
    ])
    func aForeignModelIsRefused(file: String, old: String, new: String, expected: String) throws {
        let model = try ModelCopy(of: "tiny-cross-encoder")
        try model.replace(old, with: new, in: file)
        let error = #expect(throws: ModelError.self) { try CrossEncoder(contentsOf: model.folder) }
        #expect(try #require(error).description.hasSuffix(expected))
    }

    @Test func aModelWithoutAHeadIsRefused() throws {
        let error = #expect(throws: ModelError.self) {
            try CrossEncoder(contentsOf: Fixtures.folder("tiny-bert-mean"))
        }
        #expect(try #require(error).description.hasSuffix("tensor \"bert.pooler.dense.weight\" is missing"))
    }
}
