import Endpoints
import TestSupport
import Testing

/// How texts are shared out among requests.
@Suite struct BatchTests {
    private static let texts = (0..<150).map { "text number \($0)" }

    @Test func batchesAreJoinedInOrderHoweverManyAreUnderWay() throws {
        let inOne = try TestedEndpoint("ok", options: .with { $0.batchTextCountMax = 1_000 })
        let whole = try inOne.endpoint.embeddings(of: Self.texts)
        for requestCountMax in [1, 4, 64] {
            let tested = try TestedEndpoint("ok", options: .with { $0.requestCountMax = requestCountMax })
            #expect(try tested.endpoint.embeddings(of: Self.texts) == whole)
            #expect(try tested.script.requests.map(\.texts).sorted() == [22, 32, 32, 32, 32])
        }
        #expect(try inOne.script.requests.map(\.texts) == [150])
    }

    @Test(arguments: [
        ([5, 5, 5, 5], 10, [2, 2]), ([5, 6, 5], 10, [1, 1, 1]), ([10], 10, [1]), ([99], 10, [1]),
        ([1, 99, 1, 1], 10, [1, 1, 2]), ([0, 0, 0], 10, [3]),
    ])
    func aBatchHasSoManyBytes(byteCounts: [Int], byteCountMax: Int, expected: [Int]) throws {
        let tested = try TestedEndpoint(
            "ok", options: .with { ($0.batchByteCountMax, $0.requestCountMax) = (byteCountMax, 1) })
        _ = try tested.endpoint.embeddings(of: byteCounts.map { String(repeating: "a", count: $0) })
        #expect(try tested.script.requests.map(\.texts) == expected)
    }

    @Test func aBatchThatIsTooLargeIsHalved() throws {
        let tested = try TestedEndpoint("too-many=10", options: .with { $0.requestCountMax = 1 })
        let whole = try TestedEndpoint("ok").endpoint.embeddings(of: Self.texts)
        #expect(try tested.endpoint.embeddings(of: Self.texts) == whole)
        #expect(try tested.script.requests.map(\.texts).prefix(4) == [32, 16, 8, 8])
        #expect(tested.secondsPaused == [])
    }

    @Test(arguments: [0, 13, 149]) func theTextAtFaultIsNamed(_ place: Int) throws {
        var texts = Self.texts
        texts[place] = "the  long\none " + String(repeating: "ü", count: 100)
        let tested = try TestedEndpoint("too-long=50")
        let beginning = "the long one " + String(repeating: "ü", count: 47) + "…"
        let error = EndpointError.textRefused(
            url: tested.script.url, beginning: beginning, byteCount: 214, status: 400, message: "the input is too long")
        #expect(tested.error(of: texts) == error)
        #expect("\(error)".contains("214 bytes") && "\(error)".contains("shorten it") && error.isAboutInput)
        #expect(tested.secondsPaused == [])
    }

    /// As the encoder of a model folder does: one long text must not keep an index from being built.
    @Test func aTextThatIsTooLongIsCut() throws {
        let long = (0..<1_000).map { "word \($0)" }.joined(separator: " ")
        let vectors = try TestedEndpoint("too-long=900").endpoint.embeddings(of: ["a", long, "b"])
        let cut = String(long.prefix(long.count / 2 / 2 / 2 / 2))
        #expect(cut.utf8.count <= 900 && cut.utf8.count > 450)
        #expect(try vectors == TestedEndpoint("ok").endpoint.embeddings(of: ["a", cut, "b"]))
    }

    @Test func afterAnErrorNoFurtherBatchIsBegun() throws {
        let tested = try TestedEndpoint("401", options: .with { ($0.batchTextCountMax, $0.requestCountMax) = (1, 1) })
        guard case .refused(_, 1, 401, _) = tested.error(of: Self.texts) else {
            Issue.record("no refusal")
            return
        }
        #expect(try tested.script.requests.count == 1)
    }
}
