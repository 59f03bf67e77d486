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

extension Generation {
    fileprivate init(row: Row) throws {
        let record = StoredRecord(row, of: "generation", key: "id")
        self.init(
            id: try record.value("id"), fingerprint: try record.value("fingerprint"),
            createdAt: try record.value("created_at"), documentCount: try record.value("document_count"),
            chunkCount: try record.value("chunk_count"))
    }
}

/// A chunk as an index row needs it.
package struct IndexedChunk: Sendable, Equatable {
    package let id: Int64
    package let textHash: Data
    package let documentKey: Int64
    package let title: String
    package let headingPath: [String]
    package let searchText: String
}

extension Store {
    /// The generation being served; `nil` before the first.
    package func servingGeneration() throws -> Generation? {
        try pool.read { db in try Self.generation(Self.servingState(db).generation, db) }
    }

    static func generation(_ id: Int, _ db: Database) throws -> Generation? {
        try Row.fetchOne(db, sql: "\(generations) WHERE generation.id = ?", arguments: [id]).map(Generation.init(row:))
    }

    private static let generations = """
        SELECT generation.*, model.fingerprint FROM generation JOIN model ON model.id = generation.model_id
        """

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

    /// The keys of the newest revisions of all pages.
    package func currentDocumentKeys() throws -> [Int64] {
        try pool.read { db in try Int64.fetchAll(db, sql: "SELECT key FROM document WHERE died IS NULL") }
    }

    /// How many chunks the newest revisions have.
    package func currentChunkCount() throws -> Int { try currentChunkCount(where: "true") }

    /// Likewise of those with ids above this one.
    package func currentChunkCount(behind id: Int64) throws -> Int { try currentChunkCount(where: "chunk.id > \(id)") }

    private func currentChunkCount(where condition: String) throws -> Int {
        try pool.read { db in
            let sql = """
                SELECT count(*) FROM chunk JOIN document ON document.key = document_key
                WHERE died IS NULL AND \(condition)
                """
            return try Int.fetchOne(db, sql: sql) ?? 0
        }
    }

    /// Calls `body` with each current chunk whose id is in the range, in row order, and its embedding, `[dimension]`.
    ///
    /// - Throws: `StorageError.corruptRecord` where a chunk has no embedding of the right length.
    package func forEachCurrentChunk(
        in ids: ClosedRange<Int64> = 1...Int64.max, fingerprint: String, dimension: Int,
        _ body: (IndexedChunk, [Float]) throws -> Void
    ) throws {
        let condition = "died IS NULL AND chunk.id BETWEEN \(ids.lowerBound) AND \(ids.upperBound)"
        try forEachChunk(where: condition, fingerprint: fingerprint) { chunk, vector in
            guard vector.count == dimension else {
                throw StorageError.corruptRecord(
                    table: "embedding", key: "of chunk \(chunk.id)",
                    detail: "it has \(vector.count) components, expected \(dimension)")
            }
            try body(chunk, vector)
        }
    }

    /// Calls `body` with each stored chunk whose id is in the range, those of removed pages included, in the order of their
    /// ids; with no components where a chunk has no embedding.
    package func forEachStoredChunk(
        in ids: ClosedRange<Int64>, fingerprint: String, _ body: (IndexedChunk, [Float]) throws -> Void
    ) throws {
        let condition = "chunk.id BETWEEN \(ids.lowerBound) AND \(ids.upperBound)"
        try forEachChunk(where: condition, fingerprint: fingerprint, body)
    }

    /// Calls `body` with each chunk that a generation shows, in row order, as `forEachStoredChunk`.
    package func forEachChunk(
        ofGeneration generation: Int, fingerprint: String, _ body: (IndexedChunk, [Float]) throws -> Void
    ) throws {
        let condition = "born <= \(generation) AND (died IS NULL OR died > \(generation))"
        try forEachChunk(where: condition, fingerprint: fingerprint, body)
    }

    /// The length of the embeddings of a generation's chunks; `nil` where a chunk has none, or one of another length, or
    /// there is no chunk.
    package func embeddingDimension(ofGeneration generation: Generation) throws -> Int? {
        var lengths: Set<Int> = []
        try forEachChunk(ofGeneration: generation.id, fingerprint: generation.fingerprint) { lengths.insert($1.count) }
        return lengths.count == 1 && lengths != [0] ? lengths.first : nil
    }

