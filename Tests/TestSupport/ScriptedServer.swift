import Foundation

/// An OpenAI-compatible server of embeddings that does what a test tells it, step by step
/// (`Tests/EndpointsTests/Fixtures/scripted_server.py`). Tests share one; each has a path of its own.
package enum ScriptedServer {
    private static let shared = Result {
        let program = Repository.root.appending(path: "Tests/EndpointsTests/Fixtures/scripted_server.py")
        return try ServerProcess(running: ["python3", program.path])
    }

    /// A request as it came.
    package struct Request: Sendable, Decodable, Equatable {
        package let path: String
        /// The fields of its body, sorted.
        package let keys: [String]
        package let texts: Int
        package let model: String
        package let format: String?
        package let dimensions: Int?
        package let authorization: String?
        package let cookie: String?
    }

    /// One test's part of the server.
    package struct Script: Sendable {
        let server: ServerProcess
        let name = UUID().uuidString

        /// The address for `EndpointURL`.
        package var url: String { "http://127.0.0.1:\(server.port)/\(name)/v1" }

        /// What the requests from now on get, one step each and the last for all that follow.
        package func perform(_ steps: [String]) throws {
            _ = try server.ask((["script", name] + steps).joined(separator: "\t"))
        }

        package var requests: [Request] {
            get throws {
                let log = try server.ask("log\t\(name)")["requests"] ?? []
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
}
