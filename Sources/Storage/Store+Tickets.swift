package import Foundation
import GRDB
package import Tickets

/// What an import did with a ticket.
package enum ImportOutcome: String, Sendable {
    case created, amended, unchanged
}

/// An event of a ticket as it was recorded.
package struct RecordedEvent: Sendable, Equatable {
    package let at: String
    package let event: TicketEvent
}

extension Store {
    /// Keeps a ticket; the same content again changes nothing, another content for the same id amends it.
    package func store(_ ticket: Ticket, at time: Date) throws -> ImportOutcome {
        let content = String(decoding: try ticket.json(), as: UTF8.self)
        return try pool.write { db in
            let old = try String.fetchOne(
                db, sql: "SELECT content FROM ticket WHERE id = ?", arguments: [ticket.id.text])
            guard old != content else { return .unchanged }
            try db.execute(
                sql: """
                    INSERT INTO ticket (id, content) VALUES (?, ?)
                    ON CONFLICT (id) DO UPDATE SET content = excluded.content
                    """, arguments: [ticket.id.text, content])
            try Self.seal(.ticket, where: "id = ?", [ticket.id.text], db)
            try record(old == nil ? .created : .amended, of: ticket.id, at: time, db)
            return old == nil ? .created : .amended
        }
    }

    /// All tickets in order of creation.
    package func tickets() throws -> [Ticket] {
        try pool.read { db in
            try Row.fetchAll(db, sql: "SELECT id, content FROM ticket ORDER BY sequence").map(Self.ticket(row:))
        }
    }

    /// The ticket whose id is, or alone begins with, `prefix`.
    package func ticket(withIDPrefix prefix: String) throws -> Ticket {
        let prefix = prefix.lowercased()
        guard !prefix.isEmpty else { throw StorageError.noTicket(id: prefix) }
        let rows = try pool.read { db in
            try Row.fetchAll(
                db, sql: "SELECT id, content FROM ticket WHERE substr(id, 1, ?) = ? ORDER BY sequence",
                arguments: [prefix.utf8.count, prefix])
        }
        guard let row = rows.first else { throw StorageError.noTicket(id: prefix) }
        guard rows.count == 1 else { throw StorageError.ambiguousTicket(prefix: prefix, got: rows.count) }
        return try Self.ticket(row: row)
    }

    /// What happened to a ticket, oldest first.
    package func events(of ticket: UUID) throws -> [RecordedEvent] {
        try pool.read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM event WHERE ticket_id = ? ORDER BY id", arguments: [ticket.text])
                .map(RecordedEvent.init(row:))
        }
    }

    /// Keeps a draft with the revisions that it cites, and records it on its ticket. Returns the draft's number.
    ///
    /// One that says what the ticket's last draft says is that draft: nothing is kept and nothing recorded.
    @discardableResult
    package func store(_ draft: Draft, generation: Int, at time: Date) throws -> Int64 {
        let content = try jsonText(draft)
        return try pool.write { db in
            try check(draft, db)
            let last = "SELECT id FROM draft WHERE id = (SELECT max(id) FROM draft WHERE ticket_id = ?) AND content = ?"
            if let id = try Int64.fetchOne(db, sql: last, arguments: [draft.ticket.text, content]) { return id }
            try db.execute(
                sql: "INSERT INTO draft (ticket_id, generation, created_at, content) VALUES (?, ?, ?, ?)",
                arguments: [draft.ticket.text, generation, time.formatted(.iso8601), content])
            let id = db.lastInsertedRowID
            try Self.seal(.draft, id, db)
            for revision in Set(draft.statements.flatMap(\.citations).map(\.revision)) {
                try db.execute(sql: "INSERT INTO draft_citation VALUES (?, ?)", arguments: [id, revision])
            }
            try record(.drafted(draft: id), of: draft.ticket, at: time, db)
            return id
        }
    }

    /// A draft belongs to a ticket, and what it cites is in the database: an ingest may have replaced it since.
    private func check(_ draft: Draft, _ db: Database) throws {
        func exists(_ sql: String, _ key: String) throws -> Bool {
            try Bool.fetchOne(db, sql: "SELECT EXISTS (\(sql))", arguments: [key]) ?? false
        }
        guard try exists("SELECT 1 FROM ticket WHERE id = ?", draft.ticket.text) else {
            throw StorageError.noTicket(id: draft.ticket.text)
        }
        for citation in draft.statements.flatMap(\.citations)
        where try !exists("SELECT 1 FROM revision WHERE hash = ?", citation.revision) {
            throw StorageError.noRevision(document: citation.document, revision: citation.revision)
        }
    }

    private func record(_ event: TicketEvent, of ticket: UUID, at time: Date, _ db: Database) throws {
        let draft: Int64? = if case .drafted(let draft) = event { draft } else { nil }
        try db.execute(
            sql: "INSERT INTO event (ticket_id, at, name, draft_id) VALUES (?, ?, ?, ?)",
            arguments: [ticket.text, time.formatted(.iso8601), event.name, draft])
        try Self.seal(.event, db.lastInsertedRowID, db)
    }

    static func ticket(row: Row) throws -> Ticket {
        try StoredRecord(row, of: "ticket", key: "id").json("content")
    }
}

extension RecordedEvent {
    init(row: Row) throws {
        let record = StoredRecord(row, of: "event", key: "id")
        at = try record.value("at")
        let (name, draft): (String, Int64?) = (try record.value("name"), try record.optional("draft_id"))
        switch (name, draft) {
        case ("created", _): event = .created
        case ("amended", _): event = .amended
        case ("drafted", let draft?): event = .drafted(draft: draft)
        default: throw record.corrupt("its name is \(name)")
        }
    }
}

extension UUID {
    /// As Docket writes it: lower case.
    package var text: String { uuidString.lowercased() }
}
