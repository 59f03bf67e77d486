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
    /// What the vectors were made with, where that was fitted on the pages.
    let latent: LatentEmbedder?
    /// By position in `rows.documents`; `nil` for a page that was removed since.
    let documents: [StoredDocument?]

    init(of store: Store, in indexes: URL) throws {
        // Pages and state are of one moment, read before the files: where a new generation comes in between, the files
        // are gone or another's, and the caller tries again.
        let served = try store.servedPages()
        state = served.state
        guard let generation = served.generation else { throw RetrievalError.nothingIngested }
        let files = GenerationFiles(of: generation.id, database: state.identity, in: indexes)
        do {
            lanes = Lanes(
                vectors: try VectorIndex(opening: files.vectors), lexical: try LexicalIndex(opening: files.postings))
            // Damage is to be known before a search depends on it: an ingest builds anew what this refuses.
            try lanes.vectors.check()
            let isLatent = LatentEmbedder.isFingerprint(generation.fingerprint)
            latent = isLatent ? try LatentEmbedder(opening: files.latentModel) : nil
            let stamp = try GenerationStamp(
                database: state.identity, generation: generation.id, createdAt: generation.createdAt, files: files,
                hasLatentModel: isLatent)
            rows = try RowTable(opening: files.rows, stamp: stamp)
        } catch let error as IndexFileError {
            throw RetrievalError.unusableIndex(detail: error.description)
        } catch let error as LexicalSearchError {
            throw RetrievalError.unusableIndex(detail: error.description)
        } catch let error as CocoaError {
            throw RetrievalError.unusableIndex(detail: "\(files.folder.path): \(reason(for: error))")
        }
        guard lanes.vectors.rowCount == rows.count, lanes.lexical.rowCount == rows.count,
            lanes.vectors.fingerprint == generation.fingerprint,
            latent.map({ $0.fingerprint == generation.fingerprint }) ?? true
        else { throw RetrievalError.unusableIndex(detail: "\(files.folder.path): its files are of different builds") }
        let byKey = Dictionary(uniqueKeysWithValues: served.documents.map { ($0.key, $0) })
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
