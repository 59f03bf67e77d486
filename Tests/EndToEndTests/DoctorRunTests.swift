import Foundation
import TestSupport
import Testing

@Suite struct DoctorRunTests {
    private static let parts: Set = ["blas", "processor", "model", "database", "index"]

    /// What doctor finds wrong, by part; every part is named whatever is wrong with another.
    private func problems(_ desk: Desk, _ arguments: [String] = []) throws -> [String: String] {
        let run = try desk.run([Desk.binary.path, "doctor", "--json"] + arguments)
        #expect(run.errors == "")
        let object = try run.json()
        #expect(object.keys == Self.parts)
        var problems: [String: String] = [:]
        for part in Self.parts {
            let finding = try object.object(part)
            #expect(finding.keys == ["is", "ok", "warning", "problem"])
            #expect(try finding.boolean("ok") == finding.isNull("problem"))
            #expect(try !finding.string("is").isEmpty)
            if !finding.isNull("problem") { problems[part] = try finding.string("problem") }
        }
        #expect(run.status == (problems.isEmpty ? 0 : 4))
        let text = try desk.run([Desk.binary.path, "doctor"] + arguments)
        #expect(text.status == run.status)
        for part in Self.parts { #expect(text.output.contains(part)) }
        for problem in problems.values { #expect(text.output.contains(problem)) }
        return problems
    }

    @Test func aSoundDeskHasNoProblem() throws {
        let desk = try Desk.ingested()
        #expect(try problems(desk) == [:])
        let object = try desk.docket("doctor", "--json").json()
        #expect(try object.object("model").string("is").hasPrefix("tiny-bert-mean, 48 dimensions, mean pooling"))
        #expect(try object.object("database").string("is").hasPrefix("3 documents, "))
        #expect(try object.object("index").string("is").hasPrefix("generation 1 in "))
        #expect(try object.object("processor").string("is").contains(" × "))
    }

    @Test func kernelsThatAreNotThereAreAWarning() throws {
        let run = try Desk.ingested().docket("doctor", environment: ["DOCKET_KERNEL": "abacus"])
        #expect(run.status == 0 && run.output.contains("DOCKET_KERNEL asks for \"abacus\""), "\(run.output)")
        let scalar = try Desk.ingested().docket("doctor", environment: ["DOCKET_KERNEL": "scalar"])
        #expect(scalar.output.contains("kernels scalar") && !scalar.output.contains("DOCKET_KERNEL"))
    }

    @Test func beforeTheFirstIngestTheNextStepIsNamed() throws {
        let found = try problems(Desk())
        #expect(Set(found.keys) == ["database", "index"])
        #expect(found["database"]?.contains("docket ingest FOLDER") ?? false)
    }

    @Test func aMissingModelIsNamedWithItsRemedy() throws {
        let found = try problems(Desk.ingested(), ["--model", "nowhere"])
        #expect(Set(found.keys) == ["model", "index"])
        #expect(found["model"]?.contains("nowhere/config.json") ?? false)
        #expect(found["model"]?.contains("scripts/fetch-model") ?? false)
    }

    @Test func anotherModelIsAProblemOfTheIndex() throws {
        let other = Repository.tinyModel.appending(path: "../tiny-bert-cls").standardizedFileURL.path
        let found = try problems(Desk.ingested(), ["--model", other])
        #expect(Set(found.keys) == ["index"])
        #expect(found["index"]?.contains("--change-model") ?? false)
    }

    @Test func aMissingIndexIsNamedWithItsRemedy() throws {
        let desk = try Desk.ingested()
        try FileManager.default.removeItem(at: desk.indexes)
        let found = try problems(desk)
        #expect(Set(found.keys) == ["index"])
        #expect(found["index"]?.contains("docket ingest") ?? false)
    }

    @Test(arguments: [
        "not a database at all, and longer than the hundred bytes that SQLite's header has, which it reads first", "",
    ])
    func aFileThatIsNoDatabaseIsRefused(_ text: String) throws {
        let desk = try Desk([".docket/docket.sqlite": text, "docs/a.md": "# A\n\nwords"])
        guard !text.isEmpty else {
            #expect(try desk.docket("ingest", "docs").status == 0, "an empty file is a new database")
            return
        }
        #expect(try problems(desk)["database"]?.contains("--data") ?? false)
        for command in [["ingest", "docs"], ["search", "x"], ["status"], ["ticket", "list"]] {
            #expect(try desk.run([Desk.binary.path] + command).status == 4)
        }
        #expect(try Data(contentsOf: desk.database) == Data(text.utf8), "it is left as it was")
    }

    @Test func anotherProgramsDatabaseIsLeftAlone() throws {
        let desk = try Desk()
        try FileManager.default.createDirectory(
            at: desk.url.appending(path: ".docket"), withIntermediateDirectories: true)
        try sqlite(desk, "create table contacts (name text); insert into contacts values ('Ada');")
        let before = try Data(contentsOf: desk.database)
        #expect(try problems(desk)["database"]?.contains("--data") ?? false)
        #expect(try desk.docket("ingest", ".").status == 4)
        #expect(try Data(contentsOf: desk.database) == before)
    }

    @Test func aDatabaseOfANewerVersionIsRefused() throws {
        let desk = try Desk.ingested()
        try sqlite(desk, "insert into grdb_migrations values ('999: from the future');")
        #expect(try problems(desk)["database"]?.contains("newer version") ?? false)
        for command in [["ingest", "docs"], ["search", "x"]] {
            let run = try desk.run([Desk.binary.path] + command)
            #expect(run.status == 4 && run.errors.contains("newer version"))
        }
    }

    @Test func aTruncatedDatabaseIsRefusedWithARemedy() throws {
        let desk = try Desk.ingested()
        try sqlite(desk, "pragma wal_checkpoint(truncate);")
        let handle = try FileHandle(forWritingTo: desk.database)
        try handle.truncate(atOffset: handle.seekToEnd() / 2)
        try handle.close()
        let found = try problems(desk)
        #expect(found["database"]?.contains("malformed") ?? false, "\(found)")
        #expect(found["database"]?.contains("restore") ?? false, "\(found)")
        #expect(try desk.docket("search", "x").status == 4)
    }

    @Test func aDataDirectoryThatIsAFileIsRefused() throws {
        let desk = try Desk(["file": "x", "docs/a.md": "# A\n\nwords"])
        for data in ["file", "file/below"] {
            let run = try desk.docket("ingest", "docs", "--data", data)
            #expect(run.status == 4)
            #expect(run.errors.contains(data) && !run.errors.contains("NSCocoaErrorDomain"), "\(run.errors)")
        }
    }

    @Test func statusCountsWhatIsThere() throws {
        let desk = try Desk.ingested()
        let object = try desk.docket("status", "--json").json()
        #expect(try object.integer("documents") == 3 && object.integer("generation") == 1)
        #expect(try !object.boolean("pending_changes"))
        let text = try desk.docket("status")
        #expect(text.status == 0 && text.output.contains("documents        3\n") && text.errors == "")
    }

    /// Runs SQL on a database with Python's SQLite, an implementation that is not ours.
    private func sqlite(_ desk: Desk, _ sql: String) throws {
        let script =
            "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.executescript(sys.argv[2]); c.commit(); c.close()"
        let run = try desk.run(["/usr/bin/env", "python3", "-c", script, desk.database.path, sql])
        try #require(run.status == 0, "\(run.errors)")
    }
}
