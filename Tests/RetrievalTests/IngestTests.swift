import Foundation
import Retrieval
import Storage
import TestSupport
import Testing
import TextEmbedding

@Suite struct IngestTests {
    let handbook: Handbook

    init() throws {
        handbook = try Handbook([
            "failover.md": "# Failover\n\nPromote the standby.\n", "pg/backup.md": "# Backup\n\nTake a dump nightly.\n",
            "notes.docx": "not a page", ".hidden.md": "# Hidden\n\nsome words",
        ])
    }

    @Test func theFirstRunAddsEveryPage() throws {
        let summary = try handbook.ingest()
        #expect((summary.added, summary.changed, summary.removed, summary.unchanged, summary.failed) == (2, 0, 0, 0, 0))
        #expect((summary.chunks, summary.embedded, summary.reused) == (2, 2, 0))
        #expect(summary.generation == 1 && summary.hasBuilt)
        #expect(
            try handbook.shown() == [
                "failover: # Failover\n\nPromote the standby.", "pg/backup: # Backup\n\nTake a dump nightly.",
            ])
    }

    @Test func aSecondRunChangesNothing() throws {
        try handbook.ingest()
        let (state, files) = (try handbook.store.servingState(), try handbook.indexFiles())
        for roots in [["docs"], [], ["docs", "docs"], ["docs/pg", "docs"], ["docs/failover.md"]] {
            let summary = try handbook.ingest(roots)
            #expect((summary.added, summary.changed, summary.removed, summary.failed) == (0, 0, 0, 0))
            #expect((summary.embedded, summary.reused, summary.generation, summary.chunks) == (0, 0, 1, 2))
            #expect(!summary.hasBuilt)
        }
        #expect(try handbook.store.servingState() == state)
        #expect(try handbook.indexFiles() == files)
    }

    @Test func aChangedPageReplacesItsChunks() throws {
        try handbook.ingest()
        try handbook.write("# Failover\n\nDemote the primary.\n", to: "failover.md")
        let summary = try handbook.ingest()
        #expect((summary.changed, summary.unchanged, summary.embedded, summary.reused) == (1, 1, 1, 1))
        #expect(summary.generation == 2)
        let searcher = try handbook.searcher()
        #expect(try !searcher.finds("standby"))
        #expect(try searcher.finds("primary"))
        #expect(try searcher.shown().count == 2)
    }

    @Test func aDeletedPageIsGoneBeforeTheIndexIsRebuilt() throws {
        try handbook.ingest()
        let (opened, store) = (try handbook.searcher(), handbook.store)
        let (indexes, embedder) = (handbook.indexes, try Handbook.tiny.get())
        try handbook.remove("failover.md")
        var seen: [[String]] = []
        let summary = try handbook.ingest { progress in
            guard progress == .indexing else { return }
            seen.append((try? opened.documents()) ?? ["error"])
            let other = try? Searcher(store: store, embedder: embedder, indexes: indexes)
            seen.append((try? other?.documents()) ?? ["error"])
        }
        #expect(seen == [["pg/backup"], ["pg/backup"]])
        #expect((summary.removed, summary.unchanged, summary.embedded) == (1, 1, 0))
        #expect(try !opened.finds("standby"))
        #expect(try opened.documents() == ["pg/backup"])
    }

    @Test func aDeletedPageStaysGoneWhereTheBuildFails() throws {
        try handbook.ingest()
        try handbook.remove("failover.md")
        #expect(throws: (any Error).self) { try handbook.ingestFailingToBuild() }
        #expect(try handbook.searcher().documents() == ["pg/backup"])
    }

    @Test func aPageDeletedAfterAnUnfinishedChangeOfItsIDIsGone() throws {
        try handbook.ingest()
        try handbook.write(page("id: promote", "# Promote\n\nsome words"), to: "failover.md")
        #expect(throws: (any Error).self) { try handbook.ingestFailingToBuild() }
        try handbook.remove("failover.md")
        #expect(throws: (any Error).self) { try handbook.ingestFailingToBuild() }
        #expect(try handbook.searcher().documents() == ["pg/backup"])
    }

    @Test func aFailedBuildLeavesTheOldGenerationServing() throws {
        try handbook.ingest()
        try handbook.write("# Failover\n\nDemote the primary.\n", to: "failover.md")
        #expect(throws: (any Error).self) { try handbook.ingestFailingToBuild() }
        #expect(try handbook.searcher().finds("standby"))
        let summary = try handbook.ingest()
        #expect((summary.unchanged, summary.embedded, summary.generation) == (2, 0, 2), "its embeddings were kept")
        #expect(try !handbook.searcher().finds("standby"))
        #expect(try handbook.searcher().finds("primary"))
    }

    @Test func aMovedPageEmbedsNothingAndIsNeverMissing() throws {
        try handbook.write(page("id: ha/failover", "# Failover\n\nPromote the standby."), to: "failover.md")
        try handbook.ingest()
        try FileManager.default.createDirectory(
            at: handbook.docs.appending(path: "ha"), withIntermediateDirectories: true)
        try handbook.move("failover.md", to: "ha/promote.md")
        let opened = try handbook.searcher()
        var during: [String] = []
        let summary = try handbook.ingest { progress in
            if progress == .indexing { during = (try? opened.documents()) ?? [] }
        }
        #expect((summary.added, summary.changed, summary.removed, summary.embedded) == (0, 1, 0, 0))
        #expect(during == ["ha/failover", "pg/backup"])
        #expect(
            try opened.search("standby", filters: Handbook.everyone, limit: 1).passages.map(\.document.path) == [
                "ha/promote.md"
            ])
    }

    @Test func aMovedPageWithoutAnIDIsAnotherPageOfTheSameWords() throws {
        try handbook.ingest()
        try handbook.move("failover.md", to: "promote.md")
        let summary = try handbook.ingest()
        #expect((summary.added, summary.removed, summary.embedded) == (1, 1, 0))
        #expect(try handbook.searcher().documents() == ["pg/backup", "promote"])
    }

    @Test(arguments: [
        ["b.md": "a", "c.md": "b"], ["a.md": "b", "b.md": "a"], ["b.md": "a"],
        ["a.md": "b", "b.md": "c", "c.md": "a"],
    ])
    func pagesMayTakeEachOthersPlaces(_ after: [String: String]) throws {
        let handbook = try Handbook()
        let words = ["a": "# Alpha\n\nalphaword", "b": "# Beta\n\nbetaword", "c": "# Gamma\n\ngammaword"]
        for id in after.values.sorted() { try handbook.write(page("id: \(id)", words[id] ?? ""), to: "\(id).md") }
        try handbook.ingest()
        for id in after.values { try handbook.remove("\(id).md") }
        for (path, id) in after { try handbook.write(page("id: \(id)", words[id] ?? ""), to: path) }
        let summary = try handbook.ingest()
        #expect(summary.errors == [])
        #expect(summary.embedded == 0)
        let paths = Dictionary(uniqueKeysWithValues: try handbook.store.currentDocuments().map { ($0.path, $0.id) })
        #expect(paths == after)
        #expect(try handbook.searcher().documents() == after.values.sorted())
        #expect(try handbook.ingest().unchanged == after.count)
    }

    @Test func aSecondIngestIsRefusedWhileOneRuns() throws {
        let (store, indexes) = (handbook.store, handbook.indexes)
        var refusals: [RetrievalError] = []
        try handbook.ingest { progress in
            guard progress == .indexing, let embedder = try? Handbook.tiny.get() else { return }
            let second = Ingester(
                store: store, embedder: embedder, indexes: indexes, audiences: Handbook.audiences, report: { _ in })
            do { _ = try second.ingest([]) } catch { refusals += [error as? RetrievalError].compactMap(\.self) }
        }
        #expect(refusals == [.ingestRunning(lock: handbook.store.path + ".ingest-lock")])
        #expect(try handbook.ingest().unchanged == 2, "the lock is let go of")
    }

    @Test func nothingToIngestIsSaid() throws {
        #expect(throws: RetrievalError.nothingIngested) { try handbook.ingest([]) }
        #expect(throws: RetrievalError.noFolder(path: handbook.folder.url.appending(path: "none").path)) {
            try handbook.ingest(["none"])
        }
        #expect(throws: RetrievalError.nothingIngested) { try handbook.searcher() }
    }

    @Test func anEmptyFolderIsServedAsNothing() throws {
        let handbook = try Handbook()
        let summary = try handbook.ingest()
        #expect((summary.added, summary.chunks, summary.generation) == (0, 0, 1))
        #expect(try handbook.searcher().search("anything", filters: Handbook.everyone, limit: 10).passages.isEmpty)
        #expect(try handbook.ingest().generation == 1)
        try handbook.write("", to: "empty.md")
        #expect(try handbook.ingest().added == 1)
        #expect(try handbook.ingest().unchanged == 1)
    }
}

