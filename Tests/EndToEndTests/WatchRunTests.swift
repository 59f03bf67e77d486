import Foundation
import TestSupport
import Testing

/// `docket ingest --watch`: what is saved is found, without another command.
@Suite struct WatchRunTests {
    private let desk: Desk
    private let watch: RunningDocket

    /// A watch whose first ingest is done.
    init() throws {
        desk = try Desk(["docs/a.md": "# A\n\nalpha", "docs/sub/b.md": "# B\n\nbeta"])
        watch = try RunningDocket(desk, "ingest", "--watch", "--json", "docs")
        #expect(try watch.json().integer("added") == 2)
        #expect(try watch.complaint(containing: "watching 2 folders") != nil)
    }

    @Test func aSavedPageIsFoundAndTheOldWordsAreNot() throws {
        try desk.folder.write("# A\n\nomega", to: "docs/a.md")
        let summary = try watch.change()
        #expect(try (summary.integer("changed"), summary.integer("unchanged")) == (1, 1))
        #expect(try desk.shown() == ["a: # A\n\nomega", "sub/b: # B\n\nbeta"])
        #expect(watch.end() == (0, false))
    }

    /// As editors save: a file of another name, put in the page's place.
    @Test func aPageThatIsReplacedByARenameIsFound() throws {
        try desk.folder.write("# B\n\nomega", to: "docs/sub/.b.md.swp")
        try FileManager.default.removeItem(at: desk.url.appending(path: "docs/sub/b.md"))
        try FileManager.default.moveItem(
            at: desk.url.appending(path: "docs/sub/.b.md.swp"), to: desk.url.appending(path: "docs/sub/b.md"))
        #expect(try watch.change().integer("changed") == 1)
        #expect(try desk.shown().contains("sub/b: # B\n\nomega"))
    }

    @Test func renamedAndDeletedPagesAreSeen() throws {
        try FileManager.default.moveItem(
            at: desk.url.appending(path: "docs/a.md"), to: desk.url.appending(path: "docs/c.md"))
        #expect(try watch.change().integer("removed") == 1)
        #expect(try desk.shown() == ["c: # A\n\nalpha", "sub/b: # B\n\nbeta"])
        try desk.folder.remove("docs/c.md")
        #expect(try watch.change().integer("removed") == 1)
        #expect(try desk.shown() == ["sub/b: # B\n\nbeta"])
    }

    /// Another folder takes the place of one that was moved away with the one above it, which no event tells.
    @Test func aFolderInTheOldOnesPlaceIsRead() throws {
        try desk.folder.write("# C\n\nbefore", to: "up/docs/c.md")
        let other = try RunningDocket(desk, "ingest", "--watch", "--json", "up/docs")
        #expect(try other.json().integer("added") == 1)
        #expect(try other.complaint(containing: "watching") != nil)
        try FileManager.default.moveItem(at: desk.url.appending(path: "up"), to: desk.url.appending(path: "away"))
        try desk.folder.write("# C\n\nbehind", to: "up/docs/c.md")
        while try other.change().integer("changed") == 0 {}
        #expect(try desk.shown().contains("c: # C\n\nbehind"))
        #expect(other.end() == (0, false))
    }

    @Test func aRemovedFolderIsNotBroughtBack() throws {
        try desk.folder.write("# O\n\nother", to: "other/o.md")
        #expect(try desk.docket("ingest", "other").status == 0)
        #expect(watch.end() == (0, false))
        let both = try RunningDocket(desk, "ingest", "--watch", "--json", "docs", "other")
        _ = try both.json()
        #expect(try both.complaint(containing: "watching") != nil)
        #expect(try desk.docket("remove", "docs").status == 0)
        try desk.folder.write("# O\n\nomega", to: "other/o.md")
        while try both.change().integer("changed") == 0 {}
        #expect(try desk.shown() == ["o: # O\n\nomega"])
        #expect(both.end() == (0, false))
    }

    @Test func foldersThatAreNewAreWatchedToo() throws {
        try desk.folder.write("# C\n\ngamma", to: "docs/new/deep/c.md")
        #expect(try watch.change().integer("added") == 1)
        try desk.folder.write("# C\n\ndelta", to: "docs/new/deep/c.md")
        #expect(try watch.change().integer("changed") == 1)
        #expect(try desk.shown().contains("new/deep/c: # C\n\ndelta"))
    }

    /// However many files: they are written before the first of them has been quiet for as long as is waited.
    @Test func aBurstIsOneRunOrTwo() throws {
        for number in 0..<100 { try desk.folder.write("# P\n\nword\(number)", to: "docs/p\(number).md") }
        var (added, runs) = (0, 0)
        while added < 100 {
            added += try watch.change().integer("added")
            runs += 1
        }
        #expect(runs <= 2, "\(runs) runs")
    }

    @Test func aPageWithAnErrorIsReportedAndTheWatchGoesOn() throws {
        try desk.folder.write("---\nbroken: [\n---\n", to: "docs/a.md")
        let summary = try watch.change()
        #expect(try summary.integer("failed") == 1)
        try desk.folder.write("# A\n\nomega", to: "docs/a.md")
        #expect(try watch.change().integer("changed") == 1)
        #expect(watch.end(SIGINT) == (0, false))
    }

    /// What is stored stays, as of a plain ingest, and the folder is read when it is there again.
    @Test func aFolderThatGoesIsReportedAndWaitedFor() throws {
        let (docs, aside) = (desk.url.appending(path: "docs"), desk.url.appending(path: "aside"))
        try FileManager.default.moveItem(at: docs, to: aside)
        #expect(try watch.change().integer("failed") == 1)
        #expect(try desk.shown().count == 2)
        try desk.folder.write("# A\n\nomega", to: "aside/a.md")
        try FileManager.default.moveItem(at: aside, to: docs)
        #expect(try watch.change().integer("changed") == 1)
        try desk.folder.write("# A\n\nonce more", to: "docs/a.md")
        #expect(try watch.change().integer("changed") == 1)
    }

    @Test func anotherIngestIsWaitedFor() throws {
        let lock = desk.database.path + ".ingest-lock"
        let descriptor = open(lock, O_RDWR)
        try #require(descriptor >= 0 && flock(descriptor, LOCK_EX) == 0)
        try desk.folder.write("# A\n\nomega", to: "docs/a.md")
        #expect(try watch.complaint(containing: "another ingest is running") != nil)
        close(descriptor)
        #expect(try watch.change().integer("changed") == 1)
    }

    @Test func aFolderThatIsNotThereIsAnError() throws {
        let run = try desk.docket("ingest", "--watch", "nowhere")
        #expect(run.status == 3 && run.errors.contains("nowhere"))
    }
}
