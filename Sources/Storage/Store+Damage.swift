import GRDB

extension Store {
    /// Complaints of one check: what is damaged once is often damaged all over.
    private static let complaintCountMax = 100

    /// Reads every record as searches, drafts and ingests would, and returns what each would throw.
    ///
    /// - Parameters:
    ///   - fingerprint: the model whose embeddings are looked at, of length `dimension`; none where `nil`.
    /// - Complexity: reads the whole database, all pages' bytes included.
    package func damagedRecords(fingerprint: String?, dimension: Int) throws -> [StorageError] {
        try pool.read { db in
            var complaints: [StorageError] = []
            func collect(_ read: () throws -> Void) throws {
                do {
                    try read()
                } catch let error as StorageError {
                    if complaints.count < Self.complaintCountMax { complaints.append(error) }
                }
            }
            func collect(_ sql: String, _ arguments: StatementArguments = [], read: (Row) throws -> Void) throws {
                let rows = try Row.fetchCursor(db, sql: sql, arguments: arguments)
                while let row = try rows.next() { try collect { try read(row) } }
            }
            for name in ["identity", "serving_generation", "change_count", "chunker_version"] {
                try collect { _ = try Self.setting(name, db) }
            }
            try collect { _ = try Self.generation(Self.servingState(db).generation, db) }
            try collect("SELECT * FROM document") { _ = try StoredDocument(row: $0) }
            try collect("SELECT * FROM revision") { _ = try Self.revisionBytes($0) }
            try collect(StoredChunk.query + " ORDER BY chunk.id") { _ = try StoredChunk(row: $0) }
            try collect("SELECT id, content FROM ticket") { _ = try Self.ticket(row: $0) }
            try collect("SELECT * FROM event") { _ = try RecordedEvent(row: $0) }
            try collect("SELECT * FROM draft") { _ = try StoredDraft(row: $0) }
            if let fingerprint {
                try collect(Self.misshapenEmbeddings, [fingerprint, Self.vectorByteCount(dimension)]) { row in
                    throw StoredRecord(row, of: "embedding", key: "text")
                        .corrupt("it is no vector of \(dimension) components")
                }
            }
            return complaints
        }
    }

    private static let misshapenEmbeddings = """
        SELECT lower(hex(text_hash)) AS text FROM embedding JOIN model ON model.id = model_id
        WHERE fingerprint = ? AND (typeof(vector) <> 'blob' OR length(vector) <> ?)
        """
}
