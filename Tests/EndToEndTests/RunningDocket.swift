import Foundation
import TestSupport
import Testing

/// The real binary while it runs: what it prints is read line by line, and it is told to end.
final class RunningDocket {
    /// For a line to come: what a test never takes where all is well.
    private static let waitMillisecondsMax: Int32 = 60_000

    private let process = Process()
    private let output = Pipe()
    private let errors = Pipe()
    private var buffers: [Int32: [UInt8]] = [:]

    init(_ desk: Desk, _ arguments: String..., environment: [String: String] = [:]) throws {
        process.executableURL = Desk.binary
        process.arguments = arguments
        process.currentDirectoryURL = desk.url
        process.environment = Desk.environment(model: Repository.tinyModel, more: environment)
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        // Its ends are the process's alone, so that reading ends with it.
        try output.fileHandleForWriting.close()
        try errors.fileHandleForWriting.close()
    }

    deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

    /// The next line of standard output; `nil` where the process has ended.
    func line() throws -> String? { try line(of: output) }

    /// The next line of standard error that contains `text`; `nil` where the process has ended before.
    func complaint(containing text: String) throws -> String? {
        while let line = try line(of: errors) {
            if line.contains(text) { return line }
        }
        return nil
    }

    func json() throws -> JSONObject {
        let text = try #require(try line())
        return JSONObject(
            try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any], "\(text)"))
    }

    /// The next summary that says that something was done.
    func change() throws -> JSONObject {
        while true {
            let summary = try json()
            let counts = try ["added", "changed", "removed", "failed"].map(summary.integer)
            if counts.contains(where: { $0 > 0 }) { return summary }
        }
    }

    /// Sends a signal and waits for the end.
    func end(_ signal: Int32 = SIGTERM) -> (status: Int32, isSignal: Bool) {
        kill(process.processIdentifier, signal)
        process.waitUntilExit()
        return (process.terminationStatus, process.terminationReason == .uncaughtSignal)
    }

    private func line(of pipe: Pipe) throws -> String? {
        let descriptor = pipe.fileHandleForReading.fileDescriptor
        while true {
            if let end = buffers[descriptor]?.firstIndex(of: UInt8(ascii: "\n")) {
                let line = buffers[descriptor]?[..<end] ?? []
                buffers[descriptor]?.removeFirst(end + 1)
                return String(decoding: line, as: UTF8.self)
            }
            var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            try #require(poll(&waiting, 1, Self.waitMillisecondsMax) > 0, "no line has come")
            var bytes = [UInt8](repeating: 0, count: 4_096)
            let count = read(descriptor, &bytes, bytes.count)
            guard count > 0 else { return nil }
            buffers[descriptor, default: []] += bytes.prefix(count)
        }
    }
}
