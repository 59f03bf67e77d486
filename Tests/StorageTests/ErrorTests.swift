import Foundation
import GRDB
import Storage
import Testing
import Tickets

/// Whatever goes wrong below, the room's callers meet the room's own errors.
@Suite struct ErrorTests {
    @Test func noErrorOfTheDatabaseLeavesTheRoom() throws {
        let desk = try Desk()
        let page = try page("One.", at: "a.md")
        let ticket = try ticket()
        let store = desk.store
        try desk.raw { db in
            try db.execute(sql: "PRAGMA foreign_keys = OFF")
            for table in ["setting", "document", "chunk", "embedding", "ticket", "event", "draft", "revision", "model"]
            {
                try db.execute(sql: "DROP TABLE \(table)")
            }
        }
        let calls: [(String, () throws -> Void)] = [
            ("servingState", { _ = try store.servingState() }),
            ("servingGeneration", { _ = try store.servingGeneration() }),
            ("currentDocuments", { _ = try store.currentDocuments() }),
            ("documents", { _ = try store.documents(ofGeneration: 1) }),
            ("servedPages", { _ = try store.servedPages() }),
            ("store page", { try store.store(page, replacing: nil, narrowsAudience: false) }),
            ("hasPendingChanges", { _ = try store.hasPendingChanges() }),
            ("bytes", { _ = try store.bytes(ofRevision: "x") }),
            ("chunks", { _ = try store.chunks([1]) }),
            ("unembedded", { _ = try store.unembeddedChunks(fingerprint: "m", dimension: 1) }),
            ("embeddings", { try store.store(embeddings: [], fingerprint: "m") }),
            ("forEach", { try store.forEachCurrentChunk(fingerprint: "m", dimension: 1) { _, _ in } }),
            ("serve", { try store.serve(generation: 1, fingerprint: "m", chunkCount: 0, at: Date()) }),
            ("chunkerVersion", { _ = try store.chunkerVersion() }),
            ("setChunkerVersion", { try store.setChunkerVersion(1) }),
            ("store ticket", { _ = try store.store(ticket, at: Date()) }),
            ("tickets", { _ = try store.tickets() }),
            ("ticket", { _ = try store.ticket(withIDPrefix: "a") }),
            ("events", { _ = try store.events(of: ticket.id) }),
            ("store draft", { try store.store(draft(for: ticket.id, citing: []), generation: 1, at: Date()) }),
            ("counts", { _ = try store.counts() }),
        ]
        for (name, call) in calls {
            let error = #expect(throws: StorageError.self, "\(name)") { try call() }
            guard case .damaged(desk.store.path, let detail)? = error else {
                Issue.record("\(name): got \(String(describing: error))")
                continue
            }
            #expect(detail.contains("no such table"), "\(name)")
        }
    }

    @Test(arguments: [
        (
            StorageError.noDatabase(path: "/d"),
            "/d: there is no database yet; run `docket ingest FOLDER` first, or name the data directory with --data"
        ),
        (
            .notADatabase(path: "/d"),
            "/d: is not a database of Docket's; move it away, or name another data directory with --data"
        ),
        (
            .newerVersion(path: "/d"),
            "/d: was written by a newer version of Docket; use that version, or another data directory (--data)"
        ),
        (.unusable(path: "/d", detail: "x"), "/d: the database cannot be used: x"),
        (
            .duplicateDocument(id: "a", source: "/d", path: "b.md"),
            "the document id \"a\" is already used by /d/b.md; give one of the two another `id`"
        ),
        (.noTicket(id: "a"), "there is no ticket a; `docket ticket list` shows those there are"),
        (.ambiguousTicket(prefix: "a", got: 2), "2 tickets begin with a; give more of the id"),
        (
            .noRevision(document: "a", revision: "b"),
            "the page a was replaced while its words were being cited; run the command again"
        ),
        (
            .corruptRecord(table: "chunk", key: "7", detail: "x"),
            "the chunk record 7 cannot be read: x; restore a copy of the database, or move it away, ingest again and "
                + "import the tickets again"
        ),
        (
            .corruptRecord(table: "embedding", key: "k", detail: "x"),
            "the embedding record k cannot be read: x; run `docket repair` to embed its text again"
        ),
        (
            .corruptRecord(table: "ticket", key: "k", detail: "x"),
            "the ticket record k cannot be read: x; restore a copy of the database"
        ),
    ])
    func anErrorSaysWhatAndWhatToDo(error: StorageError, text: String) {
        #expect(error.description == text)
    }
}
