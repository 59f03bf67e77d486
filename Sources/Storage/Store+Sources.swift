import GRDB

/// A part of a folder that an ingest was told to read.
package struct NamedPart: Sendable, Hashable {
    /// The ingested folder, an absolute path: that of `StoredDocument.source`.
    package let source: String
    /// The part below it: "" for all of it, the path of a folder or of one page.
    package let scope: String

    package init(source: String, scope: String) {
        self.source = source
        self.scope = scope
    }
}

extension Store {
    /// What was named to an ingest so far, by source and scope: an ingest that names nothing reads this again.
    package func namedParts() throws -> [NamedPart] {
        try pool.read(Self.namedParts)
    }

    private static func namedParts(_ db: Database) throws -> [NamedPart] {
        try Row.fetchAll(db, sql: "SELECT source, scope FROM named_part ORDER BY source, scope").map { row in
            let record = StoredRecord(row, of: "named_part", key: "source")
            return NamedPart(source: try record.value("source"), scope: try record.value("scope"))
        }
    }

    /// Remembers these parts in place of those that were read before; what was forgotten since stays so.
    package func setNamedParts(_ parts: [NamedPart], insteadOf read: [NamedPart] = []) throws {
        try pool.write { db in
            let present = Set(try Self.namedParts(db))
            let forgotten = Set(read).subtracting(present)
            try db.execute(sql: "DELETE FROM named_part")
            for part in Set(parts) where !forgotten.contains(part) {
                try db.execute(sql: "INSERT INTO named_part VALUES (?, ?)", arguments: [part.source, part.scope])
            }
        }
    }
}
