import Foundation
import Retrieval
import Storage
import TestSupport
import Testing
import TextEmbedding

@Suite struct IngestRunTests {
    private static let keys: Set = [
        "added", "changed", "removed", "unchanged", "failed", "chunks", "embedded", "reused", "seconds", "generation",
        "errors", "passed_over",
    ]

    /// The integers of an ingest's object, in the order of the contract.
    private func counts(_ run: DocketRun) throws -> [Int] {
        let object = try run.json()
        #expect(object.keys == Self.keys)
        #expect(try object.number("seconds") >= 0)
        return try ["added", "changed", "removed", "unchanged", "failed", "embedded", "generation"].map(object.integer)
    }

    @Test func theWalkOfADocWriter() throws {
        let desk = try Desk(Desk.handbook)
        let first = try desk.docket("ingest", "--json", "docs")
        #expect(first.status == 0 && first.errors == "")
        let embedded = try first.json().integer("embedded")
        #expect(try counts(first) == [3, 0, 0, 0, 0, embedded, 1])
        #expect(try counts(desk.docket("ingest", "--json", "docs")) == [0, 0, 0, 3, 0, 0, 1])
        #expect(try counts(desk.docket("ingest", "--json")) == [0, 0, 0, 3, 0, 0, 1])
        try desk.folder.write("# Quota\n\nDelete old keys.", to: "docs/redis/quota.md")
        #expect(try counts(desk.docket("ingest", "--json", "docs")) == [0, 1, 0, 2, 0, 1, 2])
        #expect(try !desk.shown().contains { $0.contains("maxmemory") })
        #expect(try desk.shown().contains { $0.contains("old keys") })
        try desk.folder.remove("docs/redis/quota.md")
        #expect(try counts(desk.docket("ingest", "--json", "docs/redis/quota.md")) == [0, 0, 1, 0, 0, 0, 3])
        #expect(try !desk.shown().contains { $0.contains("old keys") })
        try FileManager.default.moveItem(
            at: desk.url.appending(path: "docs/failover.md"), to: desk.url.appending(path: "docs/redis/ha.md"))
        #expect(try counts(desk.docket("ingest", "--json", "docs")) == [0, 1, 0, 1, 0, 0, 4])
    }

    @Test func theTextSaysWhatTheObjectSays() throws {
        let desk = try Desk(Desk.handbook)
        let first = try desk.docket("ingest", "docs")
        #expect(first.output.hasPrefix("3 added, 0 changed, 0 removed, 0 unchanged, 0 failed\ngeneration 1: "))
        let second = try desk.docket("ingest", "docs")
        #expect(second.output.contains("3 unchanged") && second.output.contains("nothing to do, generation 1 stays"))
        #expect(first.errors == "" && second.errors == "")
    }

    @Test func aDeletionIsSeenByASearchThatWasOpenInAnotherProcess() throws {
        let desk = try Desk.ingested()
        let store = try Store(in: desk.url.appending(path: ".docket"), creating: false)
        let encoder = try TextEncoder(
            contentsOf: Repository.tinyModel, precision: .int8, turns: EncoderTurns(threadCount: 1))
        let opened = try Searcher(store: store, embedder: .model(encoder), indexes: desk.indexes)
        let everyone = SearchFilters(audiences: ["public", "internal"])
        func documents() throws -> Set<String> {
            Set(try opened.search("quota", filters: everyone, limit: 100).passages.map(\.document.id))
        }
        #expect(try documents().contains("redis/quota"))
        try desk.folder.remove("docs/redis/quota.md")
        #expect(try desk.docket("ingest").status == 0)
        #expect(try documents() == ["pg/failover", "pg/failover-old"])
        try desk.folder.write("# New\n\nnew words", to: "docs/new.md")
        #expect(try desk.docket("ingest").status == 0)
        #expect(try documents() == ["new", "pg/failover", "pg/failover-old"])
    }

