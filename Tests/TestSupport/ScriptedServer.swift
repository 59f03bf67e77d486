package import Foundation
import Synchronization

/// An OpenAI-compatible server of embeddings on 127.0.0.1 that does what a test tells it, step by step
/// (`Tests/EndpointsTests/Fixtures/scripted_server.py`). Tests share one; each has a path of its own.
///
/// It ends with the tests' process, however that ends: then its standard input does.
package final class ScriptedServer: Sendable {
    package static let shared = Result { try ScriptedServer() }

    private let port: Int
    private let pipes: Mutex<(input: FileHandle, output: FileHandle)>

    private init() throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "python3", Repository.root.appending(path: "Tests/EndpointsTests/Fixtures/scripted_server.py").path,
        ]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        let start = try Self.line(from: output.fileHandleForReading)
        guard let port = start["port"] as? Int else { throw CocoaError(.fileReadCorruptFile) }
        self.port = port
        pipes = Mutex((input.fileHandleForWriting, output.fileHandleForReading))
    }

    /// A request as it came.
    package struct Request: Sendable, Decodable, Equatable {
        package let path: String
        /// The fields of its body, sorted.
        package let keys: [String]
        package let texts: Int
        package let bytes: Int
        package let model: String
        package let format: String?
        package let dimensions: Int?
        package let authorization: String?
        package let cookie: String?
    }

    /// One test's part of the server.
    package struct Script: Sendable {
        let server: ScriptedServer
        let name = UUID().uuidString

        /// The address for `EndpointURL`.
        package var url: String { "http://127.0.0.1:\(server.port)/\(name)/v1" }

        /// What the requests from now on get, one step each and the last for all that follow.
        package func perform(_ steps: [String]) throws {
            _ = try server.ask(["script", name] + steps)
        }

        package var requests: [Request] {
            get throws {
                let log = try server.ask(["log", name])["requests"] ?? []
                return try JSONDecoder().decode([Request].self, from: JSONSerialization.data(withJSONObject: log))
            }
        }
    }

    package static func script(_ steps: String...) throws -> Script { try script(steps) }

    package static func script(_ steps: [String]) throws -> Script {
        let script = Script(server: try shared.get())
        try script.perform(steps)
        return script
    }

    private func ask(_ words: [String]) throws -> [String: Any] {
        try pipes.withLock { pipes in
            try pipes.input.write(contentsOf: Data((words.joined(separator: "\t") + "\n").utf8))
            return try Self.line(from: pipes.output)
        }
    }

    /// Answers are single lines, each read whole before the next question.
    private static func line(from handle: FileHandle) throws -> [String: Any] {
        var line = Data()
        while line.last != UInt8(ascii: "\n") {
            guard let more = try handle.read(upToCount: 1), !more.isEmpty else {
                throw CocoaError(.fileReadUnknown)
            }
            line += more
        }
        return try JSONSerialization.jsonObject(with: line) as? [String: Any] ?? [:]
    }
}
