import Foundation
import TestSupport
import Testing

/// What `--output` does to what is there. Nothing here names a device of this machine: a broken program would replace it.
@Suite struct OutputRunTests {
    private let desk = try! Desk(["texts.txt": "one\ntwo\n", "old.npy": "old bytes"])

    private func kind(_ name: String) -> mode_t {
        var status = stat()
        return lstat(desk.url.appending(path: name).path, &status) == 0 ? status.st_mode & S_IFMT : 0
    }

    private func expectRows(_ name: String, _ count: Int = 2) throws {
        #expect(try NumpyArray(desk.url.appending(path: name)).shape == [count, 48])
    }

    private func bash(_ script: String) throws -> DocketRun {
        try desk.run(["/usr/bin/env", "bash", "-c", script, Desk.binary.path])
    }

    @Test(arguments: ["old.npy", "missing.npy", "../up.npy"]) func aLinkIsFollowedAndStays(_ target: String) throws {
        let link = desk.url.appending(path: "below/link.npy")
        try desk.folder.write("", to: "below/other")
        let path = target.hasPrefix("..") ? target : "../\(target)"
        try FileManager.default.createSymbolicLink(atPath: link.path, withDestinationPath: path)
        let run = try desk.docket("embed", "texts.txt", "-o", "below/link.npy")
        #expect(run.status == 0, "\(run.errors)")
        #expect(kind("below/link.npy") == S_IFLNK)
        try expectRows(target.replacing("../", with: ""))
        #expect(try !desk.folder.names.contains { $0.hasSuffix(".partial") })
    }

    @Test func aPipeIsWrittenToAndStaysOne() throws {
        #expect(mkfifo(desk.url.appending(path: "pipe").path, 0o600) == 0)
        let run = try bash("timeout 60 cat pipe >got.npy & \"$0\" embed texts.txt -o pipe; s=$?; wait; exit $s")
        #expect(run.status == 0, "\(run.errors)")
        #expect(kind("pipe") == S_IFIFO)
        try expectRows("got.npy")
    }

    @Test func aDescriptorIsWrittenTo() throws {
        let run = try bash("{ \"$0\" embed texts.txt -o /dev/fd/7 7>&1 >text | cat >got.npy; } && cat text")
        #expect(run.status == 0 && run.output.hasPrefix("2 rows of 48"), "\(run.errors)")
        try expectRows("got.npy")
    }

    @Test func theInputIsNeverTheOutput() throws {
        try FileManager.default.createSymbolicLink(
            atPath: desk.url.appending(path: "same").path, withDestinationPath: "texts.txt")
        for arguments in ["texts.txt -o texts.txt", "texts.txt -o ./same", "same -o texts.txt", "- -o same <texts.txt"]
        {
            let run = try bash("\"$0\" embed \(arguments)")
            #expect(run.status == 2 && run.errors.contains("is the input"), "\(arguments): \(run.errors)")
            #expect(try String(contentsOf: desk.url.appending(path: "texts.txt"), encoding: .utf8) == "one\ntwo\n")
        }
    }

    /// Runs a program that the system kills, without asking it, when a file of its gets longer than a kilobyte; whatever
    /// the tests' own process does with that signal.
    private static let killer = """
        import os, resource, signal, sys
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGXFSZ])
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (1024, 1024))
        os.execv(sys.argv[1], sys.argv[1:])
        """

    @Test func aKillLeavesTheOldFileAsItWas() throws {
        try desk.folder.write((0..<20).map { "text \($0)\n" }.joined(), to: "many.txt")
        for name in ["old.npy", "new.npy"] {
            let run = try desk.docket(
                "embed", "many.txt", "-o", name, wrapper: ["/usr/bin/env", "python3", "-c", Self.killer])
            #expect(run.signal == SIGXFSZ, "\(run.status) \(run.errors)")
        }
        #expect(try String(contentsOf: desk.url.appending(path: "old.npy"), encoding: .utf8) == "old bytes")
        #expect(kind("new.npy") == 0)
        #expect(try desk.docket("embed", "many.txt", "-o", "old.npy").status == 0)
        try expectRows("old.npy", 20)
        #expect(kind("old.npy.partial") == 0, "what a kill left behind is written over")
    }

    @Test func aFailedWriteLeavesNothingBehind() throws {
        try FileManager.default.createDirectory(
            at: desk.url.appending(path: "folder"), withIntermediateDirectories: false)
        for (output, words) in [("folder", "Is a directory"), ("none/a.npy", "its folder does not exist")] {
            let run = try desk.docket("embed", "texts.txt", "-o", output)
            #expect(run.status == 3 && run.errors.contains("\(output): cannot be written: \(words)"), "\(run.errors)")
        }
        #expect(try desk.folder.names == [".scratch", "folder", "old.npy", "texts.txt"])
    }

    @Test func theModeOfAFileIsKept() throws {
        chmod(desk.url.appending(path: "old.npy").path, 0o600)
        #expect(try desk.docket("embed", "texts.txt", "-o", "old.npy").status == 0)
        var status = stat()
        #expect(stat(desk.url.appending(path: "old.npy").path, &status) == 0 && status.st_mode & 0o777 == 0o600)
    }
}
