package import Foundation
import GRDB

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
    /// The fingerprints of all models that vectors were ever kept of, oldest first.
    package func fingerprints() throws -> [String] {
        try pool.read { db in try String.fetchAll(db, sql: "SELECT fingerprint FROM model ORDER BY id") }
    }

    /// The texts of current pages that this model has not embedded, each once.
    ///
    /// An embedding of another length than `dimension` is damaged, and counts as none.
    ///
    /// - Parameter ids: of the chunks that are looked at.
    package func unembeddedChunks(
        in ids: [ClosedRange<Int64>] = [1...Int64.max], fingerprint: String, dimension: Int
    ) throws -> [UnembeddedChunk] {
        let model = try modelID(of: fingerprint)
        let sql = """
            \(UnembeddedChunk.currentRows) AND chunk.id BETWEEN ? AND ? AND NOT EXISTS (
                SELECT 1 FROM embedding WHERE model_id = ? AND embedding.text_hash = chunk.text_hash
                AND typeof(vector) = 'blob' AND length(vector) = ?)
            GROUP BY text_hash ORDER BY first
            """
        return try pool.read { db in
            var seen: Set<Data> = []
            return try ids.flatMap { ids in
                let size = Self.vectorByteCount(dimension)
                return try Row.fetchAll(db, sql: sql, arguments: [ids.lowerBound, ids.upperBound, model, size])
                    .map(UnembeddedChunk.init)
            }.filter { seen.insert($0.textHash).inserted }
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
        FailPoint.storedEmbeddings.pass()
    }

    /// The fingerprints that some stored embedding is marked with.
    package func embeddedFingerprints() throws -> [String] {
        try pool.read { db in
            try String.fetchAll(
                db,
                sql: "SELECT fingerprint FROM model WHERE EXISTS (SELECT 1 FROM embedding WHERE model_id = model.id)")
        }
    }

    /// Deletes the embeddings of those texts that no chunk has any more.
    static func forgetOrphans(among hashes: Set<Data>, _ db: Database) throws {
        let delete = try db.makeStatement(
            sql: """
                DELETE FROM embedding WHERE model_id IN (SELECT id FROM model) AND text_hash = :hash
                AND NOT EXISTS (SELECT 1 FROM chunk WHERE chunk.text_hash = :hash)
                """)
        for hash in hashes { try delete.execute(arguments: ["hash": hash]) }
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

    /// Of an embedding: fp32.
    static func vectorByteCount(_ dimension: Int) -> Int { dimension * MemoryLayout<Float>.size }

    func modelID(of fingerprint: String) throws -> Int64 {
        try pool.write { db in
            try db.execute(
                sql: "INSERT INTO model (fingerprint) VALUES (?) ON CONFLICT DO NOTHING", arguments: [fingerprint])
            return try Int64.fetchOne(
                db, sql: "SELECT id FROM model WHERE fingerprint = ?", arguments: [fingerprint])!
        }
    }
}

/// fp32 components, little-endian.
func vectorData(_ vector: [Float]) -> Data {
    Data(vector.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> ($0 * 8)) } })
}

func floats(_ data: Data) -> [Float] {
    data.withUnsafeBytes { bytes in
        (0..<bytes.count / 4).map { index in
            Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self)))
        }
    }
}
