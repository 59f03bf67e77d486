import Endpoints
import TestSupport
import Testing

/// What is sent, and which answers are taken.
@Suite struct AnswerTests {
    @Test func textsBecomeVectorsOfLengthOneInTheirOrder() throws {
        let tested = try TestedEndpoint("ok")
        let texts = ["promote the standby", "raise the memory quota", "promote the standby now"]
        let vectors = try tested.endpoint.embeddings(of: texts)
        #expect(vectors.map(\.count) == [64, 64, 64])
        #expect(vectors.allSatisfy { abs(cosine($0, $0) - 1) < 1e-6 })
        #expect(cosine(vectors[0], vectors[2]) > cosine(vectors[0], vectors[1]))
        let request = try #require(try tested.script.requests.first)
        #expect(try tested.script.requests.count == 1)
        #expect(request.path.hasSuffix("/v1/embeddings") && request.keys == ["encoding_format", "input", "model"])
        #expect(request.model == "scripted" && request.format == "float" && request.texts == 3)
        #expect(request.authorization == nil && request.dimensions == nil)
    }

    @Test func noTextsAreNoRequest() throws {
        let tested = try TestedEndpoint("500")
        #expect(try tested.endpoint.embeddings(of: []) == [])
        #expect(try tested.script.requests == [])
    }

    @Test func theKeyIsSentAndCookiesAreNot() throws {
        let tested = try TestedEndpoint("ok", key: "hunter2")
        for _ in 0..<2 { _ = try tested.endpoint.embeddings(of: ["a"]) }
        #expect(try tested.script.requests.map(\.authorization) == ["Bearer hunter2", "Bearer hunter2"])
        #expect(try tested.script.requests.map(\.cookie) == [nil, nil])
    }

    @Test func aDimensionIsAskedForOnlyWhereOneIsSet() throws {
        let tested = try TestedEndpoint("dimension=8", options: .with { $0.dimension = 8 })
        #expect(try tested.endpoint.embeddings(of: ["a"]).map(\.count) == [8])
        #expect(try tested.script.requests.map(\.dimensions) == [8])
    }

    @Test func aServerThatIgnoresTheDimensionIsFoundOut() throws {
        let tested = try TestedEndpoint("ok", options: .with { $0.dimension = 8 })
        let url = tested.script.url
        #expect(tested.error() == .badAnswer(url: url, got: "a vector of 64 numbers", expected: "8 in each"))
    }

    @Test func shuffledVectorsArePutInOrder() throws {
        let texts = (0..<20).map { "text number \($0)" }
        let inOrder = try TestedEndpoint("ok").endpoint.embeddings(of: texts)
        #expect(try TestedEndpoint("shuffled").endpoint.embeddings(of: texts) == inOrder)
    }

    @Test(arguments: [
        ("[3, 4]", [0.6, 0.8]), ("[-1e-30, 0]", [-1, 0]), ("[3e38, 3e38]", [0.70710677, 0.70710677]), ("[7]", [1]),
        ("[1e-45, 0]", [1, 0]), ("[0.0, 1]", [0, 1]),
    ])
    func lengthsAreMadeOne(_ values: String, _ expected: [Float]) throws {
        #expect(try TestedEndpoint("values=\(values)").endpoint.embeddings(of: ["a"]) == [expected])
    }

    /// Each for two texts.
    @Test(arguments: [
        ("fewer", "1 vectors", "2"), ("more", "3 vectors", "2"), ("twice", "the index 0", "each from 0 to 1 once"),
        ("outside", "the index 2", "each from 0 to 1 once"), ("unnumbered", "no data/0/index", "index"),
        ("mixed", "a vector of 63 numbers", "64 in each"), ("values=[]", "vectors of 0 numbers", "1 to 16384"),
        ("dimension=16385", "vectors of 16385 numbers", "1 to 16384"),
        ("values=[0, 0]", "a vector of length 0", "a direction"),
        ("values=[0, null]", "something else in data/0", "data"),
        ("values=[0, NaN]", "no valid JSON", "data"), ("values=[1, 1e39]", "", ""), ("values=[1, -1e999]", "", ""),
        ("values=\"AACAPw==\"", "something else in data/0/embedding", "data"), ("body=", "no valid JSON", "data"),
        ("body={\"data\": [", "no valid JSON", "data"), ("body=<html>", "no valid JSON", "data"),
        ("body=[]", "something else in the whole body", "data"), ("body={}", "no data", "data"),
        ("body={\"data\": {}}", "something else in data", "data"), ("body=\u{FEFF}null", "", ""),
    ])
    func anAnswerThatIsNotWhatWasAskedForIsRefused(_ step: String, _ got: String, _ expected: String) throws {
        let tested = try TestedEndpoint(step)
        let error = try #require(tested.error())
        guard case .badAnswer(tested.script.url, let actuallyGot, let actuallyExpected) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(actuallyGot.contains(got) && actuallyExpected.contains(expected), "\(error)")
        #expect(try tested.script.requests.count == 1, "it would be the same again")
        #expect(tested.secondsPaused == [])
    }

    @Test func theLargestDimensionIsTaken() throws {
        #expect(try TestedEndpoint("dimension=16384").endpoint.embeddings(of: ["a"]).map(\.count) == [16_384])
    }

    /// The first answer decides, in this call and in later ones.
    @Test func theDimensionStaysTheSame() throws {
        let tested = try TestedEndpoint("ok", "dimension=65")
        _ = try tested.endpoint.embeddings(of: ["a"])
        #expect(
            tested.error(of: ["a"])
                == .badAnswer(url: tested.script.url, got: "a vector of 65 numbers", expected: "64 in each"))
    }

    @Test(arguments: ["endless", "announced=33554433"])
    func anAnswerHasAMaximum(_ step: String) throws {
        let tested = try TestedEndpoint(step)
        #expect(tested.error() == .tooLarge(url: tested.script.url, expectedByteCountMax: 32 << 20))
        #expect(try tested.script.requests.count == 1)
    }
}
