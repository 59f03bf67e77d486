import Foundation
import Retrieval
import Storage
import TestSupport
import Testing

/// Pages that are removed by name: gone at once, in every process, and not brought back by an ingest or a rollback.
@Suite struct RemovalTests {
    let handbook: Handbook

    init() throws {
        handbook = try Handbook([
            "a.md": page("id: alpha", "# A\n\nalpha words"), "sub/b.md": "# B\n\nbeta words",
            "sub/c.md": "# C\n\ngamma words",
        ])
        try handbook.ingest()
    }

    private func remove(_ names: String...) throws -> [String] {
        try Ingester.remove(names, from: handbook.store).removed.map(\.id)
    }

    private func path(_ path: String) -> String { handbook.docs.appending(path: path).path }

    @Test func aPageIsRemovedByIDFileOrFolder() throws {
        let opened = try handbook.searcher()
        #expect(try remove("alpha") == ["alpha"])
        #expect(try opened.documents() == ["sub/b", "sub/c"], "an open search sees it")
        #expect(try !opened.finds("alpha"))
        #expect(try remove(path("sub/b.md")) == ["sub/b"])
        #expect(try remove(path("sub")) == ["sub/c"])
        #expect(try opened.documents() == [] && handbook.searcher().documents() == [])
    }

    @Test func anIngestPassesARemovedFileOverUntilItIsNamed() throws {
        _ = try remove("alpha")
        let summary = try handbook.ingest()
        #expect((summary.added, summary.unchanged, summary.passedOver, summary.generation) == (0, 2, 1, 2))
        try handbook.write(page("id: alpha", "# A\n\nalpha anew"), to: "a.md")
        #expect(try handbook.ingest([]).passedOver == 1)
        #expect(try handbook.searcher().documents() == ["sub/b", "sub/c"])
        let named = try handbook.ingest(["docs/a.md"])
        #expect((named.added, named.passedOver) == (1, 0))
        #expect(try handbook.ingest().passedOver == 0)
        #expect(try handbook.searcher().documents() == ["alpha", "sub/b", "sub/c"])
    }

    @Test func aRemovedPageDoesNotComeBackUnderAnotherName() throws {
        _ = try remove("alpha", "sub/b")
        // One has its id in its text, of the other the bytes are the same.
        try handbook.move("a.md", to: "sub/moved.md")
        try handbook.write(page("id: alpha", "# A\n\nalpha anew"), to: "sub/moved.md")
        try handbook.move("sub/b.md", to: "moved.md")
        #expect(try handbook.ingest().passedOver == 2)
        #expect(try handbook.searcher().documents() == ["sub/c"])
        try handbook.write("# B\n\nother words", to: "moved.md")
        #expect(try handbook.ingest().passedOver == 1, "other words under another name are another page")
        #expect(try handbook.searcher().documents() == ["moved", "sub/c"])
        #expect(try handbook.ingest(["docs/sub/moved.md"]).added == 1)
        #expect(try handbook.searcher().documents() == ["alpha", "moved", "sub/c"])
    }

    @Test func aPageThatWasIngestedByItselfStaysRemoved() throws {
        let single = try Handbook(["a.md": "# A\n\nalpha words", "b.md": "# B\n\nbeta words"])
        try single.ingest(["docs/a.md", "docs/b.md"])
        _ = try Ingester.remove(["a"], from: single.store)
        #expect(try single.ingest([]).passedOver == 1)
        #expect(try single.searcher().documents() == ["b"])
        #expect(try single.ingest(["docs/a.md"]).added == 1)
    }

    @Test func aPageThatTakesARemovedOnesIDKeepsItsLastGoodRevision() throws {
        _ = try remove("alpha")
        try handbook.write(page("id: alpha", "# B\n\nother words"), to: "sub/b.md")
        let summary = try handbook.ingest()
        #expect(summary.errors.map(\.path) == ["sub/b.md"] && summary.errors.first?.line == 2)
        #expect(try handbook.searcher().finds("beta"))
        #expect(try handbook.ingest(["docs/sub/b.md"]).changed == 1)
        #expect(try handbook.searcher().documents() == ["alpha", "sub/c"])
    }