    private func forEachChunk(
        where condition: String, fingerprint: String, _ body: (IndexedChunk, [Float]) throws -> Void
    ) throws {
        let model = try modelID(of: fingerprint)
        try pool.read { db in
            let sql = """
                SELECT chunk.id, chunk.text_hash, document_key, title, heading_path, search_text, vector
                FROM chunk JOIN document ON document.key = chunk.document_key
                LEFT JOIN embedding ON model_id = ? AND embedding.text_hash = chunk.text_hash
                WHERE \(condition) ORDER BY chunk.id
                """
            let rows = try Row.fetchCursor(db, sql: sql, arguments: [model])
            while let row = try rows.next() {
                let record = StoredRecord(row, of: "chunk", key: "id")
                let chunk = IndexedChunk(
                    id: try record.value("id"), textHash: try record.value("text_hash"),
                    documentKey: try record.value("document_key"), title: try record.value("title"),
                    headingPath: try record.json("heading_path"), searchText: try record.value("search_text"))
                // What is no blob is no embedding.
                let vector: Data =
                    if case .blob(let bytes) = (row["vector"] as DatabaseValue).storage { bytes } else { Data() }
                try body(chunk, vector.count.isMultiple(of: MemoryLayout<Float>.size) ? floats(vector) : [])
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
            try Self.seal(.generation, Int64(id), db)
            try db.execute(sql: "UPDATE setting SET value = ? WHERE name = 'serving_generation'", arguments: [id])
            try Self.countChange(db)
            try Self.forgetOrphans(among: Self.deleteDocuments(where: "died < ?", [id], db), db)
            try Self.forgetUnreferenced(db)
            FailPoint.switchingGeneration.pass()
        }
        FailPoint.switchedGeneration.pass()
    }

    /// The number that the next generation gets: none is given twice, whatever was rolled back to.
    package func nextGeneration() throws -> Int { try pool.read(Self.nextGeneration) }

    static func nextGeneration(_ db: Database) throws -> Int {
        (try Int.fetchOne(db, sql: "SELECT max(id) FROM generation") ?? 0) + 1
    }

    /// The generations that can be served, the newest last: the newest of all, and the one before it.
    package func servableGenerations() throws -> [Generation] {
        try pool.read { db in
            try Row.fetchAll(
                db, sql: "\(Self.generations) WHERE generation.id >= ? AND chunk_count >= 0 ORDER BY generation.id",
                arguments: [try Self.nextGeneration(db) - 2]
            ).map(Generation.init(row:))
        }
    }

    /// Serves one of `servableGenerations` from now on. What was removed, or narrowed to fewer readers, stays so.
    ///
    /// - Returns: whether there is such a generation.
    package func serveAgain(generation id: Int) throws -> Bool {
        let isServed = try pool.write { db in
            let next = try Self.nextGeneration(db)
            guard id >= next - 2, id < next,
                try Bool.fetchOne(
                    db, sql: "SELECT EXISTS (SELECT 1 FROM generation WHERE id = ? AND chunk_count >= 0)",
                    arguments: [id]) ?? false
            else { return false }
            try db.execute(sql: "UPDATE setting SET value = ? WHERE name = 'serving_generation'", arguments: [id])
            try Self.countChange(db)
            FailPoint.switchingGeneration.pass()
            return true
        }
        if isServed { FailPoint.switchedGeneration.pass() }
        return isServed
    }

    /// Takes generations out of those that can be served. Each keeps its number, which none is given again.
    package func forget(generations: [Int]) throws {
        guard !generations.isEmpty else { return }
        try pool.write { db in
            for id in generations { try Self.forget("id = \(id)", db) }
            try Self.countChange(db)
        }
    }

    /// - Parameter condition: which generations.
    static func forget(_ condition: String, _ db: Database) throws {
        try db.execute(
            sql: """
                UPDATE generation SET model_id = (SELECT max(id) FROM model), created_at = '', document_count = 0,
                chunk_count = -1 WHERE \(condition)
                """)
        try seal(.generation, where: condition, [], db)
    }

    /// Marks a generation with another model: that of the vectors that its chunks have now.
    package func setModel(_ fingerprint: String, ofGeneration id: Int) throws {
        let model = try modelID(of: fingerprint)
        try pool.write { db in
            try db.execute(sql: "UPDATE generation SET model_id = ? WHERE id = ?", arguments: [model, id])
            try Self.seal(.generation, Int64(id), db)
        }
    }

    /// Deletes revisions of pages with their chunks.
    ///
    /// - Returns: the hashes of the chunks' texts, which other chunks may have, too.
    static func deleteDocuments(
        where condition: String, _ arguments: StatementArguments, _ db: Database
    ) throws -> Set<Data> {
        let hashes = try Data.fetchSet(
            db,
            sql: """
                SELECT text_hash FROM chunk WHERE document_key IN (SELECT key FROM document WHERE \(condition))
                AND typeof(text_hash) = 'blob'
                """, arguments: arguments)
        try db.execute(sql: "DELETE FROM document WHERE \(condition)", arguments: arguments)
        return hashes
    }

    /// Bytes of revisions that neither a page nor a draft refers to.
    static func forgetUnreferenced(_ db: Database) throws {
        try db.execute(
            sql: """
                DELETE FROM revision WHERE hash NOT IN (SELECT revision FROM document)
                AND hash NOT IN (SELECT revision FROM draft_citation);
                DELETE FROM extraction WHERE revision NOT IN (SELECT hash FROM revision);
                DELETE FROM page_stamp WHERE revision NOT IN (SELECT hash FROM revision);
                DELETE FROM seal WHERE record = 'document' AND key NOT IN (SELECT key FROM document);
                """)
    }
}
