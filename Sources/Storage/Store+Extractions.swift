import GRDB

extension Store {
    /// The revision of the text that was extracted from a file with this SHA-256; `nil` where none was, or it is forgotten.
    package func extractedRevision(ofFile hash: String) throws -> String? {
        try pool.read { db in
            try Row.fetchOne(db, sql: "SELECT * FROM extraction WHERE file_hash = ?", arguments: [hash]).map { row in
                try StoredRecord(row, of: "extraction", key: "file_hash").value("revision")
            }
        }
    }

    /// Remembers it until nothing refers to the revision any more.
    package func setExtractedRevision(_ revision: String, ofFile hash: String) throws {
        guard try extractedRevision(ofFile: hash) != revision else { return }
        try pool.write { db in
            try db.execute(
                sql: "INSERT OR REPLACE INTO extraction (file_hash, revision) VALUES (?, ?)",
                arguments: [hash, revision])
        }
    }
}
