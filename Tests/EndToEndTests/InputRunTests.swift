import Foundation
import TestSupport
import Testing

/// Inputs that are no plain files.
@Suite struct InputRunTests {
    private let desk = try! Desk([
        "t.json": Desk.ticket(), "texts.txt": "one\ntwo\n", "docket.settings": "threads: 1\ndata: elsewhere\n",
    ])

    private func bash(_ script: String) throws -> DocketRun {
        try desk.run(["/usr/bin/env", "bash", "-c", script, Desk.binary.path])
    }

    @Test func ticketsComeFromAPipe() throws {
        let one = try bash("\"$0\" ticket import <(cat t.json)")
        #expect(one.status == 0 && one.output.hasPrefix("1 created"), "\(one.errors)")
        let lines = try bash("\"$0\" ticket import <(tr -d '\\n' <t.json; echo; tr -d '\\n' <t.json; echo)")
        #expect(lines.status == 0 && lines.output.hasPrefix("0 created, 0 amended, 2 unchanged"), "\(lines.errors)")
        #expect(mkfifo(desk.url.appending(path: "pipe").path, 0o600) == 0)
        let named = try bash("timeout 60 cat t.json >pipe & \"$0\" ticket import pipe")
        #expect(named.status == 0 && named.output.contains("1 unchanged"), "\(named.errors)")
    }

    @Test func everyOtherInputMayBeAPipe() throws {
        #expect(try bash("\"$0\" embed <(cat texts.txt) -o a.npy").output.hasPrefix("2 rows"))
        let resolve = try bash("\"$0\" resolve --file <(cat t.json)")
        #expect(resolve.errors.contains("docket ingest"), "the ticket was read: \(resolve.errors)")
        let status = try bash("\"$0\" status --config <(cat docket.settings)")
        #expect(status.errors.contains("elsewhere/docket.sqlite"), "\(status.errors)")
    }

    @Test(arguments: [["ticket", "import", "folder"], ["embed", "folder", "-o", "a.npy"]])
    func aFolderIsNoInput(_ arguments: [String]) throws {
        try FileManager.default.createDirectory(
            at: desk.url.appending(path: "folder"), withIntermediateDirectories: false)
        let run = try desk.run([Desk.binary.path] + arguments)
        #expect(run.status == 3 && run.errors.contains("folder: "), "\(run.errors)")
        #expect(!run.errors.contains("NSCocoaErrorDomain"))
    }

    @Test func aPageThatIsNoRegularFileSaysSo() throws {
        try desk.folder.write("# A\n\nwords", to: "docs/a.md")
        #expect(mkfifo(desk.url.appending(path: "docs/pipe.md").path, 0o600) == 0)
        let run = try desk.docket("ingest", "docs", wrapper: ["/usr/bin/timeout", "60"])
        #expect(run.status == 6 && run.output.hasPrefix("1 added"))
        #expect(run.errors.contains("failed: pipe.md: is not a regular file"), "\(run.errors)")
    }
}
