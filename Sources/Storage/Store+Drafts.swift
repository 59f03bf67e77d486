import GRDB
package import Tickets

/// A draft as it was kept.
package struct StoredDraft: Sendable, Equatable {
    /// Numbers count from 1.
    package let number: Int64
    package let generation: Int
    package let createdAt: String
    package let draft: Draft
}

extension Store {
    /// The kept drafts, oldest first.
    package func drafts() throws -> [StoredDraft] {
        try pool.read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM draft ORDER BY id").map(StoredDraft.init(row:))
        }
    }
}

extension StoredDraft {
    var citedRevisions: Set<String> { Set(draft.statements.flatMap(\.citations).map(\.revision)) }

    init(row: Row) throws {
        let record = StoredRecord(row, of: "draft", key: "id")
        number = try record.value("id")
        generation = try record.value("generation")
        createdAt = try record.value("created_at")
        draft = try record.json("content")
    }
}
