import Crypto
package import Documents
import Foundation
import GRDB

/// A page as the database knows it, without its text.
package struct StoredDocument: Sendable, Equatable {
    /// The row: one revision of one document.
    package let key: Int64
    /// The same for every revision of a page, whatever became of its id and path.
    package let page: Int64
    package let id: String
    /// The ingested root that the page came from, and its path below it.
    package let source: String
    package let path: String
    package let revision: String
    package let title: String
    package let audience: String
    package let frontMatter: FrontMatter
}

/// A page to be stored: parsed, chunked, with the text of each chunk that is to be embedded.
package struct DocumentToStore: Sendable {
    package let document: Document
    package let bytes: [UInt8]
    package let source: String
    package let audience: String
    package let chunks: [Chunk]
    package let embeddingTexts: [String]

    package init(
        document: Document, bytes: [UInt8], source: String, audience: String, chunks: [Chunk], embeddingTexts: [String]
    ) {
        precondition(chunks.count == embeddingTexts.count, "every chunk has a text to embed")
        self.document = document
        self.bytes = bytes
        self.source = source
        self.audience = audience
        self.chunks = chunks
        self.embeddingTexts = embeddingTexts
    }
}

/// What identifies the serving state: it differs after any change that a search must see.
package struct ServingState: Sendable, Equatable {
    /// A number drawn when the database was made: index files of another database are told apart by it.
    package let identity: Int
    package let generation: Int
    package let changeCount: Int
}

/// The serving state with its generation (`nil` before the first) and the pages that it shows, by key.
package struct ServedPages: Sendable, Equatable {
    package let state: ServingState
    package let generation: Generation?
    package let documents: [StoredDocument]
}

extension Store {
    /// The generation that searches read, 0 before the first, and how often what may be seen has changed.
    package func servingState() throws -> ServingState {
        try pool.read { db in try Self.servingState(db) }
    }

    static func servingState(_ db: Database) throws -> ServingState {
        let rows = try Row.fetchAll(db, sql: "SELECT name, value FROM setting")
        let values = Dictionary(uniqueKeysWithValues: rows.map { ($0["name"] as String, $0["value"] as Int) })
        return ServingState(
            identity: values["identity"] ?? 0, generation: values["serving_generation"] ?? 0,
            changeCount: values["change_count"] ?? 0)
    }

