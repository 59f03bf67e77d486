import Foundation
import IndexFiles

/// What each row of a generation's lanes stands for: a chunk, and the document that it belongs to.
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

    func write(to url: URL, stamp: GenerationStamp) throws {
        let writer = try IndexFileWriter(creating: url, kind: .rows)
        try writer.append(json: stamp, as: "stamp")
        try writer.append(chunks, as: "chunks")
        try writer.append(documentOfRow, as: "document of row")
        try writer.append(documents, as: "documents")
        try writer.finish()
    }
}

extension RowTable {
    /// - Parameter stamp: what the rows must have been written for; `IndexFileError.unexpectedContent` where it was
    ///   something else, or other files now stand beside them.
    init(opening url: URL, stamp: GenerationStamp) throws(IndexFileError) {
        let file = try IndexFile(opening: url, kind: .rows)
        guard try file.value(of: "stamp", as: GenerationStamp.self) == stamp else {
            throw .unexpectedContent(path: file.path, block: "stamp")
        }
        chunks = Array(try file.elements(of: "chunks"))
        documentOfRow = Array(try file.elements(of: "document of row", count: chunks.count))
        documents = Array(try file.elements(of: "documents"))
        guard documentOfRow.allSatisfy({ $0 < documents.count }) else {
            throw .unexpectedContent(path: file.path, block: "document of row")
        }
    }
}
