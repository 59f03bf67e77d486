import Foundation
import Retrieval
import Storage
import TestSupport
import Testing

@Suite struct RestorationTests {
    let handbook: Handbook
    private var backup: URL { handbook.folder.url.appending(path: "backup.sqlite") }

    init() throws {
        handbook = try Handbook(["a.md": "# A\n\nalpha words", "b.md": "# B\n\nbeta words"])
        try handbook.ingest()
    }

    private func restore(_ url: URL) throws -> Restoration.Summary {
        try Restoration(of: handbook.store, in: handbook.indexes, audiences: Handbook.audiences, threadCount: 1)
            .restore(url)
    }

    @Test func aBackupHoldsWhatTheDatabaseHeldAndIsServedAgain() throws {
        let expected = try handbook.shown()
        try handbook.store.backUp(to: backup)
        let opened = try handbook.searcher()
        try handbook.remove("a.md")
        try handbook.write("# B\n\nother words", to: "b.md")
        try handbook.ingest()
        let summary = try restore(backup)
        #expect((summary.counts.documents, summary.generation?.id, summary.isSearchable) == (2, 1, true))
        #expect(try opened.shown() == expected, "a search that was open sees it")
        #expect(try handbook.shown() == expected && handbook.verified() == [])
        #expect(try FileManager.default.contentsOfDirectory(atPath: handbook.indexes.path).count == 2)
        // The pages are as they were then; what the files say now comes with the next ingest.
        let after = try handbook.ingest()
        #expect((after.changed, after.removed, after.generation) == (1, 1, 2))
    }

    @Test func aBackupIsOneFileAndReplacesAnother() throws {
        try Data("old".utf8).write(to: backup)
        try handbook.store.backUp(to: backup)
        let names = try FileManager.default.contentsOfDirectory(atPath: handbook.folder.url.path)
        #expect(names.filter { $0.hasPrefix("backup") } == ["backup.sqlite"])
        let folder = try TemporaryFolder()
        #expect(try Store(copying: backup, in: folder.url).counts().chunks == 2)
    }

    /// Each would take a database its pages, its log or its lock.
    @Test(arguments: ["", "-wal", "-shm", ".ingest-lock", ".new", "/../indexes/x"])
    func aBackupIntoTheDataDirectoryIsRefused(suffix: String) throws {
        let folder = URL(filePath: handbook.store.path).deletingLastPathComponent()
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        let url =
            suffix.hasPrefix("/") ? folder.appending(path: "indexes/x") : URL(filePath: handbook.store.path + suffix)
        let error = #expect(throws: StorageError.self) { try handbook.store.backUp(to: url) }
        guard case .noPlaceForBackup = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        try handbook.folder.write("", to: "elsewhere/x")
        let link = handbook.folder.url.appending(path: "elsewhere/link")
        try FileManager.default.createSymbolicLink(at: link, withDestinationURL: URL(filePath: handbook.store.path))
        #expect(throws: StorageError.self) { try handbook.store.backUp(to: link) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == names.sorted())
        #expect(try handbook.searcher().documents() == ["a", "b"])
    }

