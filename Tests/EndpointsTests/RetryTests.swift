import Endpoints
import Foundation
import TestSupport
import Testing

/// Which failures are taken for passing, how often they are, and what is said in the end.
@Suite struct RetryTests {
    @Test(arguments: ["408", "429", "500", "502", "503", "504", "cut", "cut-within", "no-http"])
    func aFailureThatPassesCostsAPause(_ step: String) throws {
        let tested = try TestedEndpoint(step, step, "ok")
        #expect(try tested.endpoint.embeddings(of: ["a"]).count == 1)
        #expect(try tested.script.requests.count == 3)
        #expect(tested.secondsPaused == [0.5, 1])
    }

    @Test(arguments: ["429", "503"])
    func theServerIsAskedOnlySoOften(_ step: String) throws {
        let tested = try TestedEndpoint(step, options: .with { $0.attemptCountMax = 4 })
        let expected = EndpointError.refused(
            url: tested.script.url, attempts: 4, status: Int(step) ?? 0, message: "told to say \(step)")
        #expect(tested.error() == expected)
        #expect("\(expected)".contains("in 4 attempts") && "\(expected)".contains("try again later"))
        #expect(try tested.script.requests.count == 4)
        #expect(tested.secondsPaused == [0.5, 1, 2])
    }

    @Test(arguments: [
        ("busy=429:7", 7), ("busy=503:0", 0), ("busy=429:3600", 60), ("busy=503:Sun,_06_Nov_1994_08:49:47_GMT", 10),
        ("busy=429:soon", 0.5),
    ])
    func thePauseIsWhatTheServerAsksFor(_ step: String, seconds: Double) throws {
        let tested = try TestedEndpoint(step, "ok")
        _ = try tested.endpoint.embeddings(of: ["a"])
        #expect(tested.secondsPaused == [seconds])
    }

    @Test(arguments: [
        (301, "redirects are not followed"), (302, "redirects"), (307, "redirects"), (308, "redirects"),
        (204, "OpenAI"), (400, "model's name"), (401, "DOCKET_EMBEDDING_KEY"), (403, "DOCKET_EMBEDDING_KEY"),
        (404, "/embeddings"), (405, "/embeddings"), (418, "OpenAI"), (501, "try again later"),
    ])
    func whatDoesNotPassIsSaidAtOnce(_ status: Int, _ remedy: String) throws {
        let tested = try TestedEndpoint((300..<400).contains(status) ? "redirect=\(status)" : "\(status)")
        let error = try #require(tested.error(of: ["a"]))
        #expect("\(error)".contains("\(status)") && "\(error)".contains(tested.script.url), "\(error)")
        if status != 400 { #expect("\(error)".contains(remedy), "\(error)") }
        #expect(try tested.script.requests.count == 1)
        #expect(tested.secondsPaused == [])
    }

    @Test func aRequestHasItsTime() throws {
        let tested = try TestedEndpoint(
            "hang", options: .with { ($0.requestSeconds, $0.attemptCountMax) = (0.2, 2) })
        #expect(tested.error() == .timedOut(url: tested.script.url, attempts: 2, expectedSeconds: 0.2))
        #expect(try tested.script.requests.count == 2)
        #expect(tested.secondsPaused == [0.5])
    }

    @Test func aServerThatIsNotThereIsSaidToBeSo() throws {
        let url = try EndpointURL("http://127.0.0.1:\(Self.freePort())/v1")
        let clock = RetryClock(now: { Date() }, sleep: { _ in }, fraction: { 0 })
        let endpoint = try EmbeddingEndpoint(at: url, model: "m", clock: clock)
        let error = try #require(throws: EndpointError.self) { try endpoint.embeddings(of: ["a"]) }
        #expect(error == .unreachable(url: url.description, attempts: 5, detail: "Connection refused"))
        #expect("\(error)".contains("check that the server runs"))
    }

    @Test func aHostWithoutAnAddressIsSaidToHaveNone() throws {
        let endpoint = try EmbeddingEndpoint(
            at: EndpointURL("http://docket-test.invalid/v1"), model: "m", options: .with { $0.attemptCountMax = 1 })
        let error = try #require(throws: EndpointError.self) { try endpoint.embeddings(of: ["a"]) }
        #expect("\(error)".contains("cannot be resolved"), "\(error)")
    }

    /// Bound and closed again: nobody listens there.
    private static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(descriptor, address, length) == 0 ? getsockname(descriptor, address, &length) : -1
            }
        }
        guard status == 0 else { throw POSIXError(.EADDRNOTAVAIL) }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    @Test func aKeyThatTheServerRepeatsIsNotShown() throws {
        let tested = try TestedEndpoint("echo=401", key: "hunter2")
        let error = try #require(tested.error())
        #expect("\(error)".contains("no such key: Bearer (key)") && !"\(error)".contains("hunter2"), "\(error)")
    }

    @Test(arguments: [
        ("{\"error\": {\"message\": \"one\"}}", "one"), ("{\"error\": \"two\"}", "two"),
        ("{\"message\": \"three\"}", "three"),
        ("{\"detail\": \"four\"}", "four"), ("plain five", "plain five"), ("", ""),
        ("{\"error\": {\"message\": \"a\\u001b[31mb\\nc\\u202ed\"}}", "a [31mb c d"),
        (String(repeating: "x", count: 9_000), String(repeating: "x", count: 300) + "…"),
    ])
    func theServersOwnWordsAreKeptWithinBounds(_ body: String, _ expected: String) throws {
        let tested = try TestedEndpoint("says=404:\(body)")
        #expect(
            tested.error() == .refused(url: tested.script.url, attempts: 1, status: 404, message: expected))
    }
}
