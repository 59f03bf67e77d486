import Foundation
import Retrieval
import Storage
import TestSupport
import Testing

@Suite struct SourceTests {
    let handbook: Handbook

    init() throws {
        handbook = try Handbook([
            "a.md": "# A\n\nsome words", "pg/b.md": "# B\n\nsome words", "pg/ha/c.md": "# C\n\nsome words",
            "pgx.md": "# X\n\nsome words",
        ])
    }

    private func removeAll() throws {
        for path in ["a.md", "pg/b.md", "pg/ha/c.md", "pgx.md"] { try handbook.remove(path) }
    }

    @Test(arguments: [
        ("docs/pg", ["a", "pgx"], 2), ("docs/pg/b.md", ["a", "pg/ha/c", "pgx"], 1),
        ("docs/pg/ha", ["a", "pg/b", "pgx"], 1),
        ("docs", [], 4),
    ])
    func aPartOfASourceTouchesThatPartOnly(_ part: String, remaining: [String], removedCount: Int) throws {
        try handbook.ingest()
        try removeAll()
        #expect(try handbook.ingest([part]).removed == removedCount)
        #expect(try handbook.searcher().documents() == remaining)
    }

    @Test(arguments: ["docs/pg", "docs/pg/b.md"])
    func aPartOfASourceThatIsGoneIsRemoved(_ part: String) throws {
        try handbook.ingest()
        try handbook.folder.remove(part)
        #expect(try handbook.ingest([part]).removed > 0)
        #expect(try !handbook.searcher().documents().contains("pg/b"))
    }

