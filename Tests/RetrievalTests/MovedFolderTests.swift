import Foundation
import Retrieval
import Storage
import TestSupport
import Testing

/// A folder that was ingested and has another path now.
@Suite struct MovedFolderTests {
    let handbook: Handbook

    init() throws {
        handbook = try Handbook([
            "a.md": "# A\n\nalpha", "pg/b.md": page("id: backup", "# B\n\nbeta"), "c.md": "# C\n\ngamma",
        ])
        try handbook.ingest()
    }

    private func path(_ name: String) -> String { handbook.folder.url.appending(path: name).path }

    private func rename(_ name: String, to other: String) throws {
        try FileManager.default.moveItem(atPath: path(name), toPath: path(other))
    }

    @Test func aMovedFolderTakesItsPagesAlong() throws {
        try rename("docs", to: "manual")
        var moves: [IngestProgress] = []
        let summary = try handbook.ingest(["manual"]) { if case .moving = $0 { moves.append($0) } }
        #expect(summary.errors == [])
        #expect((summary.changed, summary.added, summary.removed, summary.embedded) == (3, 0, 0, 0))
        #expect(moves == [.moving(from: path("docs"), to: path("manual"))])
        #expect(try handbook.searcher().documents() == ["a", "backup", "c"])
        #expect(try Set(handbook.store.currentDocuments().map(\.source)) == [path("manual")])
        #expect(try handbook.store.namedParts() == [NamedPart(source: path("manual"), scope: "")])
        #expect(try handbook.ingest([]).unchanged == 3)
        try rename("manual", to: "docs")
        #expect(try handbook.ingest().changed == 3, "and back")
    }

    @Test func whatChangedOnTheWayIsChangedAndAdded() throws {
        try rename("docs", to: "manual")
        try handbook.folder.write(page("audience: secret", "# A\n\nalpha anew"), to: "manual/a.md")
        try handbook.folder.write("# D\n\ndelta", to: "manual/d.md")
        let summary = try handbook.ingest(["manual"])
        #expect((summary.failed, summary.changed, summary.added, summary.embedded) == (0, 3, 1, 2))
        let staff = SearchFilters(audiences: ["public", "internal"])
        #expect(try handbook.searcher().documents(staff) == ["backup", "c", "d"])
    }

    /// What is not certain is not done: one message names the folder that is gone and what to do.
    @Test(arguments: ["c.md", "pg/b.md"]) func aFolderWithoutOneOfThePagesIsNotTakenForMoved(_ path: String) throws {
        try rename("docs", to: "manual")
        try handbook.folder.remove("manual/" + path)
        for _ in 1...2 {
            let summary = try handbook.ingest(["manual"])
            #expect((summary.failed, summary.changed, summary.added, summary.removed) == (1, 0, 0, 0))
            let failure = try #require(summary.errors.first)
            #expect(failure.path == self.path("docs"))
            #expect(
                failure.message.contains("2 pages of \(self.path("manual"))")
                    && failure.message.contains("`docket ingest \(self.path("docs")) \(self.path("manual"))`"),
                "\(failure.message)")
        }
        try FileManager.default.createDirectory(atPath: self.path("docs"), withIntermediateDirectories: false)
        let summary = try handbook.ingest(["docs", "manual"])
        #expect((summary.failed, summary.changed, summary.removed) == (0, 2, 1), "what the message says helps")
    }

    @Test func aCopyIsNoMove() throws {
        try FileManager.default.copyItem(atPath: path("docs"), toPath: path("manual"))
        let summary = try handbook.ingest(["manual"])
        #expect(summary.failed == 3)
        for failure in summary.errors { #expect(failure.message.contains(path("docs") + "/"), "\(failure.message)") }
        #expect(try Set(handbook.store.currentDocuments().map(\.source)) == [path("docs")])
    }

    @Test func anotherIDIsNoMove() throws {
        try rename("docs", to: "manual")
        try handbook.folder.write(page("id: other", "# A\n\nalpha"), to: "manual/a.md")
        let summary = try handbook.ingest(["manual"])
        #expect((summary.failed, summary.added) == (1, 1))
        #expect(try handbook.searcher().documents() == ["a", "backup", "c", "other"])
    }

    /// Whoever moves a folder often leaves a link behind.
    @Test func aLinkInPlaceOfTheFolderIsTheFolder() throws {
        try rename("docs", to: "manual")
        try FileManager.default.createSymbolicLink(atPath: path("docs"), withDestinationPath: "manual")
        #expect(try handbook.ingest([]).unchanged == 3, "what was named is read where it leads")
        try handbook.folder.remove("manual/c.md")
        let summary = try handbook.ingest(["manual"])
        #expect((summary.failed, summary.changed, summary.removed, summary.embedded) == (0, 2, 1, 0))
        #expect(try handbook.ingest(["docs"]).unchanged == 2)
        #expect(try handbook.store.namedParts() == [NamedPart(source: path("manual"), scope: "")])
    }

    @Test func aFolderThatMovedBelowAnotherMovesWithIt() throws {
        try handbook.folder.write("# Other\n\nomega", to: "all/other.md")
        try rename("docs", to: "all/docs")
        let summary = try handbook.ingest(["all/docs"])
        #expect((summary.failed, summary.changed) == (0, 3))
        #expect(try handbook.ingest(["all"]).failed == 0)
        #expect(try handbook.searcher().documents().count == 4)
    }
}
