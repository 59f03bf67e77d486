import Foundation
import IndexFiles

/// What each row of the lanes stands for: a chunk, and the document that it belongs to.
struct RowTable: Sendable {
    private(set) var chunks: [Int64] = []
    /// Row to position in `documents`.
    private(set) var documentOfRow: [UInt32] = []
    /// The keys of the documents, in order of their first row.
    private(set) var documents: [Int64] = []

    var count: Int { chunks.count }

    /// Appends a row; rows of one document follow each other.
    mutating func append(chunk: Int64, document: Int64) {
        if documents.last != document { documents.append(document) }
        chunks.append(chunk)
        documentOfRow.append(UInt32(documents.count - 1))
    }

    /// Appends the rows of another table, behind its own.
    mutating func append(_ other: RowTable) {
        documentOfRow += other.documentOfRow.map { $0 + UInt32(documents.count) }
        chunks += other.chunks
        documents += other.documents
    }

    func write(to files: SegmentFiles) throws {
        let writer = try IndexFileWriter(creating: files.rows, kind: .rows)
        try writer.append(json: files.stamp, as: "stamp")
        try writer.append(chunks, as: "chunks")
        try writer.append(documentOfRow, as: "document of row")
        try writer.append(documents, as: "documents")
        try writer.finish()
    }
}

extension RowTable {
    /// - Throws: `IndexFileError.unexpectedContent` where they are of another segment or database, too.
    init(opening files: SegmentFiles) throws(IndexFileError) {
        let file = try IndexFile(opening: files.rows, kind: .rows)
        guard try file.value(of: "stamp", as: SegmentStamp.self) == files.stamp else {
            throw .unexpectedContent(path: file.path, block: "stamp")
        }
        chunks = Array(try file.elements(of: "chunks"))
        documentOfRow = Array(try file.elements(of: "document of row", count: chunks.count))
        documents = Array(try file.elements(of: "documents"))
        guard documentOfRow.allSatisfy({ $0 < documents.count }) else {
            throw .unexpectedContent(path: file.path, block: "document of row")
        }
        guard zip(chunks, chunks.dropFirst()).allSatisfy({ $0 < $1 }) else {
            throw .unexpectedContent(path: file.path, block: "chunks")
        }
    }
}
