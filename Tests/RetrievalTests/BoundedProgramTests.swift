import Foundation
import Retrieval
import Testing

/// A program that goes on for ever is ended by each of the limits.
@Suite struct BoundedProgramTests {
    private static let limits = ProgramLimits(seconds: 600, memoryByteCount: 1 << 30, outputByteCount: 1 << 20)

    private func run(_ name: String, _ arguments: [String], _ limits: ProgramLimits) throws -> BoundedProgram.Result {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        let program = BoundedProgram(
            executable: try #require(BoundedProgram.find(name, in: path)),
            limiter: try #require(BoundedProgram.find("prlimit", in: path)), limits: limits)
        return try program.run(arguments, input: .nullDevice)
    }

    @Test func outputAndStatusAreGiven() throws {
        let result = try run("sh", ["-c", "echo a; echo b >&2; exit 3"], Self.limits)
        #expect(result.ending == .exited(status: 3))
        #expect(result.output == Data("a\n".utf8) && result.complaint == "b\n")
    }

    @Test func timeIsLimited() throws {
        var limits = Self.limits
        limits.seconds = 0
        #expect(try run("sleep", ["1000"], limits).ending == .outOfTime)
    }

    @Test(arguments: [0, 1, 65_536, 1 << 20]) func outputIsLimited(byteCount: Int) throws {
        var limits = Self.limits
        limits.outputByteCount = byteCount
        let result = try run("yes", [], limits)
        #expect(result.ending == .tooMuchOutput && result.output.count == byteCount)
    }

    @Test func asMuchOutputAsAllowedIsGiven() throws {
        var limits = Self.limits
        limits.outputByteCount = 4
        let result = try run("printf", ["1234"], limits)
        #expect(result.ending == .exited(status: 0) && result.output.count == 4)
    }

    @Test func complaintsWithoutEndStopNothing() throws {
        let result = try run("sh", ["-c", "yes | head -c 1000000 >&2; echo a"], Self.limits)
        #expect(result.ending == .exited(status: 0) && result.output == Data("a\n".utf8))
        #expect(result.complaint.utf8.count == 4096)
    }

    /// `tail` keeps a line that does not end.
    @Test func memoryIsLimited() throws {
        let keep = ["-c", "head -c 300000000 /dev/zero | tail -n 1 | wc -c"]
        #expect(try run("sh", keep, Self.limits).output == Data("300000000\n".utf8))
        var limits = Self.limits
        limits.memoryByteCount = 100 << 20
        #expect(try run("sh", keep, limits).output != Data("300000000\n".utf8))
    }

    @Test func aSignalIsTold() throws {
        #expect(try run("sh", ["-c", "kill -KILL $$"], Self.limits).ending == .killed(signal: SIGKILL))
    }
}
