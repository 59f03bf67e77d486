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

    private func sqlite(_ sql: String) throws { try handbook.damage(sql) }

    private func repair() throws -> RepairSummary { try handbook.repair() }

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
            ("update chunk set range_end = 999999 where id = 1", .pages, "its chunk 0 is not"),
            ("update chunk set heading_path = '[1' where ordinal = 1", .pages, "its chunk 1 is not"),
            ("update document set title = 'Other' where id = 'a'", .pages, "not as it was stored"),
            ("update document set audience = 'public' where id = 'a'", .pages, "not as it was stored"),
            ("update document set path = 'z.md' where id = 'b'", .pages, "not as it was stored"),
            ("update document set source = '/elsewhere' where id = 'b'", .pages, "not as it was stored"),
            ("update document set born = 5 where id = 'b'", .pages, "other generations than an ingest"),
            ("update document set front_matter = 'x' where id = 'b'", .database, "front_matter is not the JSON"),
            ("update document set title = x'ff' where id = 'b'", .database, "title is bytes"),
            (
                "update setting set value = 99 where name = 'serving_generation'", .index,
                "generation 99 is to be served"
            ),
            ("update setting set value = 0 where name = 'serving_generation'", .index, "generation 0 is to be served"),
            ("update setting set value = 'x' where name = 'identity'", .database, "identity"),
            ("update generation set chunk_count = 1", .index, "generation 1 is not as it was written"),
            (
                "update generation set created_at = '2020-01-01T00:00:00Z'", .index,
                "generation 1 is not as it was written"
            ),
            ("delete from seal where record = 'document'", .pages, "not as it was stored"),
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
        #expect(try handbook.verified() == [])
        // Where a page stands is for its folder to say.
        if sql.contains("path =") || sql.contains("source =") { try handbook.ingest() }
        #expect(try handbook.shown() == expected)
    }

    @Test func bytesOfAPageThatAreDamagedAreSaidAndLeft() throws {
        try sqlite("update revision set bytes = cast(replace(bytes, 'beta', 'Beta') as blob)")
        let found = try handbook.verified()
        #expect(found.count == 1 && found[0].part == .database && found[0].message.contains("SHA-256"), "\(found)")
        let summary = try repair()
        #expect(summary.left == found && summary.generation == nil)
        #expect(try handbook.store.servingState().generation == 1)
    }

    @Test func damagedBytesComeBackFromTheFile() throws {
        try sqlite("update revision set bytes = cast(replace(bytes, 'beta', 'Beta') as blob)")
        #expect(try handbook.verified().contains { $0.message.contains("docket ingest --reread") })
        let ingester = Ingester(
            store: handbook.store, embedder: try Handbook.tiny.get(), indexes: handbook.indexes,
            audiences: Handbook.audiences, report: { _ in })
        #expect(try ingester.ingest([handbook.docs], readsAll: true).changed == 0)
        #expect(try handbook.verified() == [])
    }

    /// Of a removed page nothing may stay because its record could be read no more.
    @Test func aRemovedPageGoesWithTheNextGenerationWhateverIsRepaired() throws {
        _ = try Ingester.remove(["b"], from: handbook.store)
        try sqlite("pragma foreign_keys = off; update chunk set document_key = 99 where id = 1")
        _ = try repair()
        try handbook.ingest()
        #expect(try handbook.verified() == [])
        let generation = try handbook.store.servingState().generation
        #expect(try Set(handbook.store.documents(ofGeneration: generation).map(\.id)) == ["a", "c"])
        try sqlite("create table found as select 1 from revision where cast(bytes as text) like '%beta%'")
        #expect(try !handbook.searcher().finds("beta"))
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

    /// Nothing in the database says whether the page is to be shown: its file does.
    @Test func anEndThatNoIngestGaveIsFoundAndTheNextIngestDecides() throws {
        let expected = try handbook.shown()
        try sqlite("update document set died = 5 where id = 'b'")
        #expect(try handbook.verified().contains { $0.message.contains("other generations than an ingest") })
        #expect(try repair().left == [])
        try handbook.ingest()
        #expect(try handbook.shown() == expected && handbook.verified() == [])
    }

    /// What a page's front matter says comes before the audience that its record has, whoever sealed it.
    @Test func anAudienceThatIsNotTheFrontMattersIsMended() throws {
        try handbook.write(page("audience: secret", "# S\n\nsecret words"), to: "s.md")
        try handbook.ingest()
        let readers = SearchFilters(audiences: ["public", "internal"])
        #expect(try !handbook.searcher().documents(readers).contains("s"))
        try sqlite("update document set audience = 'public' where id = 's'")
        #expect(try handbook.searcher().documents(readers).contains("s"), "it serves wrongly")
        #expect(try handbook.verified().map(\.part) == [.pages])
        let summary = try repair()
        #expect(summary.recut == ["s"] && summary.left == [])
        #expect(try !handbook.searcher().documents(readers).contains("s"))
    }

    @Test func theGenerationThatCanBeRolledBackToHasToBeWhole() throws {
        try handbook.write("# B\n\nother words", to: "b.md")
        try handbook.ingest()
        let folder = try #require(handbook.indexFolders("1").first)
        let manifest = folder.appending(path: "manifest.docketindex")
        var bytes = try Data(contentsOf: manifest)
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: manifest)
        let found = try handbook.verified()
        #expect(found.count == 1 && found[0].message.hasPrefix("generation 1 cannot be rolled back to"), "\(found)")
        let summary = try repair()
        #expect((summary.forgotten, summary.generation, summary.left) == ([1], nil, []))
        #expect(summary.removedFolders.contains(folder.lastPathComponent))
        #expect(throws: RetrievalError.self) { try Ingester.rollBack(handbook.store, in: handbook.indexes) }
        try handbook.write("# B\n\nmore words", to: "b.md")
        #expect(try handbook.ingest().generation == 3)
        #expect(try handbook.store.servableGenerations().map(\.id) == [2, 3])
    }

    /// Two of SQLite's indexes exchange their places: each has the other's entries.
    @Test func anIndexOfSQLitesThatDoesNotAgreeIsMadeAnew() throws {
        let expected = try handbook.shown()
        try sqlite(
            """
            pragma writable_schema = 1;
            create table place as select name, rootpage from sqlite_master where name like 'chunk_%';
            update sqlite_master set rootpage = (select rootpage from place where place.name <> sqlite_master.name)
                where name in (select name from place);
            """)
        let reopened = try handbook.reopened()
        #expect(try handbook.verified(reopened).allSatisfy { $0.part == .database })
        #expect(try !handbook.verified(reopened).isEmpty)
        let summary = try handbook.repair(reopened)
        #expect(summary.left == [] && summary.records == ["SQLite's indexes were made anew"], "\(summary)")
        #expect(try handbook.shown() == expected)
    }

    @Test func aChunkOfAPageThatIsNotThereIsDeleted() throws {
        try sqlite(
            "pragma foreign_keys = off; insert into chunk select 99, 77, ordinal, heading_path, anchor, range_start, range_end, search_text, text_hash, page_number from chunk where id = 1"
        )
        #expect(try handbook.verified().contains { $0.message.contains("a chunk record refers to a document") })
        #expect(try repair().left == [])
    }

    /// A page whose bytes this program refuses stays, and is not the reason for an index again and again.
    @Test func whatCannotBeMendedIsLeftAsItIs() throws {
        try sqlite("update revision set bytes = cast(replace(bytes, 'beta', 'Beta') as blob)")
        try sqlite("update chunk set search_text = 'other words' where id = 1")
        let first = try repair()
        #expect(first.recut == ["a"] && first.left.count == 1 && first.generation == 2, "\(first)")
        let second = try repair()
        #expect(second.left == first.left && second.generation == nil && second.recut == [])
    }
}
