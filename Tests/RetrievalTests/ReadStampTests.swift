import Foundation
import IndexFiles
import Retrieval
import Storage
import TestSupport
import Testing

/// A file that is as it was when it was read is not read again; what it is like is never taken for more than it says.
@Suite struct ReadStampTests {
    private let handbook: Handbook

    init() throws { handbook = try Handbook(["a.md": "# A\n\nalpha words", "b.md": "# B\n\nbeta words"]) }

    @discardableResult
    private func ingest(readsAll: Bool = false, settledSeconds: Double = 0) throws -> IngestSummary {
        let ingester = Ingester(
            store: handbook.store, embedder: try Handbook.tiny.get(), indexes: handbook.indexes,
            audiences: Handbook.audiences, settledSeconds: settledSeconds, report: { _ in })
        return try ingester.ingest([handbook.docs], readsAll: readsAll)
    }

    private func stamps() throws -> [String: PageStamp] {
        try handbook.store.pageStamps(ofSource: handbook.store.namedParts()[0].source)
    }

    private func url(_ path: String) -> URL { handbook.docs.appending(path: path) }

    @Test func aFileThatIsLeftAloneIsNotReadAgain() throws {
        try ingest()
        #expect(try stamps().keys.sorted() == ["a.md", "b.md"])
        // No file can be changed and keep its stamp: so the stamp is made to fit.
        try handbook.write("# A\n\nother words", to: "a.md")
        let stamp = try #require(FileStamp(of: url("a.md")))
        try handbook.damage("update page_stamp set stamp = '\(stamp)' where path = 'a.md'")
        #expect(try ingest().unchanged == 2)
        #expect(try ingest(readsAll: true).changed == 1)
        #expect(try handbook.searcher().finds("other"))
        #expect(try ingest().unchanged == 2)
    }

    /// Size and time of the content can be had from before; the time of the change of either cannot.
    @Test func aChangeOfTheSameSizeAndTimeIsSeen() throws {
        try ingest()
        let date = try #require(
            try FileManager.default.attributesOfItem(atPath: url("a.md").path)[.modificationDate] as? Date)
        let handle = try FileHandle(forWritingTo: url("a.md"))
        try handle.seek(toOffset: 5)
        try handle.write(contentsOf: Data("gamma".utf8))
        try handle.close()
        try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: url("a.md").path)
        #expect(try ingest().changed == 1)
        #expect(try handbook.searcher().finds("gamma"))
    }

    @Test func aFileThatTookAnothersNameIsRead() throws {
        try ingest()
        try handbook.move("a.md", to: "c.md")
        try handbook.move("b.md", to: "a.md")
        try handbook.move("c.md", to: "b.md")
        #expect(try ingest().unchanged == 0)
        #expect(try handbook.shown() == ["a: # B\n\nbeta words", "b: # A\n\nalpha words"])
    }

    /// Whoever saves it again within a tick of the file system's clock leaves no other stamp.
    @Test func aFileThatWasSavedJustNowIsReadAgain() throws {
        try ingest(settledSeconds: ReadStamps.settledSeconds)
        #expect(try stamps().isEmpty)
    }

    /// The stamp says that the file is the same, and not that it is what is stored.
    @Test func aPageOfAnotherRevisionIsRead() throws {
        try ingest()
        let backup = handbook.folder.url.appending(path: "backup.sqlite")
        try handbook.store.backUp(to: backup)
        try handbook.write("# A\n\nother words", to: "a.md")
        try ingest()
        let stamp = try #require(try stamps()["a.md"])
        _ = try Restoration(of: handbook.store, in: handbook.indexes, audiences: Handbook.audiences, threadCount: 1)
            .restore(backup)
        #expect(try handbook.searcher().finds("alpha"))
        try handbook.damage("update page_stamp set stamp = '\(stamp.stamp)', revision = '\(stamp.revision)'")
        #expect(try ingest().changed == 1)
        #expect(try handbook.searcher().finds("other"))
    }

    @Test func aPageThatIsRefusedIsReportedByEveryRun() throws {
        try handbook.write("---\naudience: nobody\n---\n# C\n\nwords", to: "c.md")
        try handbook.write("---\nid: [\n---\n# D\n\nwords", to: "d.md")
        for _ in 0..<3 { #expect(try ingest().failed == 2) }
    }

    /// An audience that the configuration does not have any more is no audience, though the file is the same.
    @Test func pagesFollowTheConfigurationThoughTheirFilesAreTheSame() throws {
        try handbook.write("---\naudience: secret\n---\n# C\n\nwords", to: "c.md")
        try ingest()
        let ingester = Ingester(
            store: handbook.store, embedder: try Handbook.tiny.get(), indexes: handbook.indexes,
            audiences: AudienceOrder(names: ["public", "internal"], defaultAudience: "public"), settledSeconds: 0,
            report: { _ in })
        let summary = try ingester.ingest([handbook.docs])
        #expect((summary.failed, summary.changed) == (1, 2))
    }

    @Test func theStampsOfForgottenPagesAreForgotten() throws {
        try ingest()
        try handbook.remove("a.md")
        for number in 0..<3 {
            try handbook.write("# B\n\nbeta \(number)", to: "b.md")
            try ingest()
        }
        #expect(try stamps().keys.sorted() == ["b.md"])
    }
}
