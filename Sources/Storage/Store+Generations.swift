package import Foundation
import GRDB

/// One complete, immutable state of the index.
package struct Generation: Sendable, Equatable {
    package let id: Int
    /// The model whose vectors it holds, as its fingerprint's text.
    package let fingerprint: String
    package let createdAt: String
    package let documentCount: Int
    package let chunkCount: Int

    /// `createdAt` of a generation made at `time`: RFC 3339, UTC, whole seconds.
    package static func text(of time: Date) -> String { time.formatted(.iso8601) }
}

/// A chunk as an index row needs it.
package struct IndexedChunk: Sendable, Equatable {
    package let id: Int64
    package let documentKey: Int64
    package let title: String
    package let headingPath: [String]
    package let searchText: String
}

/// A text that has no embedding yet, by its hash.
package struct UnembeddedChunk: Sendable, Equatable {
    package let textHash: Data
    package let title: String
    package let headingPath: [String]
    package let searchText: String
}

extension UnembeddedChunk {
    /// The columns that `init(_:)` reads, of current chunks; a query that ends it groups them by `text_hash`.
    fileprivate static let currentRows = """
        SELECT text_hash, title, heading_path, search_text, min(chunk.id) AS first
        FROM chunk JOIN document ON document.key = chunk.document_key WHERE died IS NULL
        """

    fileprivate init(_ row: Row) throws {
        let record = StoredRecord(row, of: "chunk", key: "first")
        self.init(
            textHash: try record.value("text_hash"), title: try record.value("title"),
            headingPath: try record.json("heading_path"), searchText: try record.value("search_text"))
    }
}

extension Store {
    /// The generation being served; `nil` before the first.
    package func servingGeneration() throws -> Generation? {
        try pool.read { db in try Self.servingGeneration(db) }
    }

    static func servingGeneration(_ db: Database) throws -> Generation? {
        let sql = """
            SELECT generation.*, model.fingerprint FROM generation JOIN model ON model.id = generation.model_id
            WHERE generation.id = (SELECT value FROM setting WHERE name = 'serving_generation')
            """
        return try Row.fetchOne(db, sql: sql).map { row in
            let record = StoredRecord(row, of: "generation", key: "id")
            return Generation(
                id: try record.value("id"), fingerprint: try record.value("fingerprint"),
                createdAt: try record.value("created_at"), documentCount: try record.value("document_count"),
                chunkCount: try record.value("chunk_count"))
        }
    }

    /// The fingerprints of all models that vectors were ever kept of, oldest first.
    package func fingerprints() throws -> [String] {
        try pool.read { db in try String.fetchAll(db, sql: "SELECT fingerprint FROM model ORDER BY id") }
    }

    /// The version of the chunker that cut the current pages, 0 before the first.
    package func chunkerVersion() throws -> Int {
        try pool.read { db in try Self.setting("chunker_version", db) }
    }

    /// Records that every current page was cut by this version.
    package func setChunkerVersion(_ version: Int) throws {
        try pool.write { db in
            try db.execute(
                sql: "UPDATE setting SET value = ? WHERE name = 'chunker_version'", arguments: [version])
        }
    }

    /// The texts of current pages that this model has not embedded, each once.
    ///
    /// An embedding of another length than `dimension` is damaged, and counts as none.
    package func unembeddedChunks(fingerprint: String, dimension: Int) throws -> [UnembeddedChunk] {
        let model = try modelID(of: fingerprint)
        return try pool.read { db in
            let sql = """
                \(UnembeddedChunk.currentRows) AND NOT EXISTS (
                    SELECT 1 FROM embedding WHERE model_id = ? AND embedding.text_hash = chunk.text_hash
                    AND typeof(vector) = 'blob' AND length(vector) = ?)
                GROUP BY text_hash ORDER BY first
                """
            return try Row.fetchAll(db, sql: sql, arguments: [model, Self.vectorByteCount(dimension)])
                .map(UnembeddedChunk.init)
        }
    }

    /// Calls `body` with the text of each current chunk, each text once, in the order of their hashes.
    package func forEachCurrentText(_ body: (UnembeddedChunk) throws -> Void) throws {
        try pool.read { db in
            let sql = "\(UnembeddedChunk.currentRows) GROUP BY text_hash ORDER BY text_hash"
            let rows = try Row.fetchCursor(db, sql: sql)
            while let row = try rows.next() { try body(UnembeddedChunk(row)) }
        }
    }

    /// The hashes of the current chunks' texts, each once.
    package func currentTextHashes() throws -> [Data] {
        try pool.read { db in
            let sql = """
                SELECT DISTINCT text_hash FROM chunk JOIN document ON document.key = chunk.document_key
                WHERE died IS NULL
                """
            return try Row.fetchAll(db, sql: sql).map { row in
                try StoredRecord(row, of: "chunk", key: "text_hash").value("text_hash")
            }
        }
    }

