import Documents
import Foundation
import Retrieval
import Storage
import TestSupport
import Testing

/// What is removed while an ingest runs is gone when the removal returns, and stays so.
@Suite struct RemovalDuringIngestTests {
    private let handbook: Handbook

    init() throws {
        handbook = try Handbook()
        for number in 0..<6 { try handbook.write("# Page \(number)\n\nwords of subject\(number)", to: "p\(number).md") }
    }

    /// Runs an ingest and removes a name once, when it says what `moment` wants.
    @discardableResult
    private func ingest(
        _ roots: [String] = ["docs"], removing name: String, when moment: (IngestProgress) -> Bool
    ) throws -> IngestSummary {
        var isRemoved = false
        let opened = try? handbook.searcher()
        let summary = try withoutActuallyEscaping(moment) { moment in
            try handbook.ingest(roots) { progress in
                guard !isRemoved, moment(progress) else { return }
                isRemoved = true
                #expect(throws: Never.self) { try Ingester.remove([name], from: handbook.store) }
                if let opened { #expect((try? opened.documents()) == [], "gone when the command returns") }
            }
        }
        #expect(isRemoved)
        return summary
    }

    private func isReading(_ path: String, _ progress: IngestProgress) -> Bool {
        if case .reading(_, _, path) = progress { true } else { false }
    }

    @Test func aFolderThatIsRemovedDuringItsFirstIngestIsNotServed() throws {
        let summary = try ingest(removing: handbook.docs.path) { isReading("p3.md", $0) }
        #expect((summary.added, summary.passedOver) == (3, ["p3.md", "p4.md", "p5.md"]))
        #expect(try handbook.store.namedParts().isEmpty && handbook.store.currentDocuments().isEmpty)
        #expect(try handbook.searcher().documents() == [] && handbook.verified() == [])
        #expect(try handbook.ingest().added == 6, "until one names it")
    }

    @Test func aFolderThatIsRemovedWhileItsPagesChangeIsNotServed() throws {
        try handbook.ingest()
        for number in 0..<6 { try handbook.write("# Page \(number)\n\nother words", to: "p\(number).md") }
        try ingest(removing: handbook.docs.path) { isReading("p3.md", $0) }
        #expect(try handbook.searcher().documents() == [] && handbook.verified() == [])
        #expect(throws: RetrievalError.nothingIngested) { try handbook.ingest([]) }
        #expect(try handbook.searcher().documents() == [])
        try handbook.ingest()
        #expect(try handbook.searcher().documents().count == 6)
    }

    /// All that a segment was to hold is gone when it is written.
    @Test func pagesThatAreRemovedWhileTheyAreEmbeddedLeaveNoEmptySegment() throws {
        try handbook.write("# Kept\n\nkept words", to: "kept/k.md")
        try handbook.ingest(["docs/kept"])
        for number in 0..<40 { try handbook.write("# New \(number)\n\nnew subject\(number)", to: "new/n\(number).md") }
        var isRemoved = false
        let summary = try handbook.ingest(["docs/kept", "docs/new"]) { progress in
            guard case .embedding = progress, !isRemoved else { return }
            isRemoved = true
            #expect(throws: Never.self) {
                try Ingester.remove([handbook.docs.appending(path: "new").path], from: handbook.store)
            }
        }
        #expect(isRemoved && summary.hasBuilt && summary.reused >= 0 && summary.chunks == 1)
        #expect(try handbook.searcher().documents() == ["k"] && handbook.verified() == [])
        #expect(try handbook.ingest([]).failed == 0)
        #expect(try handbook.searcher().documents() == ["k"] && handbook.verified() == [])
    }

    /// As after an upgrade: the pages are cut again before any is read.
    @Test func aRemovalWhilePagesAreCutAgainDoesNotEndTheIngest() throws {
        try handbook.ingest()
        try handbook.store.setChunkerVersion(0)
        let old = try handbook.store.currentDocuments()
        _ = try Ingester.remove(["p3"], from: handbook.store)
        #expect(try handbook.ingest().failed == 0)
        #expect(try handbook.searcher().documents() == ["p0", "p1", "p2", "p4", "p5"])
        // What was read before the removal is refused after it, and told apart from damage.
        let page = try #require(old.first { $0.id == "p3" })
        let bytes = try Array(Data(contentsOf: handbook.docs.appending(path: "p3.md")))
        #expect(throws: StorageError.removedPage(id: "p3")) {
            try handbook.store.store(
                DocumentToStore(
                    document: Document(parsing: bytes, path: "p3.md"), bytes: bytes, source: page.source,
                    audience: page.audience, chunks: [], embeddingTexts: []),
                replacing: page, narrowsAudience: false)
        }
    }

    /// After a rollback a search shows a page by an id that the file has no more.
    @Test func aPageIsRemovedByTheIDThatASearchShows() throws {
        try handbook.write(page("id: old", "# X\n\nomega words"), to: "x.md")
        try handbook.ingest()
        try handbook.write(page("id: new", "# X\n\nomega words"), to: "x.md")
        try handbook.ingest()
        try Ingester.rollBack(handbook.store, in: handbook.indexes)
        #expect(try handbook.searcher().documents().contains("old"))
        #expect(try Ingester.remove(["old"], from: handbook.store).removed.map(\.id) == ["new"])
        #expect(try !handbook.searcher().finds("omega"))
        try handbook.ingest()
        #expect(try !handbook.searcher().finds("omega") && handbook.verified() == [])
    }

    @Test func whatIsRemovedIsSealed() throws {
        try handbook.ingest()
        _ = try Ingester.remove(["p1"], from: handbook.store)
        #expect(try handbook.verified() == [])
        try handbook.damage("delete from removed_page")
        #expect(try handbook.verified().map(\.part) == [.database])
    }
}