extension Handbook {
    /// The index files with their bytes.
    func indexFiles() throws -> [String: Data] {
        let paths = try FileManager.default.subpathsOfDirectory(atPath: indexes.path)
        return try Dictionary(
            uniqueKeysWithValues: paths.filter { $0.hasSuffix(".docketindex") }.map {
                ($0, try Data(contentsOf: indexes.appending(path: $0)))
            })
    }

    /// An ingest whose indexes cannot be written, as on a full disk; what was there is there again afterwards.
    func ingestFailingToBuild() throws {
        let (indexes, aside) = (self.indexes, folder.url.appending(path: "aside"))
        try FileManager.default.moveItem(at: indexes, to: aside)
        try Data().write(to: indexes)
        defer {
            try? FileManager.default.removeItem(at: indexes)
            try? FileManager.default.moveItem(at: aside, to: indexes)
        }
        try ingest()
    }
}

@Suite struct ChunkerChangeTests {
    @Test func pagesCutByAnotherChunkerAreCutAnew() throws {
        let handbook = try Handbook(["a.md": "# A\n\nalpha", "b.md": "# B\n\nbeta"]).ingested()
        let shown = try handbook.shown()
        try handbook.store.setChunkerVersion(0)
        let summary = try handbook.ingest()
        #expect((summary.unchanged, summary.embedded, summary.reused, summary.generation) == (2, 0, 2, 2))
        #expect(try handbook.shown() == shown)
        #expect(try !handbook.ingest().hasBuilt)
    }
}
