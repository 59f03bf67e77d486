import Foundation
import Synchronization

/// A server on a port of 127.0.0.1 that runs beside the tests and says its port in a first line of JSON, `{"port": …}`.
///
/// It ends when its standard input does: with this object, or with the tests' process, however that ends.
package final class ServerProcess: Sendable {
    package let port: Int
    private let pipes: Mutex<(input: FileHandle, output: FileHandle)>

    package init(running command: [String]) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = command
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        guard let port = try Self.line(from: output.fileHandleForReading)["port"] as? Int else {
            throw CocoaError(.fileReadCorruptFile)
        }
        self.port = port
        pipes = Mutex((input.fileHandleForWriting, output.fileHandleForReading))
    }

    deinit { pipes.withLock { try? $0.input.close() } }

    /// Writes a line and reads one.
    func ask(_ line: String) throws -> [String: Any] {
        try pipes.withLock { pipes in
            try pipes.input.write(contentsOf: Data((line + "\n").utf8))
            return try Self.line(from: pipes.output)
        }
    }

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
