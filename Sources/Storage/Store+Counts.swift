import GRDB

/// How much the database holds.
package struct StoreCounts: Sendable, Equatable {
    package let documents: Int
    package let chunks: Int
    package let embeddings: Int
    package let tickets: Int
    package let drafts: Int
}

extension Store {
    package func counts() throws -> StoreCounts {
        try pool.read { db in
            func count(_ table: String) throws -> Int {
                try Int.fetchOne(db, sql: "SELECT count(*) FROM \(table)") ?? 0
            }
            return StoreCounts(
                documents: try count("document WHERE died IS NULL"),
                chunks: try count("chunk JOIN document ON document.key = document_key WHERE died IS NULL"),
                embeddings: try count("embedding"), tickets: try count("ticket"), drafts: try count("draft"))
        }
    }
}
