import Endpoints
import Foundation
import TestSupport
import Testing

/// A Python that has llama-cpp-python[server] and gguf.
private let python = ProcessInfo.processInfo.environment["DOCKET_LLAMA_PYTHON"].flatMap { $0.isEmpty ? nil : $0 }

/// A real server: llama.cpp's, through llama-cpp-python.
@Suite(.enabled(if: python != nil, "needs DOCKET_LLAMA_PYTHON: see docs/TESTING.md"))
struct LlamaServerTests {
    private let folder: TemporaryFolder
    private let server: ServerProcess

    init() throws {
        folder = try TemporaryFolder()
        let program = Repository.root.appending(path: "Tests/EndpointsTests/Fixtures/llama_server.py")
        server = try ServerProcess(running: [python ?? "python3", program.path, folder.url.path])
    }

    /// The server takes seconds to start; until then its port refuses connections, which are tried again.
    private func endpoint() throws -> EmbeddingEndpoint {
        let clock = RetryClock(now: { Date() }, sleep: { _ in Thread.sleep(forTimeInterval: 0.5) }, fraction: { 1 })
        var options = EndpointOptions()
        options.attemptCountMax = 120
        return try EmbeddingEndpoint(
            at: EndpointURL("http://127.0.0.1:\(server.port)/v1"), model: "random", options: options, clock: clock)
    }

    @Test func itsVectorsAreReadInOrder() throws {
        let endpoint = try endpoint()
        let texts = (0..<70).map { "text number \($0)" }
        let vectors = try endpoint.embeddings(of: texts)
        #expect(vectors.count == 70 && vectors.allSatisfy { $0.count == 64 && abs(cosine($0, $0) - 1) < 1e-5 })
        for place in [0, 31, 32, 69] {
            let alone = try endpoint.embeddings(of: [texts[place]])[0]
            #expect(cosine(alone, vectors[place]) > 0.9999)
            #expect(texts.indices.max { cosine(alone, vectors[$0]) < cosine(alone, vectors[$1]) } == place)
        }
    }
}