    /// Keeps the embeddings of texts, by their hashes: a kill later costs nothing that was kept.
    package func store(embeddings: [(textHash: Data, vector: [Float])], fingerprint: String) throws {
        let model = try modelID(of: fingerprint)
        try pool.write { db in
            for (textHash, vector) in embeddings {
                try db.execute(
                    sql: "INSERT OR REPLACE INTO embedding (model_id, text_hash, vector) VALUES (?, ?, ?)",
                    arguments: [model, textHash, vectorData(vector)])
            }
        }
    }

    /// The fingerprints that some stored embedding is marked with.
    package func embeddedFingerprints() throws -> [String] {
        try pool.read { db in
            try String.fetchAll(
                db,
                sql: "SELECT fingerprint FROM model WHERE EXISTS (SELECT 1 FROM embedding WHERE model_id = model.id)")
        }
    }

    /// Deletes the embeddings that are marked with these fingerprints.
    package func forgetEmbeddings(of fingerprints: [String]) throws {
        try pool.write { db in
            for fingerprint in fingerprints {
                try db.execute(
                    sql: "DELETE FROM embedding WHERE model_id = (SELECT id FROM model WHERE fingerprint = ?)",
                    arguments: [fingerprint])
            }
        }
    }

    /// Calls `body` with each current chunk in row order and its embedding, `[dimension]`.
    ///
    /// - Throws: `StorageError.corruptRecord` where a chunk has no embedding of the right length.
    package func forEachCurrentChunk(
        fingerprint: String, dimension: Int, _ body: (IndexedChunk, [Float]) throws -> Void
    ) throws {
        let model = try modelID(of: fingerprint)
        try pool.read { db in
            let sql = """
                SELECT chunk.id, document_key, title, heading_path, search_text, vector
                FROM chunk JOIN document ON document.key = chunk.document_key
                LEFT JOIN embedding ON model_id = ? AND embedding.text_hash = chunk.text_hash
                WHERE died IS NULL ORDER BY chunk.id
                """
            let rows = try Row.fetchCursor(db, sql: sql, arguments: [model])
            while let row = try rows.next() {
                let record = StoredRecord(row, of: "chunk", key: "id")
                let chunk = IndexedChunk(
                    id: try record.value("id"), documentKey: try record.value("document_key"),
                    title: try record.value("title"), headingPath: try record.json("heading_path"),
                    searchText: try record.value("search_text"))
                let vector = try record.optional("vector", as: Data.self) ?? Data()
                guard vector.count == Self.vectorByteCount(dimension) else {
                    throw StorageError.corruptRecord(
                        table: "embedding", key: "of chunk \(chunk.id)",
                        detail: "it has \(vector.count) bytes, expected \(Self.vectorByteCount(dimension))")
                }
                try body(chunk, floats(vector))
            }
        }
    }

    /// Serves generation `id` from now on, and forgets what only generations before the last one could see.
    ///
    /// What the last one alone saw stays until the next is served: a search that began on it may still fetch its words,
    /// and a draft cite them. Removed pages go now.
    package func serve(generation id: Int, fingerprint: String, chunkCount: Int, at time: Date) throws {
        let model = try modelID(of: fingerprint)
        try pool.write { db in
            let documentCount = try Int.fetchOne(db, sql: "SELECT count(*) FROM document WHERE died IS NULL") ?? 0
            try db.execute(
                sql: "INSERT INTO generation VALUES (?, ?, ?, ?, ?)",
                arguments: [id, model, Generation.text(of: time), documentCount, chunkCount])
            try db.execute(sql: "UPDATE setting SET value = ? WHERE name = 'serving_generation'", arguments: [id])
            try countChange(db)
            try db.execute(sql: "DELETE FROM document WHERE died < ?", arguments: [id])
            try forgetUnreferenced(db)
        }
    }

    /// Bytes of revisions that neither a page nor a draft refers to, and embeddings of texts that no chunk has.
    private func forgetUnreferenced(_ db: Database) throws {
        try db.execute(
            sql: """
                DELETE FROM revision WHERE hash NOT IN (SELECT revision FROM document)
                AND hash NOT IN (SELECT revision FROM draft_citation);
                DELETE FROM embedding WHERE text_hash NOT IN (SELECT text_hash FROM chunk);
                """)
    }

    /// Of an embedding: fp32.
    static func vectorByteCount(_ dimension: Int) -> Int { dimension * MemoryLayout<Float>.size }

    private func modelID(of fingerprint: String) throws -> Int64 {
        try pool.write { db in
            try db.execute(
                sql: "INSERT INTO model (fingerprint) VALUES (?) ON CONFLICT DO NOTHING", arguments: [fingerprint])
            return try Int64.fetchOne(
                db, sql: "SELECT id FROM model WHERE fingerprint = ?", arguments: [fingerprint])!
        }
    }
}

/// fp32 components, little-endian.
private func vectorData(_ vector: [Float]) -> Data {
    Data(vector.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> ($0 * 8)) } })
}

private func floats(_ data: Data) -> [Float] {
    data.withUnsafeBytes { bytes in
        (0..<bytes.count / 4).map { index in
            Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self)))
        }
    }
}
