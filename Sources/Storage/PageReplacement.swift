package import Documents
import Foundation
import GRDB

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

/// A page to be stored, and the revision that it replaces: of the same file, or of one that moved.
package struct PageReplacement: Sendable {
    package let page: DocumentToStore
    package let old: StoredDocument?
    /// Whether the page's audience is narrower than `old`'s.
    package let narrowsAudience: Bool

    package init(page: DocumentToStore, old: StoredDocument?, narrowsAudience: Bool) {
        self.page = page
        self.old = old
        self.narrowsAudience = narrowsAudience
    }
}

extension Store {
    /// Stores a new page, or a new revision of one, for the next generation; the old revision serves until then.
    ///
    /// When `narrowsAudience` says that the new revision's audience is narrower than the old one's, what is served of the
    /// page takes it at once. Two pages with one id are refused, and so is one that was removed by name since it was read;
    /// nothing is changed then.
    package func store(_ page: DocumentToStore, replacing old: StoredDocument?, narrowsAudience: Bool) throws {
        try store([PageReplacement(page: page, old: old, narrowsAudience: narrowsAudience)])
    }

    /// Stores pages together, so that they can exchange their ids: all old revisions let go of them first.
    ///
    /// - Parameter isOfFolder: refuses pages also whose folders were removed since they were read, as those are refused
    ///   that were removed themselves.
    package func store(_ replacements: [PageReplacement], ofFolders isOfFolder: Bool = false) throws {
        guard !replacements.isEmpty else { return }
        try pool.write { db in
            let next = try Self.nextGeneration(db)
            for replacement in replacements {
                try Self.checkIsWanted(replacement, db)
                if isOfFolder { try Self.checkIsNamed(replacement.page, db) }
            }
            var unreferenced: Set<Data> = []
            for replacement in replacements {
                guard let old = replacement.old else { continue }
                unreferenced.formUnion(try retire(old, from: next, db))
                if replacement.narrowsAudience { try narrow(old, to: replacement.page.audience, db) }
            }
            for replacement in replacements {
                try checkID(of: replacement.page.document, db)
                try insert(replacement.page, as: replacement.old?.page, born: next, db)
                let key = db.lastInsertedRowID
                try insertChunks(of: replacement.page, documentKey: key, db)
                try Self.forgetWithheld(replacement.page.document.id, db)
                try Self.seal(.document, key, db)
            }
            try Self.forgetOrphans(among: unreferenced, db)
            FailPoint.storingPages.pass()
        }
        FailPoint.storedPages.pass()
    }

    private static func checkIsWanted(_ replacement: PageReplacement, _ db: Database) throws {
        let id = replacement.page.document.id
        let isRemoved =
            try Bool.fetchOne(
                db,
                sql: """
                    SELECT EXISTS (SELECT 1 FROM removed_page WHERE id = ? AND audience IS NULL)
                        OR EXISTS (
                            SELECT 1 FROM document JOIN removed_page USING (id)
                            WHERE key = ? AND died = 0 AND removed_page.audience IS NULL)
                    """, arguments: [id, replacement.old?.key]) ?? false
        if isRemoved { throw StorageError.removedPage(id: id) }
    }

    private static func checkIsNamed(_ page: DocumentToStore, _ db: Database) throws {
        let path = page.document.path
        let scopes = try String.fetchAll(
            db, sql: "SELECT scope FROM named_part WHERE source = ?", arguments: [page.source])
        guard scopes.contains(where: { $0.isEmpty || path == $0 || path.hasPrefix($0 + "/") }) else {
            throw StorageError.removedPage(id: page.document.id)
        }
    }

    private func checkID(of document: Document, _ db: Database) throws {
        if let row = try Row.fetchOne(
            db, sql: "SELECT id, source, path FROM document WHERE id = ? AND died IS NULL", arguments: [document.id])
        {
            let other = StoredRecord(row, of: "document", key: "id")
            throw StorageError.duplicateDocument(
                id: document.id, source: try other.value("source"), path: try other.value("path"))
        }
    }

    /// A revision that was never served goes at once; a served one stays until the generation that replaces it.
    ///
    /// - Returns: the hashes of the texts that went.
    private func retire(_ old: StoredDocument, from generation: Int, _ db: Database) throws -> Set<Data> {
        let hashes = try Self.deleteDocuments(
            where: "key = ? AND born >= ? AND died IS NULL", [old.key, generation], db)
        // One that was removed, or replaced, since `old` was read stays so.
        try db.execute(
            sql: "UPDATE document SET died = ? WHERE key = ? AND died IS NULL", arguments: [generation, old.key])
        return hashes
    }

    /// What is served of the page may be an earlier revision than `old`, which a run stored that ended before it built
    /// its generation. Where its audience is not `old`'s, it is not known which is narrower: then nobody may see it.
    private func narrow(_ old: StoredDocument, to audience: String, _ db: Database) throws {
        try db.execute(
            sql: "UPDATE document SET died = 0 WHERE page = ? AND audience NOT IN (?, ?)",
            arguments: [old.page, old.audience, audience])
        try db.execute(sql: "UPDATE document SET audience = ? WHERE page = ?", arguments: [audience, old.page])
        try Self.seal(.document, where: "page = ?", [old.page], db)
        try Self.countChange(db)
    }

    private func insert(_ page: DocumentToStore, as number: Int64?, born: Int, _ db: Database) throws {
        let document = page.document
        // Bytes that were damaged since they were stored are mended here.
        try db.execute(
            sql: """
                INSERT INTO revision (hash, bytes) VALUES (?, ?)
                ON CONFLICT DO UPDATE SET bytes = excluded.bytes WHERE bytes <> excluded.bytes
                """,
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
                (document_key, ordinal, heading_path, anchor, range_start, range_end, page_number, search_text, text_hash)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        for (chunk, text) in zip(page.chunks, page.embeddingTexts) {
            let columns = try Self.columns(of: chunk, embeddedAs: text)
            try insert.execute(arguments: StatementArguments([documentKey.databaseValue] + columns))
        }
    }
}
