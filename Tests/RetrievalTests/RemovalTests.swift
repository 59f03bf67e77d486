import Foundation
import Retrieval
import Storage
import TestSupport
import Testing

/// Pages that are removed by name: gone at once, in every process, and not brought back by an ingest or a rollback.
@Suite struct RemovalTests {
    let handbook: Handbook

    private static let beta = "# B\n\nbeta words, and enough of them that this page is no stub but says something."

    init() throws {
        handbook = try Handbook([
            "a.md": page("id: alpha", "# A\n\nalpha words"), "sub/b.md": Self.beta,
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
        #expect((summary.added, summary.unchanged, summary.passedOver, summary.generation) == (0, 2, ["a.md"], 2))
        try handbook.write(page("id: alpha", "# A\n\nalpha anew"), to: "a.md")
        #expect(try handbook.ingest([]).passedOver == ["a.md"])
        #expect(try handbook.searcher().documents() == ["sub/b", "sub/c"])
        let named = try handbook.ingest(["docs/a.md"])
        #expect((named.added, named.passedOver) == (1, []))
        #expect(try handbook.ingest().passedOver == [])
        #expect(try handbook.searcher().documents() == ["alpha", "sub/b", "sub/c"])
    }

    @Test func aRemovedPageDoesNotComeBackUnderAnotherName() throws {
        _ = try remove("alpha", "sub/b")
        // One has its id in its text, of the other the bytes are the same.
        try handbook.move("a.md", to: "sub/moved.md")
        try handbook.write(page("id: alpha", "# A\n\nalpha anew"), to: "sub/moved.md")
        try handbook.move("sub/b.md", to: "moved.md")
        #expect(try handbook.ingest().passedOver == ["moved.md", "sub/moved.md"])
        #expect(try handbook.searcher().documents() == ["sub/c"])
        try handbook.write("# B\n\nother words", to: "moved.md")
        #expect(try handbook.ingest().passedOver == ["sub/moved.md"], "other words under another name are another page")
        #expect(try handbook.searcher().documents() == ["moved", "sub/c"])
        #expect(try handbook.ingest(["docs/sub/moved.md"]).added == 1)
        #expect(try handbook.searcher().documents() == ["alpha", "moved", "sub/c"])
    }

    /// The same words on another page are that page's, too, and a stub's are nobody's.
    @Test func pagesThatAreLikeARemovedOneStay() throws {
        try handbook.write(Self.beta, to: "twin.md")
        try handbook.write("# Stub\n\nTo do.", to: "stub.md")
        try handbook.ingest()
        _ = try remove("sub/b", "stub")
        try handbook.write(Self.beta, to: "third.md")
        try handbook.write("# Stub\n\nTo do.", to: "other.md")
        let summary = try handbook.ingest()
        #expect((summary.added, summary.passedOver) == (2, ["stub.md", "sub/b.md"]))
        // A page that is changed and changed back is itself.
        try handbook.write("# B\n\nsomething else", to: "twin.md")
        try handbook.ingest()
        try handbook.write(Self.beta, to: "twin.md")
        let back = try handbook.ingest()
        #expect((back.changed, back.errors) == (1, []))
        #expect(try handbook.searcher().documents() == ["alpha", "other", "sub/c", "third", "twin"])
    }

    /// The removal comes when the ingest has read its file list, and before it reads the page.
    @Test func aPageThatIsRemovedDuringAnIngestIsNotBroughtBack() throws {
        try handbook.write(page("id: alpha", "# A\n\nalpha anew"), to: "a.md")
        try handbook.write(Self.beta + " More.", to: "sub/b.md")
        let opened = try handbook.searcher()
        var isRemoved = false
        let ingester = try Ingester(
            store: handbook.store, embedder: Handbook.tiny.get(), indexes: handbook.indexes,
            audiences: Handbook.audiences
        ) { progress in
            guard case .reading(_, _, let path) = progress, path == "sub/b.md", !isRemoved else { return }
            isRemoved = true
            let removed = try? Ingester.remove(["alpha", "sub/b"], from: handbook.store).removed.map(\.id)
            #expect(removed?.sorted() == ["alpha", "sub/b"])
            #expect((try? opened.documents()) == ["sub/c"])
        }
        let summary = try ingester.ingest([handbook.docs])
        #expect(isRemoved && summary.passedOver.contains("sub/b.md"))
        #expect(try opened.documents() == ["sub/c"] && handbook.searcher().documents() == ["sub/c"])
        #expect(try handbook.ingest().passedOver == ["a.md", "sub/b.md"])
    }

    /// Two pairs exchange their ids; one page of the first pair is removed before they are stored.
    @Test func pagesThatExchangeIDsWithARemovedOneDoNotHoldOthersUp() throws {
        func write(_ ids: [String]) throws {
            for (name, id) in zip(["p", "q", "r", "s"], ids) {
                try handbook.write(page("id: \(id)", "# \(name)\n\nwords of the file \(name)"), to: "\(name).md")
            }
        }
        try write(["one", "two", "three", "four"])
        try handbook.ingest()
        try write(["two", "one", "four", "three"])
        try handbook.write("# Last\n\nlast words", to: "z.md")
        let summary = try handbook.ingest { progress in
            if case .reading(_, _, "z.md") = progress { _ = try? Ingester.remove(["one"], from: handbook.store) }
        }
        #expect((summary.changed, summary.errors) == (2, []))
        #expect(summary.passedOver.sorted() == ["p.md", "q.md"])
        #expect(try handbook.shown().contains("three: # s\n\nwords of the file s"), "they have exchanged their ids")
        #expect(try !handbook.searcher().documents().contains("one"))
        #expect(try handbook.verified() == [])
    }

    @Test(arguments: ["", " ", "\n"]) func anEmptyNameMeansNoPage(_ name: String) throws {
        #expect(throws: RetrievalError.noPage(name: name)) { try remove(name) }
        #expect(try handbook.searcher().documents() == ["alpha", "sub/b", "sub/c"])
    }

    @Test func aFolderAboveIngestedOnesIsTakenOnPurposeOnly() throws {
        let above = handbook.docs.deletingLastPathComponent().path
        let folder = handbook.docs.resolvingSymlinksInPath().path
        #expect(throws: RetrievalError.coversIngestedFolders(name: above, folders: [folder], pageCount: 3)) {
            try remove(above)
        }
        #expect(try handbook.searcher().documents().count == 3)
        #expect(try Ingester.remove([above], from: handbook.store, coversAll: true).removed.count == 3)
    }

    @Test func wordsAreFetchedForReadersOfNowOnly() throws {
        try handbook.write(page("audience: public", "# P\n\nopen words\n\n## More\n\nmore words"), to: "p.md")
        try handbook.ingest()
        let everyone = SearchFilters(audiences: ["public"])
        let passages = try handbook.searcher().search("open words", filters: everyone, limit: 9).passages
        let (ids, chunk) = (passages.map(\.chunk.id), try #require(passages.first?.chunk))
        #expect(try handbook.store.chunks(ids, of: ["public"]).count == 2)
        #expect(try neighbourCount(of: chunk) == 1)
        try handbook.write(page("audience: internal", "# P\n\nopen words\n\n## More\n\nmore words"), to: "p.md")
        try handbook.ingest()
        #expect(try handbook.store.chunks(ids, of: ["public"]) == [], "what was ranked before is not shown after")
        #expect(try handbook.store.chunks(ids, of: ["internal"]).count == 2)
        #expect(try neighbourCount(of: chunk) == 0)
    }

    private func neighbourCount(of chunk: StoredChunk) throws -> Int {
        let around = try handbook.store.neighbours(of: chunk, count: 5, audiences: ["public"])
        return around.before.count + around.after.count
    }

    @Test func aPageThatWasIngestedByItselfStaysRemoved() throws {
        let single = try Handbook(["a.md": "# A\n\nalpha words", "b.md": "# B\n\nbeta words"])
        try single.ingest(["docs/a.md", "docs/b.md"])
        _ = try Ingester.remove(["a"], from: single.store)
        #expect(try single.ingest([]).passedOver == ["a.md"])
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

    /// The generation before has rows of a page whose words are gone: tombstones, no damage.
    @Test func whatIsServedAgainIsSoundAfterARemoval() throws {
        try handbook.write("# B\n\nbeta words", to: "b.md")
        try handbook.ingest()
        _ = try Ingester.remove(["a"], from: handbook.store)
        try handbook.ingest()
        try Ingester.rollBack(handbook.store, in: handbook.indexes)
        #expect(try handbook.searcher().documents() == ["b"])
        #expect(try handbook.verified() == [])
        let embedder = try Handbook.tiny.get()
        let repair = try Ingester(
            store: handbook.store, embedder: embedder, indexes: handbook.indexes, audiences: Handbook.audiences,
            report: { _ in }
        ).repair { _ in }
        #expect(repair.generation == nil, "nothing is to be mended, and the rollback stays")
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
    func verified(_ store: Store? = nil) throws -> [Discrepancy] {
        try Verification.discrepancies(of: store ?? self.store, in: indexes, report: { _ in })
    }
}
