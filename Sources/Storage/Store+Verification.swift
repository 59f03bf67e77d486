import Crypto
import Documents
package import Foundation
import GRDB

/// The revisions of pages that readers may be shown.
package struct KeptDocuments: Sendable {
    package fileprivate(set) var sound: [StoredDocument] = []
    /// What can be read of records that are damaged, and the damage. Their words are in their revisions still.
    package fileprivate(set) var damaged: [(document: StoredDocument, error: StorageError)] = []
    /// The newest revisions.
    package fileprivate(set) var currentKeys: Set<Int64> = []
    /// Revisions that no ingest could have put where they stand among the generations.
    package fileprivate(set) var misplacedKeys: Set<Int64> = []
}

extension Store {
    /// The newest revision of every page and the revision that is served, by key: what a reader may be shown, now or after
    /// a rollback.
    package func keptDocuments() throws -> KeptDocuments {
        try pool.read { db in
            var kept = KeptDocuments()
            let living = "typeof(died) <> 'integer' OR died <> 0"
            for row in try Row.fetchAll(db, sql: "SELECT * FROM document WHERE \(living) ORDER BY key") {
                do {
                    kept.sound.append(try StoredDocument(row: row))
                } catch let error as StorageError {
                    if let document = StoredDocument(damaged: row) { kept.damaged.append((document, error)) }
                }
            }
            let next = try Self.nextGeneration(db)
            let sql = """
                SELECT key, died IS NULL AS is_current, typeof(born) = 'integer' AND born BETWEEN 1 AND :next
                AND (died IS NULL OR typeof(died) = 'integer' AND died > born AND died <= :next) AS is_placed
                FROM document WHERE \(living)
                """
            for row in try Row.fetchAll(db, sql: sql, arguments: ["next": next]) {
                if row["is_current"] { kept.currentKeys.insert(row["key"]) }
                if row["is_placed"] == false { kept.misplacedKeys.insert(row["key"]) }
            }
            return kept
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

    /// Differs from what it was before where another process has changed the database since
    /// (<https://www.sqlite.org/pragma.html#pragma_data_version>).
    package func dataVersion() throws -> Int {
        try pool.withoutTransaction { db in try Int.fetchOne(db, sql: "PRAGMA data_version") ?? 0 }
    }

    /// Rows of tables that refer to rows that are not there, each with its table's name.
    package func danglingReferences() throws -> [String] {
        try pool.read { db in
            try Row.fetchAll(db, sql: "PRAGMA foreign_key_check").map { row in
                "a \(row["table"] as String? ?? "") record refers to a \(row["parent"] as String? ?? "") that is not there"
            }
        }
    }

    /// Drafts whose citations are not kept as their contents have them, so that what they cite might be forgotten.
    package func wrongDraftCitations() throws -> [Int64] {
        try pool.read { db in
            try Self.readableDrafts(db).filter { draft in
                let kept = try String.fetchSet(
                    db, sql: "SELECT revision FROM draft_citation WHERE draft_id = ?", arguments: [draft.number])
                return kept != draft.citedRevisions
            }.map(\.number)
        }
    }

    static func readableDrafts(_ db: Database) throws -> [StoredDraft] {
        try Row.fetchAll(db, sql: "SELECT * FROM draft ORDER BY id").compactMap { try? StoredDraft(row: $0) }
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

extension StoredDocument {
    /// Of a damaged record what names its revision and its file; `nil` where that cannot be read.
    fileprivate init?(damaged row: Row) {
        let record = StoredRecord(row, of: "document", key: "id")
        func text(_ column: String) -> String? { try? record.value(column, as: String.self) }
        guard let key = try? record.value("key", as: Int64.self), let source = text("source"), let path = text("path"),
            let revision = text("revision")
        else { return nil }
        self.init(
            key: key, page: (try? record.value("page", as: Int64.self)) ?? key, id: text("id") ?? path, source: source,
            path: path, revision: revision, title: "", audience: text("audience") ?? "",
            frontMatter: FrontMatter())
    }
}