    @Test(arguments: ["docs/none", "docs/none.md", "none"]) func aPathThatNobodyKnowsIsRefused(_ path: String) throws {
        try handbook.ingest()
        #expect(throws: RetrievalError.noFolder(path: handbook.folder.url.appending(path: path).path)) {
            try handbook.ingest([path])
        }
        #expect(try handbook.searcher().documents().count == 4)
    }

    @Test func aPartAddsAndChangesPagesUnderTheirIDsInTheWhole() throws {
        try handbook.ingest()
        try handbook.write("# B anew\n\nsome words", to: "pg/b.md")
        try handbook.write("# D\n\nsome words", to: "pg/d.md")
        try handbook.write("# E\n\nsome words", to: "e.md")
        let summary = try handbook.ingest(["docs/pg"])
        #expect((summary.added, summary.changed, summary.unchanged) == (1, 1, 1))
        #expect(try handbook.searcher().documents() == ["a", "pg/b", "pg/d", "pg/ha/c", "pgx"])
    }

    @Test(arguments: [["docs", "docs"], ["docs/pg", "docs"], ["docs", "docs/pg/b.md"], ["docs/../docs", "docs"]])
    func foldersNamedTwiceOrInsideEachOtherAreOneSource(_ roots: [String]) throws {
        let summary = try handbook.ingest(roots)
        #expect((summary.added, summary.failed) == (4, 0))
        #expect(try handbook.searcher().documents() == ["a", "pg/b", "pg/ha/c", "pgx"])
        #expect(Set(try handbook.store.currentDocuments().map(\.source)).count == 1)
    }

    @Test func aFolderAroundASourceTakesItsPagesOver() throws {
        try handbook.write(page("id: backup", "# Backup\n\nTake a dump."), to: "pg/dump.md")
        try handbook.ingest(["docs/pg"])
        #expect(try handbook.searcher().documents() == ["b", "backup", "ha/c"])
        let summary = try handbook.ingest()
        #expect(summary.errors == [])
        #expect((summary.added, summary.changed, summary.embedded) == (2, 3, 2), "a.md and pgx.md are new")
        #expect(try handbook.searcher().documents() == ["a", "backup", "pg/b", "pg/ha/c", "pgx"])
        #expect(try handbook.ingest([]).unchanged == 5)
        #expect(try handbook.ingest(["docs/pg"]).unchanged == 3)
    }

    @Test func aPageBrokenWhileItsSourceIsTakenOverKeepsItsRevision() throws {
        try handbook.ingest(["docs/pg"])
        try handbook.write(page("titel: x", "# B\n\nsome words"), to: "pg/b.md")
        #expect(try handbook.ingest().failed == 1)
        #expect(try handbook.searcher().documents() == ["a", "b", "pg/ha/c", "pgx"])
        try handbook.write("# B\n\nsome words", to: "pg/b.md")
        #expect(try handbook.ingest([]).failed == 0)
        #expect(try handbook.searcher().documents() == ["a", "pg/b", "pg/ha/c", "pgx"])
    }

    @Test func aPageMovesFromOneSourceToAnother() throws {
        try handbook.folder.write(page("id: runbook", "# Runbook\n\nsome words"), to: "drafts/runbook.md")
        for (roots, from, to) in [
            (["docs", "drafts"], "drafts/runbook.md", "docs/runbook.md"),
            (["docs", "drafts"], "docs/runbook.md", "drafts/runbook.md"),
        ] {
            try handbook.ingest(roots)
            try FileManager.default.moveItem(
                at: handbook.folder.url.appending(path: from), to: handbook.folder.url.appending(path: to))
            let summary = try handbook.ingest(["drafts", "docs"])
            #expect((summary.errors, summary.changed, summary.removed, summary.embedded) == ([], 1, 0, 0))
            #expect(try handbook.searcher().documents() == ["a", "pg/b", "pg/ha/c", "pgx", "runbook"])
        }
    }

    @Test func aSourceThatIsGoneIsReportedAndTheOthersGoOn() throws {
        try handbook.folder.write("# Draft\n\nsome words", to: "drafts/d.md")
        try handbook.ingest(["docs", "drafts"])
        try handbook.folder.remove("drafts")
        try handbook.write("# New\n\nsome words", to: "new.md")
        let summary = try handbook.ingest([])
        #expect((summary.added, summary.removed, summary.failed) == (1, 0, 1))
        #expect(summary.errors.first?.path == handbook.folder.url.appending(path: "drafts").path)
        #expect(try handbook.searcher().documents().contains("d"))
        #expect(throws: RetrievalError.noFolder(path: handbook.folder.url.appending(path: "drafts").path)) {
            try handbook.ingest(["drafts"])
        }
        try FileManager.default.createDirectory(
            at: handbook.folder.url.appending(path: "drafts"), withIntermediateDirectories: true)
        #expect(try handbook.ingest([]).removed == 1, "an empty folder removes its pages")
        #expect(try !handbook.searcher().documents().contains("d"))
    }

    @Test func aSingleFileOfAnotherFormatIsRefusedByName() throws {
        try handbook.write("text", to: "notes.docx")
        let summary = try handbook.ingest(["docs/notes.docx"])
        #expect(summary.errors.map(\.path) == ["notes.docx"])
        #expect(summary.errors.first?.message.contains("docx") ?? false)
    }

    @Test func aSourceNamedThroughASymbolicLinkIsTheSameSource() throws {
        try handbook.ingest()
        try FileManager.default.createSymbolicLink(
            at: handbook.folder.url.appending(path: "link"), withDestinationURL: handbook.docs)
        #expect(try handbook.ingest(["link"]).unchanged == 4)
        try handbook.remove("pg/b.md")
        #expect(try handbook.ingest(["link/pg/b.md"]).removed == 1)
    }

    @Test func databasesMayShareAFolderOfIndexes() throws {
        let other = try Handbook(["z.md": "# Z\n\nzulu"])
        let shared = other.folder.url.appending(path: "shared")
        func ingest(_ handbook: Handbook) throws -> IngestSummary {
            try Ingester(
                store: handbook.store, embedder: Handbook.tiny.get(), indexes: shared, audiences: Handbook.audiences,
                report: { _ in }
            ).ingest([handbook.docs])
        }
        func documents(_ handbook: Handbook) throws -> [String] {
            try Searcher(store: handbook.store, embedder: Handbook.tiny.get(), indexes: shared).documents()
        }
        for round in 1...3 {
            #expect(try ingest(handbook).generation == round)
            #expect(try ingest(other).generation == round)
            #expect(try documents(handbook).count == 4)
            #expect(try documents(other) == ["z"])
            try handbook.write("# A \(round)\n\nsome words", to: "a.md")
            try other.write("# Z \(round)\n\nsome words", to: "z.md")
        }
        let folders = try FileManager.default.contentsOfDirectory(atPath: shared.path)
        let generations = folders.filter { !$0.contains("-segment-") }
        #expect(generations.count == 4, "each keeps the last generation with the one that is served: \(folders)")
    }
}
