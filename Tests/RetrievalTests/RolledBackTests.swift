import Foundation
import Retrieval
import Storage
import TestSupport
import Testing

/// A state that was rolled back to is as sound as the newest, whatever was removed or fitted since.
@Suite struct RolledBackTests {
    private static let none = Embedder.latent(.unfitted)

    private func handbook(_ count: Int = 20) throws -> Handbook {
        let handbook = try Handbook()
        for number in 0..<count {
            try handbook.write("# Page \(number)\n\nwords of subject\(number)", to: "p\(number).md")
        }
        return handbook
    }

    /// Those that have a word that all have: a fit knows no others.
    private static func documents(_ searcher: Searcher) throws -> [String] {
        try searcher.search("page", filters: Handbook.everyone, limit: 100).passages.map(\.document.id).sorted()
    }

    private func rollBack(_ handbook: Handbook) throws {
        try Ingester.rollBack(handbook.store, in: handbook.indexes)
    }

    @Test func rowsOfPagesThatWereRemovedAreTombstones() throws {
        let handbook = try handbook(4)
        try handbook.ingest()
        try handbook.remove("p0.md")
        try handbook.remove("p2.md")
        try handbook.ingest()
        try rollBack(handbook)
        #expect(try handbook.verified() == [])
        #expect(try handbook.repair() == RepairSummary())
        #expect(try handbook.store.servingState().generation == 1)
        #expect(try handbook.searcher().documents() == ["p1", "p3"])
    }

    @Test func aRowWhosePageIsThereIsNoTombstone() throws {
        let handbook = try handbook(4)
        try handbook.ingest()
        try handbook.damage("pragma foreign_keys = off; delete from chunk where id = 2")
        #expect(try handbook.verified().contains { $0.message.contains("row 1 has no chunk in the database") })
    }

    @Test func theFitThatCanBeRolledBackToKeepsItsEmbeddings() throws {
        let handbook = try handbook()
        try handbook.ingest(embedder: Self.none)
        for number in 20..<40 { try handbook.write("# Page \(number)\n\nother subject\(number)", to: "p\(number).md") }
        try handbook.ingest(embedder: Self.none)
        #expect(try handbook.store.embeddedFingerprints().count == 2)
        try rollBack(handbook)
        #expect(try handbook.verified() == [])
        #expect(try handbook.repair(embedder: Self.none) == RepairSummary())
    }

    @Test func aChangeOfTheModelCanBeRolledBackAndIsSound() throws {
        let handbook = try handbook()
        try handbook.ingest(embedder: Self.none)
        try handbook.ingest(changingModel: true)
        try rollBack(handbook)
        #expect(try handbook.verified() == [])
        let searcher = try Searcher(store: handbook.store, embedder: Self.none, indexes: handbook.indexes)
        #expect(try Self.documents(searcher).count == 20)
    }

    @Test(arguments: [true, false]) func aBackupOfARolledBackStateIsSearchable(isLatent: Bool) throws {
        let embedder = isLatent ? Self.none : try Handbook.tiny.get()
        let handbook = try handbook()
        try handbook.ingest(embedder: embedder)
        try handbook.remove("p0.md")
        for number in 20..<40 { try handbook.write("# Page \(number)\n\nother subject\(number)", to: "p\(number).md") }
        try handbook.write("# Page 1\n\nchanged", to: "p1.md")
        try handbook.ingest(embedder: embedder)
        try rollBack(handbook)
        func shown() throws -> [String] {
            try Self.documents(Searcher(store: handbook.store, embedder: embedder, indexes: handbook.indexes))
        }
        let expected = try shown()
        #expect(expected.count == 19)
        let backup = handbook.folder.url.appending(path: "backup.sqlite")
        try handbook.store.backUp(to: backup)
        let summary = try Restoration(
            of: handbook.store, in: handbook.indexes, audiences: Handbook.audiences, threadCount: 1
        ).restore(backup)
        #expect(summary.isSearchable && summary.generation?.id == 1)
        #expect(try shown() == expected && handbook.verified() == [])
        #expect(try handbook.store.servableGenerations().map(\.id) == [1], "the other's index is not in a backup")
        #expect(throws: RetrievalError.self) { try rollBack(handbook) }
        let after = try handbook.ingest(embedder: embedder)
        #expect(after.generation == 3 && after.hasBuilt)
        #expect(try shown().count == 39 && handbook.verified() == [])
    }

    /// The fit stands with the index, which no backup has: it is made again.
    @Test func aBackupWithoutAModelIsSearchableAndSound() throws {
        let handbook = try handbook()
        try handbook.ingest(embedder: Self.none)
        try handbook.write("# Page 3\n\nchanged a little", to: "p3.md")
        try handbook.ingest(embedder: Self.none)
        let backup = handbook.folder.url.appending(path: "backup.sqlite")
        try handbook.store.backUp(to: backup)
        let other = try Handbook()
        let summary = try Restoration(of: other.store, in: other.indexes, audiences: Handbook.audiences, threadCount: 1)
            .restore(backup)
        #expect(summary.isSearchable && summary.generation?.id == 2)
        #expect(try other.verified() == [])
        let searcher = try Searcher(store: other.store, embedder: Self.none, indexes: other.indexes)
        let best = try searcher.search("subject7", filters: Handbook.everyone, limit: 1).passages.first
        #expect(best?.document.id == "p7" && (best?.scores.dense ?? 0) > 0.5)
    }
}
