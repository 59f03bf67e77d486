import Foundation
import TestSupport
import Testing

@Suite struct UsageTests {
    static let commands = [
        ["ingest"], ["search"], ["resolve"], ["ticket"], ["ticket", "import"], ["ticket", "list"], ["ticket", "show"],
        ["embed"], ["eval"], ["bench"], ["bench", "search"], ["bench", "embedding"], ["bench", "vectors"], ["status"],
        ["doctor"],
    ]

    @Test(arguments: commands) func everyHelpHasAnExample(_ command: [String]) throws {
        let run = try Desk().run([Desk.binary.path] + command + ["--help"])
        #expect(run.status == 0 && run.errors == "")
        #expect(run.output.contains("Example"))
        #expect(run.output.contains("docket " + command.joined(separator: " ")))
    }

    @Test func theRootSaysHowToStartAndNamesEveryCommandAndCode() throws {
        let desk = try Desk()
        for arguments in [[], ["--help"], ["help"]] {
            let run = try desk.run([Desk.binary.path] + arguments)
            #expect(run.status == 0 && run.errors == "")
            for command in Self.commands { #expect(run.output.contains("  \(command[0]) "), "\(command)") }
            #expect(run.output.contains("docket ingest corpus/docs"))
            let words = run.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            for code in 0...6 { #expect(words.contains(" \(code) "), "exit code \(code)") }
        }
        #expect(try desk.docket("--version").output.wholeMatch(of: /\d+\.\d+\.\d+\n/) != nil)
    }

    @Test(
        arguments: commands.map { $0 + ["--no-such-flag"] } + [
            ["no-such-command"], ["--no-such-flag"], ["ticket", "burn"], ["embed"], ["ticket", "import"],
            ["ticket", "show"], ["ticket"], ["bench"], ["bench", "--json"], ["eval", "--fail-under", "nan"],
            ["eval", "--fail-under", "1.5"], ["eval", "--fail-under=-0.1"], ["eval", "--fail-under", "inf"],
        ])
    func whatIsUnknownOrMissingIsAUsageError(_ arguments: [String]) throws {
        let run = try Desk().run([Desk.binary.path] + arguments)
        #expect(run.status == 2)
        #expect(run.output == "" && run.errors.contains("--help"), "\(run.errors)")
    }

    /// The contract's codes, each by a real run.
    @Test func everyExitCodeHasARun() throws {
        let desk = try Desk.ingested()
        try desk.folder.write("{}", to: "bad.json")
        try desk.folder.write([0xFF], to: "mixed/bad.md")
        try desk.folder.write("# Good\n\nwords", to: "mixed/good.md")
        for (path, text) in [
            ("corpus.jsonl", "{\"_id\": \"d\", \"text\": \"a\"}"),
            ("queries.jsonl", "{\"_id\": \"q\", \"text\": \"a\"}"),
            ("qrels/dev.tsv", "q\tnone\t1"),
        ] { try desk.folder.write(text, to: "set/" + path) }
        for (code, arguments) in [
            (0, ["status"]), (1, ["search", "x", "--product", "redis", "--as", "public"]),
            (2, ["search", "--limit", "x"]),
            (3, ["ticket", "import", "bad.json"]), (4, ["search", "x", "--data", "none"]),
            (5, ["eval", "--set", "set", "--fail-under", "1"]), (6, ["ingest", "mixed"]),
        ] {
            #expect(try desk.run([Desk.binary.path] + arguments).status == Int32(code), "\(arguments)")
        }
    }

    /// The commands' own options named `--version` stand alone in their help.
    @Test func onlyTheRootHasTheProgramsVersion() throws {
        let help = try Desk().docket("search", "--help").output
        #expect(help.matches(of: /(?m)^ +--version/).count == 1, "\(help)")
    }

    @Test func outputThatCannotBeWrittenIsAnError() throws {
        let desk = try Desk.ingested()
        for arguments in ["status", "--help", "search --json standby"] {
            let run = try desk.run(["/bin/bash", "-c", "\"$0\" \(arguments) >/dev/full", Desk.binary.path])
            #expect(run.errors.contains("standard output") && run.status == 3, "\(arguments)")
        }
    }

    /// A sparse file, so that none is filled.
    @Test func aFileOverTheLimitIsRefusedUnread() throws {
        let desk = try Desk(["big.json": "{"])
        let file = try FileHandle(forWritingTo: desk.url.appending(path: "big.json"))
        try file.truncate(atOffset: 1 << 30 + 1)
        let run = try desk.docket("ticket", "import", "big.json")
        #expect(run.status == 3)
        #expect(run.errors.contains("big.json: has 1073741825 bytes, at most 1073741824 are read"))
    }

    /// Also root may make nothing below /proc.
    @Test(arguments: [
        ("--data", "may you write there?"), ("--indexes", "look at permissions and free space there"),
    ])
    func aFolderThatCannotBeWrittenIsNamedWithARemedy(_ option: String, _ remedy: String) throws {
        let run = try Desk(Desk.handbook).docket("ingest", "docs", option, "/proc/docket")
        #expect(run.status == 4 && run.output == "")
        #expect(run.errors.contains("/proc/docket") && run.errors.contains(remedy), "\(run.errors)")
        #expect(!run.errors.contains("NSCocoaErrorDomain"))
    }

    /// Whatever a command has to say besides its data goes to standard error.
    @Test func nothingButJSONIsOnStandardOutput() throws {
        let desk = try Desk.ingested()
        try desk.folder.write(Desk.ticket(), to: "t.json")
        try desk.folder.write("a text", to: "texts.txt")
        let folder = try desk.segment()
        for arguments in [
            ["ingest", "docs"], ["search", "standby"], ["search", "x", "--as", "public", "--product", "redis"],
            ["ticket", "import", "t.json"], ["ticket", "list"], ["ticket", "show", "4852"], ["resolve", "4852"],
            ["resolve", "--file", "t.json"], ["embed", "texts.txt", "-o", "t.npy"], ["bench", "search"], ["status"],
            ["doctor"],
        ] {
            let run = try desk.run([Desk.binary.path] + arguments + ["--json"])
            #expect([0, 1].contains(run.status) && run.output.hasSuffix("\n"), "\(arguments): \(run.errors)")
            _ = try run.json()
        }
        try FileManager.default.removeItem(at: desk.indexes.appending(path: folder))
        let rebuilt = try desk.docket("ingest", "--json")
        #expect(rebuilt.errors.contains("rebuilding"))
        #expect(try rebuilt.json().integer("embedded") == 0)
        for arguments in [["search", "x", "--data", "none"], ["ingest", "none"], ["resolve", "abc"]] {
            let run = try desk.run([Desk.binary.path] + arguments + ["--json"])
            #expect(run.output == "" && !run.errors.isEmpty)
        }
    }
}
