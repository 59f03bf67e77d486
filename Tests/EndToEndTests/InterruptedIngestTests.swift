import Foundation
import TestSupport
import Testing

/// An ingest that is killed leaves a database that serves the old generation, and the next one finishes its work.
@Suite struct InterruptedIngestTests {
    private static let pageCount = 120

    private static func text(_ number: Int, _ word: String) -> String {
        let sections = (0..<4).map {
            "## Section \($0)\n\n" + (0..<40).map { "\(word)\(number)x\($0)" }.joined(separator: " ")
        }
        return "# Page \(number)\n\n" + sections.joined(separator: "\n\n") + "\n"
    }

    /// A desk with a generation that serves, and pages that were changed, added and deleted since.
    private static func edited() throws -> Desk {
        let desk = try Desk()
        for number in 0..<20 { try desk.folder.write(text(number, "old"), to: "docs/p\(number).md") }
        #expect(try desk.docket("ingest", "docs").status == 0)
        try desk.folder.remove("docs/p19.md")
        for number in 0..<pageCount where number != 19 && number > 4 {
            try desk.folder.write(text(number, "new"), to: "docs/p\(number).md")
        }
        return desk
    }

    private func documents(_ shown: [String]) -> [String: Int] {
        Dictionary(grouping: shown) { String($0.prefix { $0 != ":" }) }.mapValues(\.count)
    }

    /// What is served after the kill is the old generation, whole but for the deleted page, or already the new one.
    private func expectOldGenerationThenNew(_ desk: Desk) throws {
        let (old, new) = try Self.served.get()
        let after = try desk.shown()
        let withoutDeleted = old.filter { !$0.hasPrefix("p19:") }
        #expect([old, withoutDeleted, new].contains(after), "\(documents(after))")
        let second = try desk.docket("ingest", "--json", "docs")
        #expect(second.status == 0, "\(second.errors)")
        #expect(try desk.shown() == new)
        let third = try desk.docket("ingest", "--json", "docs").json()
        #expect(try third.integer("unchanged") == Self.pageCount - 1 && third.integer("embedded") == 0)
        #expect(try third.integer("generation") == second.json().integer("generation"))
        let folders = try FileManager.default.contentsOfDirectory(atPath: desk.indexes.path)
        let generations = folders.filter { !$0.contains("-segment-") }
        #expect(generations.count <= 2, "only the serving generation and the one before it are left: \(folders)")
        #expect(folders.count - generations.count <= 3, "and their segments: \(folders)")
    }

    /// What is served before the edits, and what an ingest that nothing interrupts makes of them.
    private static let served = Result {
        let desk = try edited()
        let old = try desk.shown()
        try #require(try desk.docket("ingest", "docs").status == 0)
        return (old: old, new: try desk.shown())
    }

    /// Killed as soon as the progress on its terminal says what it is doing.
    @Test(arguments: ["reading", "embedding 0/", "embedding 128/", "indexing"])
    func killedWhileItWorks(_ moment: String) throws {
        let desk = try Self.edited()
        let terminal = try Terminal()
        let process = Process()
        process.executableURL = Desk.binary
        process.arguments = ["ingest", "docs"]
        process.currentDirectoryURL = desk.url
        process.environment = Desk.environment(model: Repository.tinyModel)
        process.standardOutput = FileHandle.nullDevice
        process.standardError = terminal.handle
        try process.run()
        _ = terminal.wait(for: moment)
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        try expectOldGenerationThenNew(desk)
    }

    /// What becomes of a process at the first write past a size: killed by the system, or told that the file is too large,
    /// as it would be told that the disk is full.
    enum Limit: String, CaseIterable {
        case killed, refused

        func shell(kibibytes: Int) -> [String] {
            let disposition = self == .killed ? "--default-signal=XFSZ" : "--ignore-signal=XFSZ"
            return [
                "/usr/bin/env", disposition, "/bin/bash", "-c", "ulimit -c 0; ulimit -f \(kibibytes); exec \"$@\"",
                "bash",
            ]
        }

        func expectEnd(_ run: DocketRun) {
            switch self {
            case .killed: #expect(run.signal == SIGXFSZ)
            case .refused:
                #expect(run.status == 4 && run.output == "" && run.signal == nil)
                #expect(run.errors.hasPrefix("docket: /") && run.errors.contains(": "), "\(run.errors)")
            }
        }
    }

    /// In the log, in the database, in an index file.
    @Test(arguments: [4, 64, 200, 500, 1_000, 2_000], Limit.allCases)
    func stoppedAtAWrite(kibibytes: Int, _ limit: Limit) throws {
        let desk = try Self.edited()
        let run = try desk.docket("ingest", "docs", wrapper: limit.shell(kibibytes: kibibytes))
        if kibibytes < 100 || run.status != 0 { limit.expectEnd(run) }
        try expectOldGenerationThenNew(desk)
    }

    @Test(arguments: [1, 16, 32, 64, 128], Limit.allCases)
    func theVeryFirstIngestStoppedAtAWrite(kibibytes: Int, _ limit: Limit) throws {
        let desk = try Desk()
        for number in 0..<Self.pageCount { try desk.folder.write(Self.text(number, "new"), to: "docs/p\(number).md") }
        limit.expectEnd(try desk.docket("ingest", "docs", wrapper: limit.shell(kibibytes: kibibytes)))
        let search = try desk.docket("search", "anything")
        #expect(search.status == 4 && search.errors.contains("docket ingest"), "\(search.errors)")
        #expect(try desk.docket("ingest", "docs").status == 0)
        #expect(try documents(desk.shown()).count == Self.pageCount)
    }
}