    @Test func brokenPagesAreReportedAndTheRestGoesOn() throws {
        let desk = try Desk.ingested()
        try desk.folder.write([0x23, 0x20, 0xFF], to: "docs/latin.md")
        try desk.folder.write(page("titel: x", "# T"), to: "docs/redis/quota.md")
        try desk.folder.write("# New\n\nnew words", to: "docs/new.md")
        let run = try desk.docket("ingest", "--json", "docs")
        #expect(run.status == 6 && run.errors == "")
        #expect(try counts(run).prefix(5) == [1, 0, 0, 2, 2])
        let errors = try run.json().objects("errors")
        #expect(errors.allSatisfy { $0.keys == ["path", "line", "message"] })
        #expect(
            try errors.map { "\(try $0.string("path")):\(try $0.integer("line"))" } == [
                "latin.md:1", "redis/quota.md:2",
            ])
        #expect(try errors[1].string("message").contains("title"), "the known key that is meant")
        let text = try desk.docket("ingest", "docs")
        #expect(text.status == 6)
        #expect(
            text.errors.split(separator: "\n").map { String($0.prefix(26)) }
                == ["failed: latin.md:1: is not ", "failed: redis/quota.md:2: "].map { String($0.prefix(26)) })
        #expect(try desk.shown().contains { $0.contains("maxmemory") }, "the last good revision is kept")
    }

    @Test(arguments: [["ingest", "none"], ["ingest", "docs", "none"], ["ingest", "docs/none.md"]])
    func aPathThatIsNotThereIsBadInput(_ arguments: [String]) throws {
        let desk = try Desk.ingested()
        let run = try desk.run([Desk.binary.path] + arguments)
        #expect(run.status == 3)
        #expect(run.errors.contains("none") && run.errors.contains("no such file or folder"))
        #expect(try desk.shown().count > 3)
    }

    @Test func anEmptyFolderServesNothing() throws {
        let desk = try Desk(["docs/notes.docx": "no page"])
        #expect(try desk.docket("ingest", "docs").status == 0)
        let run = try desk.docket("search", "anything")
        #expect(run.status == 1 && run.output == "")
    }

    @Test func withoutAFolderThereHasToBeOneFromBefore() throws {
        let run = try Desk().docket("ingest")
        #expect(run.status == 4)
        #expect(run.errors.contains("docket ingest FOLDER"))
    }

    @Test func aSecondIngestAtTheSameTimeIsRefused() throws {
        let desk = try Desk.ingested()
        let lock = open(desk.database.path + ".ingest-lock", O_RDWR)
        #expect(flock(lock, LOCK_EX | LOCK_NB) == 0)
        let run = try desk.docket("ingest", "docs")
        #expect(run.status == 4)
        #expect(run.errors.contains("another ingest is running"))
        #expect(try desk.docket("search", "standby").status == 0, "a search does not wait")
        close(lock)
        #expect(try desk.docket("ingest", "docs").status == 0)
    }

    @Test func anotherModelIsRefusedAndCanBeChangedTo() throws {
        let desk = try Desk.ingested()
        let other = Repository.tinyModel.appending(path: "../tiny-bert-cls").standardizedFileURL
        for command in [["ingest", "docs"], ["search", "standby"]] {
            let run = try desk.run([Desk.binary.path] + command, model: other)
            #expect(run.status == 4)
            #expect(run.errors.contains("--model") && run.errors.contains("--change-model"))
        }
        let run = try desk.docket("ingest", "--change-model", "--json", "docs", model: other)
        #expect(run.status == 0)
        #expect(try run.json().integer("embedded") == run.json().integer("chunks"))
        #expect(try desk.docket("search", "standby", model: other).status == 0)
        #expect(try desk.docket("search", "standby").status == 4)
    }

    @Test(arguments: ["rows", "vectors", "postings"])
    func aDamagedIndexNamesItsFileAndIsRebuiltFromTheDatabase(_ name: String) throws {
        let desk = try Desk.ingested()
        let before = try desk.shown()
        let folder = try desk.segment()
        let path = desk.indexes.appending(path: "\(folder)/\(name).docketindex").path
        try FileHandle(forWritingTo: URL(filePath: path)).truncate(atOffset: 100)
        for command in [["search", "standby"], ["search", "--json", "standby"], ["doctor"], ["bench", "search"]] {
            let run = try desk.run([Desk.binary.path] + command)
            #expect(run.status == 4)
            #expect((run.errors + run.output).contains(path) && (run.errors + run.output).contains("docket ingest"))
        }
        let run = try desk.docket("ingest")
        #expect(run.status == 0)
        #expect(run.errors.contains("rebuilding the index") && run.output.contains(" 0 embedded"))
        #expect(try desk.shown() == before)
    }

    @Test func dataDirectoriesMayShareAFolderOfIndexes() throws {
        let desk = try Desk(Desk.handbook.merging(["other/z.md": "# Z\n\nzulu"]) { $1 })
        let shared = ["DOCKET_INDEXES": desk.url.appending(path: "shared").path]
        for round in 1...2 {
            #expect(try desk.docket("ingest", "docs", environment: shared).status == 0)
            #expect(try desk.docket("ingest", "other", "--data", "second", "--indexes", "shared").status == 0)
            let first = try desk.docket("search", "--json", "zulu", environment: shared).json()
            #expect(try first.integer("generation") == round)
            #expect(try first.objects("passages").allSatisfy { try $0.string("document") != "z" })
            let second = try desk.docket("search", "--json", "zulu", "--data", "second", "--indexes", "shared").json()
            #expect(try second.objects("passages").map { try $0.string("document") } == ["z"])
            try desk.folder.write("# Z\n\nzulu \(round)", to: "other/z.md")
            try desk.folder.write("# New\n\nnew \(round)", to: "docs/new.md")
        }
        #expect(!FileManager.default.fileExists(atPath: desk.indexes.path))
    }
}
