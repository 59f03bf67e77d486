import Crypto
import Documents
package import Foundation
import GRDB

extension Store {
    /// The newest revision of every page and the revision that is served, by key: what a reader may be shown, now or after
    /// a rollback.
    package func keptDocuments() throws -> [StoredDocument] {
        try pool.read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM document WHERE died IS NULL OR died > 0 ORDER BY key")
                .map(StoredDocument.init(row:))
        }
    }

    /// How what is stored of a page differs from what its bytes give; `nil` where it does not.
    ///
    /// - Parameter page: the page's bytes, parsed and cut again.
    package func difference(of document: StoredDocument, from page: DocumentToStore) throws -> String? {
        let parsed = page.document
        if parsed.id != document.id { return "its id is \(document.id), its bytes say \(parsed.id)" }
        if parsed.title != document.title { return "its title is not the one in its bytes" }
        if parsed.frontMatter != document.frontMatter { return "its front matter is not the one in its bytes" }
        // An older revision that is served takes a narrower audience of the newest at once.
        return try pool.read { db in
            let sql = "SELECT died IS NULL FROM document WHERE key = ?"
            let isNewest = try Bool.fetchOne(db, sql: sql, arguments: [document.key]) ?? false
            if isNewest, let audience = parsed.frontMatter.audience, audience != document.audience {
                return "its audience is \(document.audience), its bytes say \(audience)"
            }
            return try chunkDifference(of: document, from: page, db)
        }
    }

    private func chunkDifference(
        of document: StoredDocument, from page: DocumentToStore, _ db: Database
    ) throws -> String? {
        let sql = """
            SELECT ordinal, heading_path, anchor, range_start, range_end, page_number, search_text, text_hash
            FROM chunk WHERE document_key = ? ORDER BY ordinal
            """
        let stored = try Row.fetchAll(db, sql: sql, arguments: [document.key]).map { Array($0.databaseValues) }
        let expected = try zip(page.chunks, page.embeddingTexts).map(Self.columns)
        guard stored.count == expected.count else {
            return "it has \(stored.count) chunks, its bytes give \(expected.count)"
        }
        let place = stored.indices.first { stored[$0] != expected[$0] }
        return place.map { "its chunk \($0) is not the one in its bytes" }
    }

    /// What a chunk's record holds, beside its document's key.
    static func columns(of chunk: Chunk, embeddedAs text: String) throws -> [DatabaseValue] {
        [
            chunk.ordinal.databaseValue, try jsonText(chunk.headingPath).databaseValue, chunk.anchor.databaseValue,
            chunk.byteRange.lowerBound.databaseValue, chunk.byteRange.upperBound.databaseValue,
            chunk.page?.databaseValue ?? .null, chunk.searchText.databaseValue,
            Data(SHA256.hash(data: Data(text.utf8))).databaseValue,
        ]
    }

    /// The ids of the chunks that a generation shows.
    package func chunkIDs(ofGeneration generation: Int) throws -> [Int64] {
        try pool.read { db in
            try Int64.fetchAll(
                db,
                sql: """
                    SELECT chunk.id FROM chunk JOIN document ON document.key = document_key
                    WHERE born <= :generation AND (died IS NULL OR died > :generation) ORDER BY chunk.id
                    """, arguments: ["generation": generation])
        }
    }

    /// Rows of tables that refer to rows that are not there, each with its table's name.
    package func danglingReferences() throws -> [String] {
        try pool.read { db in
            try Row.fetchAll(db, sql: "PRAGMA foreign_key_check").map { row in
                "a \(row["table"] as String? ?? "") record refers to a \(row["parent"] as String? ?? "") that is not there"
            }
        }
    }

    /// Takes single revisions out of every generation.
    package func discard(_ documents: [StoredDocument]) throws {
        guard !documents.isEmpty else { return }
        try pool.write { db in
            for document in documents {
                try db.execute(sql: "UPDATE document SET died = 0 WHERE key = ?", arguments: [document.key])
            }
            try Self.countChange(db)
        }
    }

    /// Deletes embeddings by their texts' hashes: they are made again.
    package func forgetEmbeddings(ofTexts hashes: [Data], fingerprint: String) throws {
        guard !hashes.isEmpty else { return }
        try pool.write { db in
            for hash in hashes {
                try db.execute(
                    sql: """
                        DELETE FROM embedding
                        WHERE text_hash = ? AND model_id = (SELECT id FROM model WHERE fingerprint = ?)
                        """, arguments: [hash, fingerprint])
            }
        }
    }
}
