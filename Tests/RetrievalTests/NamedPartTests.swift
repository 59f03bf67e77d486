import Foundation
import Retrieval
import Storage
import TestSupport
import Testing

/// An ingest that names nothing reads what was named before, and no more.
@Suite struct NamedPartTests {
    let handbook: Handbook

    init() throws {
        handbook = try Handbook([
            "one.md": "# One\n\nsome words", "two.md": "# Two\n\nsome words", "pg/x.md": "# X\n\nsome words",
            "private/diary.md": "# Diary\n\nsecrets",
        ])
    }

    @Test func aPageNamedAloneIsAllThatIsReadAgain() throws {
        try handbook.ingest(["docs/one.md"])
        #expect(try handbook.ingest([]).unchanged == 1)
        #expect(try handbook.searcher().documents() == ["one"])
        try handbook.write("# One\n\nother words", to: "one.md")
        #expect(try handbook.ingest([]).changed == 1)
        try handbook.ingest(["docs/two.md", "docs/pg"])
        let summary = try handbook.ingest([])
        #expect((summary.unchanged, summary.added) == (3, 0))
        #expect(try handbook.searcher().documents() == ["one", "pg/x", "two"])
    }

    @Test func aFolderNamedAfterItsPagesIsReadWhole() throws {
        try handbook.ingest(["docs/one.md"])
        #expect(try handbook.ingest(["docs"]).added == 3)
        try handbook.write("# New\n\nsome words", to: "new.md")
        #expect(try handbook.ingest([]).added == 1)
        #expect(try handbook.store.namedParts().map(\.scope) == [""])
    }

    @Test func aPageBesideAKnownFolderLeavesTheFolderItsOwn() throws {
        try handbook.ingest(["docs/pg"])
        try handbook.ingest(["docs/one.md"])
        try handbook.write("# Y\n\nsome words", to: "pg/y.md")
        for roots in [[], ["docs/pg"], ["docs/pg/y.md"]] { try handbook.ingest(roots) }
        #expect(try handbook.searcher().documents() == ["one", "x", "y"])
        #expect(try handbook.ingest([]).unchanged == 3)
        #expect(try handbook.store.namedParts().map(\.scope) == ["one.md", ""])
    }

    @Test func aNamedPageThatIsGoneIsRemovedAndComesBack() throws {
        try handbook.ingest(["docs/one.md", "docs/two.md"])
        try handbook.remove("one.md")
        #expect(try handbook.ingest([]).removed == 1)
        #expect(try handbook.ingest([]).unchanged == 1)
        try handbook.write("# One\n\nanew", to: "one.md")
        #expect(try handbook.ingest([]).added == 1)
        for path in ["one.md", "two.md"] { try handbook.remove(path) }
        #expect(try handbook.ingest([]).removed == 2)
        #expect(throws: RetrievalError.nothingIngested) { try handbook.ingest([]) }
    }

    @Test func aNamedPageStaysWhereItsWholeFolderIsGone() throws {
        try handbook.ingest(["docs/one.md"])
        try FileManager.default.moveItem(at: handbook.docs, to: handbook.folder.url.appending(path: "away"))
        let summary = try handbook.ingest([])
        #expect((summary.removed, summary.failed) == (0, 1))
        #expect(try handbook.searcher().documents() == ["one"])
    }

    @Test func aPathThatIsRefusedIsNotRemembered() throws {
        try handbook.ingest(["docs/one.md"])
        #expect(throws: RetrievalError.self) { try handbook.ingest(["docs/private", "docs/none.md"]) }
        #expect(try handbook.ingest([]).unchanged == 1)
        #expect(try handbook.searcher().documents() == ["one"])
    }
}
