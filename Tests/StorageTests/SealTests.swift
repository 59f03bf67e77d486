import Foundation
import GRDB
import Storage
import Testing
import Tickets

/// Records that nothing else can be compared with are as they were written, or it is seen.
@Suite struct SealTests {
    private let desk: Desk

    init() throws {
        desk = try Desk()
        let ticket = try ticket()
        _ = try desk.store.store(ticket, at: Date(timeIntervalSince1970: 0))
        let page = try desk.put("One.")
        try desk.put("Two.", at: "b.md")
        try desk.serve()
        try desk.store.store(draft(for: ticket.id, citing: [page.revision]), generation: 1, at: Date())
    }

    private func broken() throws -> [BrokenSeal] {
        try SealedTable.allCases.flatMap { try desk.store.brokenSeals(of: $0) }
    }

    @Test func whatDocketWritesIsSealed() throws {
        #expect(try broken() == [])
        _ = try desk.store.store(ticket(subject: "Another subject"), at: Date())
        try desk.put("One, changed.", audience: "internal", narrowing: true)
        #expect(try broken() == [])
        try desk.serve()
        try desk.store.remove([#require(try desk.current("b.md"))])
        #expect(try broken() == [])
        try desk.serve()
        #expect(try broken() == [])
        #expect(try desk.raw { try Int.fetchOne($0, sql: "SELECT count(*) FROM seal WHERE record = 'document'") } == 1)
    }

    @Test(arguments: [
        ("UPDATE document SET path = 'z.md' WHERE path = 'a.md'", SealedTable.document, 1, false),
        ("UPDATE document SET audience = 'secret' WHERE path = 'b.md'", .document, 2, false),
        ("UPDATE document SET born = born + 1 WHERE path = 'b.md'", .document, 2, false),
        ("UPDATE generation SET document_count = 3", .generation, 1, false),
        ("UPDATE ticket SET content = replace(content, 'lags', 'legs')", .ticket, 1, false),
        ("UPDATE event SET at = '2020-01-01T00:00:00Z' WHERE id = 1", .event, 1, false),
        ("UPDATE draft SET content = replace(content, 'x', 'y')", .draft, 1, false),
        ("UPDATE draft SET generation = '1' || '0'", .draft, 1, false),
        ("PRAGMA foreign_keys = OFF; DELETE FROM event WHERE id = 2", .event, 2, true),
        ("PRAGMA foreign_keys = OFF; DELETE FROM ticket", .ticket, 1, true),
        ("UPDATE seal SET checksum = zeroblob(32) WHERE record = 'event' AND key = 1", .event, 1, false),
        ("DELETE FROM seal WHERE record = 'ticket'", .ticket, 1, false),
    ])
    func aChangedRecordBreaksItsSeal(_ sql: String, table: SealedTable, key: Int64, isGone: Bool) throws {
        try DatabaseQueue(path: desk.store.path).inDatabase { db in try db.execute(sql: sql) }
        let broken = try broken()
        #expect(broken.map(\.table) == [table] && broken.map(\.key) == [key] && broken.map(\.isGone) == [isGone])
    }

    /// The end of a page's life is changed in place.
    @Test func anEndOfAPageBreaksNoSeal() throws {
        try desk.raw { try $0.execute(sql: "UPDATE document SET died = 0") }
        #expect(try broken() == [])
    }

    @Test func recordsOfADatabaseWithoutSealsAreSealedWhenItIsOpened() throws {
        try desk.raw { db in
            try db.execute(sql: "DROP TABLE seal; DELETE FROM grdb_migrations WHERE identifier LIKE '6:%'")
        }
        let store = try desk.another()
        for table in SealedTable.allCases { #expect(try store.brokenSeals(of: table) == []) }
        #expect(try desk.raw { try Int.fetchOne($0, sql: "SELECT count(*) FROM seal") } == 7)
    }

    @Test func draftsThatAreNotKeptAsCitingWhatTheyCiteAreFoundAndMended() throws {
        #expect(try desk.store.wrongDraftCitations() == [])
        for sql in [
            "DELETE FROM draft_citation",
            "UPDATE draft_citation SET revision = (SELECT revision FROM document WHERE path = 'b.md')",
        ] {
            try desk.raw { try $0.execute(sql: sql) }
            #expect(try desk.store.wrongDraftCitations() == [1])
            try desk.store.mendCitations(ofDrafts: [1])
            #expect(try desk.store.wrongDraftCitations() == [])
        }
    }
}
