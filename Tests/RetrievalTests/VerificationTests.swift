import Foundation
import IndexFiles
import LinearAlgebra
import Retrieval
import Storage
import TestSupport
import Testing
import VectorSearch

/// Whatever is wrong is found, and mended where the database says how.
@Suite struct VerificationTests {
    let handbook: Handbook

    init() throws {
        handbook = try Handbook([
            "a.md": "# A\n\nalpha words\n\n## More\n\nmore alpha", "b.md": "# B\n\nbeta words",
            "c.md": "# C\n\ngamma words",
        ])
        try handbook.ingest()
    }

    private func sqlite(_ sql: String) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        let script =
            "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.executescript(sys.argv[2]); c.commit(); c.close()"
        process.arguments = ["python3", "-c", script, handbook.store.path, sql]
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
    }

    private func repair() throws -> RepairSummary {
        let ingester = Ingester(
            store: handbook.store, embedder: try Handbook.tiny.get(), indexes: handbook.indexes,
            audiences: Handbook.audiences, report: { _ in })
        return try ingester.repair(progress: { _ in })
    }

    @Test func whatIsSoundIsLeftAlone() throws {
        #expect(try handbook.verified() == [])
        let (state, files) = (try handbook.store.servingState(), try handbook.indexFiles())
        #expect(try repair() == RepairSummary())
        #expect(try handbook.store.servingState() == state && handbook.indexFiles() == files)
    }

    @Test func pagesThatWaitForAGenerationAreSound() throws {
        try handbook.write("# D\n\ndelta words", to: "d.md")
        try handbook.remove("a.md")
        _ = try? handbook.ingestFailingToBuild()
        #expect(try handbook.verified() == [])
    }

    /// Each is a change that its record's own types allow.
    @Test(
        arguments: [
            ("update chunk set search_text = 'other words' where ordinal = 1", .pages, "its chunk 1 is not"),
            ("update chunk set range_end = range_end - 1 where ordinal = 1", .pages, "its chunk 1 is not"),
            ("update chunk set heading_path = '[\"X\"]' where ordinal = 1", .pages, "its chunk 1 is not"),
            ("update chunk set anchor = 'elsewhere' where ordinal = 1", .pages, "its chunk 1 is not"),
            ("update chunk set text_hash = zeroblob(32) where ordinal = 1", .pages, "its chunk 1 is not"),
            ("delete from chunk where ordinal = 1", .pages, "it has 1 chunks, its bytes give 2"),
            ("update document set title = 'Other' where id = 'a'", .pages, "its title is not"),
            ("delete from embedding", .embeddings, "has no vector"),
            ("update embedding set vector = zeroblob(5)", .embeddings, "has no vector"),
            (
                "update embedding set vector = cast(x'0000c07f' || substr(vector, 5) as blob)", .embeddings,
                "has no vector"
            ),
            ("update embedding set vector = cast(x'0000803f' || substr(vector, 5) as blob)", .index, "not its chunk's"),
        ] as [(String, Discrepancy.Part, String)])
    func aRecordThatDoesNotAgreeIsFoundAndMended(_ sql: String, _ part: Discrepancy.Part, _ words: String) throws {
        let expected = try handbook.shown()
        try sqlite(sql)
        let found = try handbook.verified()
        #expect(found.contains { $0.part == part && $0.message.contains(words) }, "\(found)")
        let summary = try repair()
        #expect(summary.left == [] && summary.generation == 2, "\(summary)")
        #expect(try handbook.verified() == [] && handbook.shown() == expected)
    }

    @Test func bytesOfAPageThatAreDamagedAreSaidAndLeft() throws {
        try sqlite("update revision set bytes = cast(replace(bytes, 'beta', 'Beta') as blob)")
        let found = try handbook.verified()
        #expect(found.count == 1 && found[0].part == .database && found[0].message.contains("SHA-256"), "\(found)")
        let summary = try repair()
        #expect(summary.left == found && summary.generation == nil)
        #expect(try handbook.store.servingState().generation == 1)
    }

    @Test func aReferenceToNothingIsFound() throws {
        try sqlite("pragma foreign_keys = off; delete from revision where cast(bytes as text) like '%beta%'")
        #expect(try handbook.verified().contains { $0.message.contains("a document record refers to a revision") })
    }

    @Test func anIndexOfOtherRowsIsFoundAndBuiltAnew() throws {
        let folder = try #require(handbook.indexFolders("segment-1.").first)
        let expected = try handbook.shown()
        try FileManager.default.removeItem(at: folder.appending(path: "postings.docketindex"))
        #expect(try handbook.verified().map(\.part) == [.index])
        let summary = try repair()
        #expect(summary.generation == 2 && summary.left == [])
        #expect(try handbook.shown() == expected)
    }

    @Test func foldersOfIndexesThatNothingNamesAreRemoved() throws {
        let kept = try Set(FileManager.default.contentsOfDirectory(atPath: handbook.indexes.path))
        let segment = try #require(handbook.indexFolders("segment-1.").first)
        let stray = segment.lastPathComponent.replacing(/-1\.0$/, with: "-7.0")
        try FileManager.default.copyItem(at: segment, to: handbook.indexes.appending(path: stray))
        try FileManager.default.createDirectory(
            at: handbook.indexes.appending(path: "mine"), withIntermediateDirectories: true)
        #expect(try repair().removedFolders == [stray])
        #expect(try Set(FileManager.default.contentsOfDirectory(atPath: handbook.indexes.path)) == kept.union(["mine"]))
    }
}
