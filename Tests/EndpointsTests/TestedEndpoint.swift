import Endpoints
import Foundation
import Synchronization
import TestSupport

/// An endpoint of the scripted server, with a clock that does not wait and remembers how long it should have.
struct TestedEndpoint {
    let script: ScriptedServer.Script
    let endpoint: EmbeddingEndpoint
    private let pauses = Pauses()

    private final class Pauses: Sendable {
        let seconds = Mutex<[Double]>([])
    }

    /// Every pause is as long as it can be.
    init(_ steps: String..., key: String? = nil, options: EndpointOptions = EndpointOptions()) throws {
        script = try ScriptedServer.script(steps)
        let pauses = pauses
        let clock = RetryClock(
            now: { .init(timeIntervalSince1970: 784_111_777) },
            sleep: { seconds in pauses.seconds.withLock { $0.append(seconds) } }, fraction: { 1 })
        endpoint = try EmbeddingEndpoint(
            at: EndpointURL(script.url), model: "scripted", key: key.map { try APIKey($0) }, options: options,
            clock: clock)
    }

    var secondsPaused: [Double] { pauses.seconds.withLock(\.self) }

    /// The error of an embedding of `texts`.
    func error(of texts: [String] = ["a", "b"]) -> EndpointError? {
        do throws(EndpointError) {
            _ = try endpoint.embeddings(of: texts)
            return nil
        } catch {
            return error
        }
    }
}

extension EndpointOptions {
    /// The standard options, changed.
    static func with(_ change: (inout EndpointOptions) -> Void) -> EndpointOptions {
        var options = EndpointOptions()
        change(&options)
        return options
    }
}

/// The cosine of vectors of length 1.
func cosine(_ a: [Float], _ b: [Float]) -> Float { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
