import GRDB

extension Store {
    /// The words of every current chunk, in the order in which they were stored.
    package func chunkTexts() throws -> [String] {
        try pool.read { db in
            try String.fetchAll(
                db,
                sql: """
                    SELECT search_text FROM chunk JOIN document ON document.key = document_key
                    WHERE died IS NULL ORDER BY chunk.id
                    """)
        }
    }
}
