import Documents
import Foundation
import IndexFiles
import LexicalSearch
import Storage
import VectorSearch

/// One immutable state that a search runs on: the lanes of a generation and what may be seen of it now.
struct IndexSnapshot: Sendable {
    let state: ServingState
    let rows: RowTable
    let lanes: Lanes
    /// By position in `rows.documents`; `nil` for a page that was removed since.
    let documents: [StoredDocument?]

    init(of store: Store, in indexes: URL) throws {
        state = try store.servingState()
        guard state.generation > 0 else { throw RetrievalError.nothingIngested }
        let files = GenerationFiles(of: state.generation, database: state.identity, in: indexes)
        do {
            rows = try RowTable(opening: files.rows)
            lanes = Lanes(
                vectors: try VectorIndex(opening: files.vectors), lexical: try LexicalIndex(opening: files.postings))
        } catch let error as IndexFileError {
            throw RetrievalError.unusableIndex(detail: error.description)
        } catch let error as LexicalSearchError {
            throw RetrievalError.unusableIndex(detail: error.description)
        }
        guard lanes.vectors.rowCount == rows.count, lanes.lexical.rowCount == rows.count else {
            throw RetrievalError.unusableIndex(detail: "\(files.folder.path): its files disagree on the number of rows")
        }
        let stored = try store.documents(ofGeneration: state.generation)
        let byKey = Dictionary(uniqueKeysWithValues: stored.map { ($0.key, $0) })
        documents = rows.documents.map { byKey[$0] }
    }

    func document(ofRow row: Int) -> StoredDocument? {
        documents[Int(rows.documentOfRow[row])]
    }

    /// The rows whose documents pass the filters; a removed document never does.
    func rows(matching filters: SearchFilters) throws -> RowSet {
        let filter = try DocumentFilter(filters)
        let isAllowed = documents.map { document in document.map(filter.allows) ?? false }
        return RowSet(rowCount: rows.count) { row in isAllowed[Int(rows.documentOfRow[row])] }
    }
}
