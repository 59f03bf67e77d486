import Foundation
import GRDB

/// The words of a chunk and where they stand.
package struct StoredChunk: Sendable, Equatable {
    package let id: Int64
    package let documentKey: Int64
    package let ordinal: Int
    package let headingPath: [String]
    package let anchor: String
    /// Half-open, into the bytes of the document's revision.
    package let byteRange: Range<Int>
    /// The page of a PDF on which it begins, counted from 1; `nil` in formats without pages.
    package let page: Int?
    /// Exactly the bytes of `byteRange`.
    package let text: String
}

extension Store {
    /// The chunks with these ids that some generation may still show, in the order of `ids`; a removed one is left out.
    package func chunks(_ ids: [Int64]) throws -> [StoredChunk] {
        guard !ids.isEmpty else { return [] }
        return try pool.read { db in
            let sql = """
                SELECT chunk.*, substr(bytes, range_start + 1, range_end - range_start) AS text
                FROM chunk JOIN document ON document.key = document_key JOIN revision ON hash = revision
                WHERE chunk.id = ? AND (died IS NULL OR died > 0)
                """
            let statement = try db.cachedStatement(sql: sql)
            return try ids.compactMap { id in
                try Row.fetchOne(statement, arguments: [id]).map(StoredChunk.init(row:))
            }
        }
    }
}

extension StoredChunk {
    init(row: Row) throws {
        id = row["id"]
        documentKey = row["document_key"]
        ordinal = row["ordinal"]
        headingPath = try decoded([String].self, row["heading_path"], table: "chunk", key: "\(id)")
        anchor = row["anchor"]
        byteRange = (row["range_start"] as Int)..<(row["range_end"] as Int)
        page = row["page_number"]
        text = String(decoding: row["text"] as Data, as: UTF8.self)
    }
}
