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
    /// The words alone, without the marks of the page's format.
    package let searchText: String
}

extension Store {
    /// The chunks with these ids that some generation may still show, in the order of `ids`; left out are those of pages
    /// that were removed since, or narrowed to other readers.
    ///
    /// - Parameter audiences: whose pages may be shown; all where `nil`.
    package func chunks(_ ids: [Int64], of audiences: [String]? = nil) throws -> [StoredChunk] {
        guard !ids.isEmpty else { return [] }
        return try pool.read { db in
            let statement = try db.cachedStatement(
                sql: StoredChunk.query + " WHERE chunk.id = ? AND (died IS NULL OR died > 0)")
            return try ids.compactMap { id in
                try Row.fetchOne(statement, arguments: [id]).flatMap { try StoredChunk($0, of: audiences) }
            }
        }
    }
}

extension Store {
    /// The chunks of the same page up to `count` places before and behind one, in their order: what a passage is widened
    /// by. None of a page that was removed since, or narrowed to other readers than `audiences`.
    package func neighbours(
        of chunk: StoredChunk, count: Int, audiences: [String]
    ) throws -> (before: [StoredChunk], after: [StoredChunk]) {
        let around = try pool.read { db in
            let sql = """
                 WHERE document_key = ? AND ordinal BETWEEN ? AND ? AND (died IS NULL OR died > 0) ORDER BY ordinal
                """
            return try Row.fetchAll(
                db, sql: StoredChunk.query + sql,
                arguments: [chunk.documentKey, chunk.ordinal - count, chunk.ordinal + count]
            ).compactMap { try StoredChunk($0, of: audiences) }
        }
        return (around.filter { $0.ordinal < chunk.ordinal }, around.filter { $0.ordinal > chunk.ordinal })
    }
}

extension StoredChunk {
    /// Chunks with their words; what selects and orders them follows.
    static let query = """
        SELECT chunk.*, audience, substr(bytes, range_start + 1, range_end - range_start) AS text
        FROM chunk JOIN document ON document.key = document_key JOIN revision ON hash = revision
        """

    /// `nil` where the page's audience now is none of those.
    fileprivate init?(_ row: Row, of audiences: [String]?) throws {
        let audience: String = try StoredRecord(row, of: "chunk", key: "id").value("audience")
        guard audiences?.contains(audience) ?? true else { return nil }
        try self.init(row: row)
    }

    init(row: Row) throws {
        let record = StoredRecord(row, of: "chunk", key: "id")
        id = try record.value("id")
        documentKey = try record.value("document_key")
        ordinal = try record.value("ordinal")
        headingPath = try record.json("heading_path")
        anchor = try record.value("anchor")
        page = try record.optional("page_number")
        let words: Data = try record.value("text")
        byteRange = try record.byteRange(in: words)
        text = String(decoding: words, as: UTF8.self)
        searchText = try record.value("search_text")
    }
}

extension StoredRecord {
    /// The byte range of a chunk whose words are `words`.
    fileprivate func byteRange(in words: Data) throws -> Range<Int> {
        let (start, end): (Int, Int) = (try value("range_start"), try value("range_end"))
        guard start >= 0, start <= end, words.count == end - start else {
            throw corrupt("its byte range \(start) to \(end) is not within its page's bytes")
        }
        return start..<end
    }
}