    @Test func anIngestedFolderIsForgotten() throws {
        let summary = try Ingester.remove([handbook.docs.path], from: handbook.store)
        #expect(summary.removed.count == 3 && summary.forgotten == [handbook.docs.resolvingSymlinksInPath().path])
        let emptied = try handbook.ingest([])
        #expect((emptied.generation, emptied.chunks) == (2, 0), "the words leave the database, too")
        #expect(throws: RetrievalError.nothingIngested) { try handbook.ingest([]) }
        #expect(try handbook.searcher().documents() == [])
        #expect(try handbook.ingest().added == 3, "an ingest that names it reads it anew")
    }

    @Test func aNameThatMeansNoPageRemovesNothing() throws {
        #expect(throws: RetrievalError.noPage(name: "delta")) { try remove("alpha", "delta") }
        #expect(throws: RetrievalError.noPage(name: "alph")) { try remove("alph") }
        #expect(try handbook.searcher().documents() == ["alpha", "sub/b", "sub/c"])
    }

    @Test func noRollbackBringsARemovedPageBack() throws {
        try handbook.write("# B\n\nbeta two", to: "sub/b.md")
        try handbook.ingest()
        _ = try remove("sub/b")
        try Ingester.rollBack(handbook.store, in: handbook.indexes)
        #expect(try handbook.searcher().documents() == ["alpha", "sub/c"])
        #expect(try !handbook.searcher().finds("beta"))
    }

    @Test func noRollbackWidensAnAudience() throws {
        let everyone = SearchFilters(audiences: ["public"])
        try handbook.write(page("audience: public", "# P\n\nopen words"), to: "p.md")
        try handbook.ingest()
        try handbook.write("# Other\n\nmore words", to: "o.md")
        try handbook.ingest()
        try handbook.write(page("audience: internal", "# P\n\nopen words"), to: "p.md")
        try handbook.ingest()
        try Ingester.rollBack(handbook.store, in: handbook.indexes)
        #expect(try handbook.searcher().documents(everyone) == [])
    }
}

@Suite struct RollbackTests {
    let handbook: Handbook

    init() throws {
        handbook = try Handbook(["a.md": "# A\n\none words"])
        try handbook.ingest()
        try handbook.write("# A\n\ntwo words", to: "a.md")
        try handbook.ingest()
    }

    @Test func theOneBeforeIsServedAndThenTheNewestAgain() throws {
        let opened = try handbook.searcher()
        #expect(try Ingester.rollBack(handbook.store, in: handbook.indexes).id == 1)
        #expect(try opened.finds("one") && !opened.finds("two"))
        #expect(throws: RetrievalError.noGeneration(got: 0, expected: [2])) {
            try Ingester.rollBack(handbook.store, in: handbook.indexes)
        }
        #expect(try Ingester.rollBack(handbook.store, to: 2, in: handbook.indexes).id == 2)
        #expect(try opened.finds("two") && !opened.finds("one"))
    }

    @Test func anIngestGoesOnFromThePagesUnderANewNumber() throws {
        try Ingester.rollBack(handbook.store, in: handbook.indexes)
        let summary = try handbook.ingest()
        #expect((summary.unchanged, summary.generation, summary.embedded) == (1, 3, 0))
        #expect(try handbook.searcher().finds("two"))
        try handbook.write("# A\n\nthree words", to: "a.md")
        try handbook.ingest()
        #expect(try Ingester.rollBack(handbook.store, in: handbook.indexes).id == 3)
        #expect(try handbook.searcher().finds("two") && !handbook.searcher().finds("three"))
        #expect(try handbook.verified() == [])
    }

    @Test func aGenerationWhoseFilesAreDamagedIsNotServed() throws {
        let first = try #require(handbook.indexFolders("segment-1.").first)
        let vectors = first.appending(path: "vectors.docketindex")
        var bytes = try Data(contentsOf: vectors)
        bytes[200] ^= 1
        try bytes.write(to: vectors)
        #expect(throws: RetrievalError.self) { try Ingester.rollBack(handbook.store, in: handbook.indexes) }
        #expect(try handbook.searcher().finds("two"))
        try FileManager.default.removeItem(at: first)
        #expect(throws: RetrievalError.self) { try Ingester.rollBack(handbook.store, in: handbook.indexes) }
        #expect(try handbook.store.servingState().generation == 2)
    }
}

extension Handbook {
    /// What a verification finds.
    func verified() throws -> [Discrepancy] {
        try Verification.discrepancies(of: store, in: indexes, report: { _ in })
    }
}