    /// The newest revision of every page, served or waiting for the next generation, by source and path.
    package func currentDocuments() throws -> [StoredDocument] {
        try pool.read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM document WHERE died IS NULL ORDER BY source, path")
                .map(StoredDocument.init(row:))
        }
    }

    /// The pages that a generation shows, by key.
    package func documents(ofGeneration generation: Int) throws -> [StoredDocument] {
        try pool.read { db in try Self.documents(ofGeneration: generation, db) }
    }

    private static func documents(ofGeneration generation: Int, _ db: Database) throws -> [StoredDocument] {
        let sql = """
            SELECT * FROM document WHERE born <= :generation AND (died IS NULL OR died > :generation) ORDER BY key
            """
        return try Row.fetchAll(db, sql: sql, arguments: ["generation": generation]).map(StoredDocument.init(row:))
    }

    /// What searches may see now, all of one moment.
    package func servedPages() throws -> ServedPages {
        try pool.read { db in
            let state = try Self.servingState(db)
            return ServedPages(
                state: state, generation: try Self.servingGeneration(db),
                documents: try Self.documents(ofGeneration: state.generation, db))
        }
    }

    /// Stores a new page, or a new revision of one, for the next generation; the old revision serves until then.
    ///
    /// When `narrowsAudience` says that the new revision's audience is narrower than the old one's, what is served of the
    /// page takes it at once. Two pages with one id are refused, and nothing is changed.
    package func store(_ page: DocumentToStore, replacing old: StoredDocument?, narrowsAudience: Bool) throws {
        try pool.write { db in
            let next = try Self.servingState(db).generation + 1
            if let old {
                try retire(old, from: next, db)
                if narrowsAudience { try narrow(old, to: page.audience, db) }
            }
            if let other = try String.fetchOne(
                db, sql: "SELECT path FROM document WHERE id = ? AND died IS NULL", arguments: [page.document.id])
            {
                throw StorageError.duplicateDocument(id: page.document.id, path: other)
            }
            try insert(page, as: old?.page, born: next, db)
            try insertChunks(of: page, documentKey: db.lastInsertedRowID, db)
        }
    }

    /// A revision that was never served goes at once; a served one stays until the generation that replaces it.
    private func retire(_ old: StoredDocument, from generation: Int, _ db: Database) throws {
        try db.execute(
            sql: "DELETE FROM document WHERE key = ? AND born >= ? AND died IS NULL", arguments: [old.key, generation])
        // One that was removed, or replaced, since `old` was read stays so.
        try db.execute(
            sql: "UPDATE document SET died = ? WHERE key = ? AND died IS NULL", arguments: [generation, old.key])
    }

    /// What is served of the page may be an earlier revision than `old`, which a run stored that ended before it built
    /// its generation. Where its audience is not `old`'s, it is not known which is narrower: then nobody may see it.
    private func narrow(_ old: StoredDocument, to audience: String, _ db: Database) throws {
        try db.execute(
            sql: "UPDATE document SET died = 0 WHERE page = ? AND audience NOT IN (?, ?)",
            arguments: [old.page, old.audience, audience])
        try db.execute(sql: "UPDATE document SET audience = ? WHERE page = ?", arguments: [audience, old.page])
        try countChange(db)
    }

    private func insert(_ page: DocumentToStore, as number: Int64?, born: Int, _ db: Database) throws {
        let document = page.document
        try db.execute(
            sql: "INSERT INTO revision (hash, bytes) VALUES (?, ?) ON CONFLICT DO NOTHING",
            arguments: [document.revision, Data(page.bytes)])
        try db.execute(
            sql: """
                INSERT INTO document (page, id, source, path, revision, title, audience, front_matter, born)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                number ?? 0, document.id, page.source, document.path, document.revision, document.title, page.audience,
                jsonText(document.frontMatter), born,
            ])
        guard number == nil else { return }
        try db.execute(sql: "UPDATE document SET page = key WHERE key = ?", arguments: [db.lastInsertedRowID])
    }

    private func insertChunks(of page: DocumentToStore, documentKey: Int64, _ db: Database) throws {
        let insert = try db.makeStatement(
            sql: """
                INSERT INTO chunk
                (document_key, ordinal, heading_path, anchor, range_start, range_end, search_text, text_hash)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """)
        for (chunk, text) in zip(page.chunks, page.embeddingTexts) {
            try insert.execute(arguments: [
                documentKey, chunk.ordinal, jsonText(chunk.headingPath), chunk.anchor, chunk.byteRange.lowerBound,
                chunk.byteRange.upperBound, chunk.searchText, Data(SHA256.hash(data: Data(text.utf8))),
            ])
        }
    }

    /// Takes pages out of every generation, the serving one included, before this returns.
    package func remove(_ documents: [StoredDocument]) throws {
        guard !documents.isEmpty else { return }
        try pool.write { db in
            for document in documents {
                // Every revision: the newest, and an older one that still serves, perhaps by another id or path.
                try db.execute(sql: "UPDATE document SET died = 0 WHERE page = ?", arguments: [document.page])
            }
            try countChange(db)
        }
    }

    /// Whether the next generation would differ from the serving one.
    package func hasPendingChanges() throws -> Bool {
        try pool.read { db in
            let serving = try Self.servingState(db).generation
            return try Bool.fetchOne(
                db,
                sql: "SELECT EXISTS (SELECT 1 FROM document WHERE born > :serving OR died > :serving OR died = 0)",
                arguments: ["serving": serving]) ?? false
        }
    }

    /// The bytes of a page's revision.
    ///
    /// - Throws: `StorageError.noRevision` where two generations have been served since the page was read, or it was
    ///   removed: whoever asks has to search again.
    package func bytes(of document: StoredDocument) throws -> [UInt8] {
        guard let bytes = try bytes(ofRevision: document.revision) else {
            throw StorageError.noRevision(document: document.id, revision: document.revision)
        }
        return bytes
    }

    /// The bytes of a stored revision; `nil` where nothing refers to it any more.
    package func bytes(ofRevision hash: String) throws -> [UInt8]? {
        try pool.read { db in
            try Data.fetchOne(db, sql: "SELECT bytes FROM revision WHERE hash = ?", arguments: [hash]).map(Array.init)
        }
    }

    func countChange(_ db: Database) throws {
        try db.execute(sql: "UPDATE setting SET value = value + 1 WHERE name = 'change_count'")
    }
}

extension StoredDocument {
    init(row: Row) throws {
        key = row["key"]
        page = row["page"]
        id = row["id"]
        source = row["source"]
        path = row["path"]
        revision = row["revision"]
        title = row["title"]
        audience = row["audience"]
        frontMatter = try decoded(FrontMatter.self, row["front_matter"], table: "document", key: row["id"])
    }
}
