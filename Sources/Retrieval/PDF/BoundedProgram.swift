package import Foundation
import Synchronization

/// Of what a program complains, so much is kept.
private let complaintByteCountMax = 4096

/// What a program may use before it is ended.
package struct ProgramLimits: Sendable, Equatable {
    /// From its start to its end, by the wall clock.
    package var seconds: Double
    /// Of address space, which bounds the memory that it can fill.
    package var memoryByteCount: Int
    package var outputByteCount: Int

    package init(seconds: Double, memoryByteCount: Int, outputByteCount: Int) {
        self.seconds = seconds
        self.memoryByteCount = memoryByteCount
        self.outputByteCount = outputByteCount
    }
}

/// Another program that is run once, without a shell, within limits.
package struct BoundedProgram {
    package enum Ending: Equatable {
        case exited(status: Int32)
        case killed(signal: Int32)
        case outOfTime
        case tooMuchOutput
    }

    package struct Result {
        package let ending: Ending
        package let output: Data
        /// How its standard error begins.
        package let complaint: String
    }

    let executable: URL
    /// util-linux's `prlimit`, which sets the limit of memory and becomes the program.
    let limiter: URL
    let limits: ProgramLimits

    package init(executable: URL, limiter: URL, limits: ProgramLimits) {
        self.executable = executable
        self.limiter = limiter
        self.limits = limits
    }

    /// The file `name` in the first folder of `searchPath` that has one which can be run; folders are separated by ":".
    package static func find(_ name: String, in searchPath: String) -> URL? {
        searchPath.split(separator: ":").lazy.map { URL(filePath: String($0)).appending(path: name) }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
    }

    /// Runs the program with `input` as its standard input; returns when it has ended, or has been ended by a limit.
    ///
    /// - Throws: Foundation's error where it cannot be started.
    package func run(_ arguments: [String], input: FileHandle) throws -> Result {
        let process = Process()
        let (output, complaint) = (Pipe(), Pipe())
        process.executableURL = limiter
        process.arguments = ["--as=\(limits.memoryByteCount)", "--core=0", "--", executable.path] + arguments
        process.standardInput = input
        process.standardOutput = output
        process.standardError = complaint
        let parts = DispatchGroup()
        parts.enter()
        process.terminationHandler = { _ in parts.leave() }
        try process.run()
        let end: @Sendable () -> Void = { [pid = process.processIdentifier] in _ = kill(pid, SIGKILL) }
        let read = Gathered(from: output, keeping: limits.outputByteCount, in: parts, onExcess: end)
        let told = Gathered(from: complaint, keeping: complaintByteCountMax, in: parts, onExcess: {})
        let isOutOfTime = parts.wait(timeout: .now() + limits.seconds) == .timedOut
        if isOutOfTime {
            end()
            parts.wait()
        }
        return Result(
            ending: isOutOfTime ? .outOfTime : read.hasExcess ? .tooMuchOutput : ending(of: process),
            output: read.bytes, complaint: String(decoding: told.bytes, as: UTF8.self))
    }

    private func ending(of process: Process) -> Ending {
        process.terminationReason == .exit
            ? .exited(status: process.terminationStatus) : .killed(signal: process.terminationStatus)
    }
}

/// What comes out of a pipe, read to its end and kept up to a limit.
private final class Gathered: Sendable {
    private static let pieceByteCount = 64 * 1024

    private let state = Mutex<(bytes: Data, hasExcess: Bool)>((Data(), false))

    var bytes: Data { state.withLock(\.bytes) }
    var hasExcess: Bool { state.withLock(\.hasExcess) }

    /// Begins to read; `parts` waits for the end.
    init(from pipe: Pipe, keeping byteCountMax: Int, in parts: DispatchGroup, onExcess: @escaping @Sendable () -> Void)
    {
        let handle = pipe.fileHandleForReading
        DispatchQueue.global().async(group: parts) { [self] in
            while let piece = try? handle.read(upToCount: Self.pieceByteCount), !piece.isEmpty {
                let isExcess = state.withLock { state in
                    let room = byteCountMax - state.bytes.count
                    state.bytes += piece.prefix(room)
                    state.hasExcess = state.hasExcess || piece.count > room
                    return state.hasExcess
                }
                if isExcess { onExcess() }
            }
        }
    }
}