    @Test func aBackupOverAnotherDatabaseInUseIsRefused() throws {
        let other = try Handbook(["c.md": "# C\n\ngamma words"])
        try other.ingest()
        #expect(throws: StorageError.self) { try handbook.store.backUp(to: URL(filePath: other.store.path)) }
        // Nothing stands beside it, but it is no backup.
        let copy = handbook.folder.url.appending(path: "copy.sqlite")
        try other.damage("vacuum into '\(copy.path)'")
        #expect(throws: StorageError.self) { try handbook.store.backUp(to: copy) }
        for suffix in ["-wal", "-shm", "-journal", ".ingest-lock"] {
            try handbook.folder.write("", to: "beside.sqlite" + suffix)
            #expect(throws: StorageError.self) {
                try handbook.store.backUp(to: handbook.folder.url.appending(path: "beside.sqlite"))
            }
            try handbook.folder.remove("beside.sqlite" + suffix)
        }
    }

    @Test(arguments: [0o600, 0o640, 0o644]) func aBackupIsForThoseWhoMayReadTheDatabase(mode: Int) throws {
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: handbook.store.path)
        try handbook.folder.write("mine", to: "backup.sqlite.partial")
        for _ in 0..<2 { try handbook.store.backUp(to: backup) }
        let facts = try FileManager.default.attributesOfItem(atPath: backup.path)
        #expect(facts[.posixPermissions] as? Int == mode)
        #expect(
            try handbook.folder.names.filter { $0.hasPrefix("backup") } == ["backup.sqlite", "backup.sqlite.partial"])
        #expect(
            try String(contentsOf: handbook.folder.url.appending(path: "backup.sqlite.partial"), encoding: .utf8)
                == "mine")
    }

    @Test func whatWasRemovedByNameSinceStaysRemoved() throws {
        try handbook.store.backUp(to: backup)
        _ = try Ingester.remove(["a"], from: handbook.store)
        try handbook.ingest()
        #expect(try restore(backup).kept.removed == ["a"])
        #expect(try handbook.searcher().documents() == ["b"] && !handbook.searcher().finds("alpha"))
        #expect(try handbook.ingest().passedOver == ["a.md"])
        #expect(try handbook.searcher().documents() == ["b"] && handbook.verified() == [])
        let restoration = Restoration(
            of: handbook.store, in: handbook.indexes, audiences: Handbook.audiences, threadCount: 1)
        #expect(try restoration.restore(backup, undoesRemovals: true).kept == KeptRemovals())
        #expect(try handbook.searcher().documents() == ["a", "b"])
    }

    @Test func aFolderThatWasRemovedSinceStaysRemovedUntilItIsNamed() throws {
        try handbook.store.backUp(to: backup)
        _ = try Ingester.remove([handbook.docs.path], from: handbook.store)
        #expect(try restore(backup).kept.removed == ["a", "b"])
        #expect(try handbook.searcher().documents() == [] && handbook.verified() == [])
        #expect(try handbook.ingest().added == 2)
        #expect(try handbook.searcher().documents() == ["a", "b"] && handbook.verified() == [])
    }

    /// The words of a removed page are out, whatever it is called there; another page with its former id is not.
    @Test func pagesAreKeptRemovedByTheirWordsAndNotByWhatTheyWereCalled() throws {
        let words = "# Long\n\nlong words, and enough of them that this page is no stub but says something."
        try handbook.write(words, to: "long.md")
        try handbook.write(page("id: x", "# One\n\nfirst words"), to: "one.md")
        try handbook.ingest()
        try handbook.write(page("id: y", "# One\n\nfirst words"), to: "one.md")
        try handbook.write(page("id: x", "# Two\n\nsecond words"), to: "two.md")
        try handbook.ingest()
        try handbook.store.backUp(to: backup)
        try handbook.move("long.md", to: "moved.md")
        try handbook.ingest()
        _ = try Ingester.remove(["moved", "x"], from: handbook.store)
        #expect(try restore(backup).kept.removed.sorted() == ["long", "x"])
        #expect(try handbook.searcher().documents() == ["a", "b", "y"] && handbook.verified() == [])
        try handbook.ingest()
        #expect(try handbook.searcher().documents() == ["a", "b", "y"])
    }

    @Test func whatIsForFewerReadersNowIsShownToNobodyBeforeItIsRead() throws {
        let readers = SearchFilters(audiences: ["public", "internal"])
        try handbook.store.backUp(to: backup)
        try handbook.write(page("audience: secret", "# A\n\nalpha words"), to: "a.md")
        try handbook.ingest()
        #expect(try handbook.searcher().documents(readers) == ["b"])
        for _ in 0..<2 {
            #expect(try restore(backup).kept.narrowed == ["a"], "however often it is restored")
            #expect(try handbook.searcher().documents() == ["b"] && handbook.verified() == [])
        }
        try handbook.ingest()
        #expect(try handbook.searcher().documents() == ["a", "b"] && handbook.searcher().documents(readers) == ["b"])
    }

    @Test func aBackupWithoutPagesIsSearchedAndFindsNothing() throws {
        try handbook.remove("a.md")
        try handbook.remove("b.md")
        try handbook.ingest()
        try handbook.store.backUp(to: backup)
        #expect(try restore(backup).isSearchable)
        #expect(try handbook.searcher().documents() == [] && handbook.verified() == [])
        try handbook.write("# C\n\ngamma", to: "c.md")
        try handbook.ingest()
        #expect(try handbook.searcher().documents() == ["c"] && handbook.verified() == [])
    }

    /// Killed before the copy had an identity of its own: it has the other database's, whose index is in use.
    @Test func whatAKilledRestorationLeftTakesNoOtherDatabasesIndex() throws {
        try handbook.store.backUp(to: backup)
        let other = try Handbook(["c.md": "# C\n\ngamma words"])
        let left = URL(filePath: other.store.path + ".restoring", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: left, withIntermediateDirectories: true)
        try FileManager.default.copyItem(at: backup, to: left.appending(path: "docket.sqlite"))
        let restoration = Restoration(
            of: other.store, in: handbook.indexes, audiences: Handbook.audiences, threadCount: 1)
        _ = try restoration.restore(backup)
        #expect(try handbook.searcher().documents() == ["a", "b"])
    }

    /// Killed behind the replacement: the index of what was replaced is there still, and nothing names it.
    @Test func theIndexOfWhatWasReplacedIsRemovedAfterAKill() throws {
        try handbook.store.backUp(to: backup)
        let identity = try handbook.store.servingState().identity
        let old = try FileManager.default.contentsOfDirectory(atPath: handbook.indexes.path).sorted()
        let copies = try old.map { name in
            let copy = handbook.folder.url.appending(path: name)
            try FileManager.default.copyItem(at: handbook.indexes.appending(path: name), to: copy)
            return copy
        }
        _ = try restore(backup)
        for copy in copies {
            try FileManager.default.moveItem(at: copy, to: handbook.indexes.appending(path: copy.lastPathComponent))
        }
        let left = URL(filePath: handbook.store.path + ".restoring", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: left, withIntermediateDirectories: true)
        try Data("\(identity)".utf8).write(to: left.appending(path: "replaced"))
        #expect(try handbook.repair().removedFolders.sorted() == old)
        #expect(try handbook.searcher().documents() == ["a", "b"] && handbook.verified() == [])
    }

    @Test func whatIsNoBackupIsRefusedAndNothingChanges() throws {
        let expected = try handbook.shown()
        try handbook.store.backUp(to: backup)
        let whole = try Data(contentsOf: backup)
        let damaged = whole.prefix(whole.count / 2) + Data(repeating: 7, count: whole.count - whole.count / 2)
        for bytes in [Data(), Data("SQLite format 3\0".utf8), Data("text ".utf8) + whole, whole.prefix(5000), damaged] {
            try bytes.write(to: backup)
            #expect(throws: StorageError.self) { try restore(backup) }
            #expect(try handbook.shown() == expected)
        }
        #expect(throws: StorageError.self) { try restore(handbook.folder.url.appending(path: "none")) }
        let names = try FileManager.default.contentsOfDirectory(
            atPath: URL(filePath: handbook.store.path).deletingLastPathComponent().path)
        #expect(!names.contains { $0.contains("restoring") })
    }

    @Test func aDatabaseInUseIsNoBackup() throws {
        let other = try Handbook(["c.md": "# C\n\ngamma words"])
        try other.ingest()
        #expect(throws: StorageError.self) { try restore(URL(filePath: other.store.path)) }
        #expect(try handbook.searcher().documents() == ["a", "b"])
    }

    @Test func anEmptyDatabaseTakesABackup() throws {
        try handbook.store.backUp(to: backup)
        let other = try Handbook()
        let restoration = Restoration(of: other.store, in: other.indexes, audiences: Handbook.audiences, threadCount: 1)
        #expect(try restoration.restore(backup).isSearchable)
        #expect(try other.searcher().documents() == ["a", "b"])
    }
}
