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
    let files: GenerationFiles
    private let allowedRows = FilterCache()

    /// Opens the files in a moment; vectors are checked piece by piece as searches read them.
    ///
    /// - Parameter generation: the serving one where `nil`.
    init(of store: Store, in indexes: URL, generation: Int? = nil) throws {
        // Pages and state are of one moment, read before the files: where a new generation comes in between, the files
        // are gone or another's, and the caller tries again.
        let served = try store.servedPages(of: generation)
        state = served.state
        guard let generation = served.generation else { throw RetrievalError.nothingIngested }
        files = GenerationFiles(of: generation.id, database: state.identity, in: indexes)
        do {
            lanes = Lanes(
                vectors: try VectorIndex(opening: files.vectors), lexical: try LexicalIndex(opening: files.postings))
            let isLatent = LatentEmbedder.isFingerprint(generation.fingerprint)
            latent = isLatent ? try LatentEmbedder(opening: files.latentModel) : nil
            let stamp = try GenerationStamp(
                database: state.identity, generation: generation.id, createdAt: generation.createdAt, files: files,
                hasLatentModel: isLatent)
            rows = try RowTable(opening: files.rows, stamp: stamp)
        } catch {
            throw RetrievalError(error, of: files)
        }
        guard lanes.vectors.rowCount == rows.count, lanes.lexical.rowCount == rows.count,
            lanes.vectors.fingerprint == generation.fingerprint,
            latent.map({ $0.fingerprint == generation.fingerprint }) ?? true
        else { throw RetrievalError.unusableIndex(detail: "\(files.folder.path): its files are of different builds") }
        let byKey = Dictionary(uniqueKeysWithValues: served.documents.map { ($0.key, $0) })
        documents = rows.documents.map { byKey[$0] }
    }

    /// Makes sure that nothing in the files is damaged.
    func check() throws {
        do { try lanes.vectors.check() } catch { throw RetrievalError(error, of: files) }
    }

    /// The candidates of both lanes, ranked; damage that is found in the files is that of an unusable index.
    func ranked(
        _ query: [Float], _ terms: LexicalQuery, in allowed: RowSet?, options: FusionOptions,
        _ timings: inout StageTimings
    ) throws -> [FusedRow] {
        do {
            let scores = try lanes.score(query, terms, in: allowed, options: options, &timings)
            return try timings.measure("fuse") { try lanes.fused(scores, options: options) }
        } catch let error as IndexFileError {
            throw RetrievalError(error, of: files)
        }
    }

    func document(ofRow row: Int) -> StoredDocument? {
        documents[Int(rows.documentOfRow[row])]
    }

    /// The rows whose documents pass the filters; a removed document never does.
    func rows(matching filters: SearchFilters) throws -> RowSet {
        try allowedRows.rows(for: filters) {
            let filter = try DocumentFilter(filters)
            let isAllowed = documents.map { document in document.map(filter.allows) ?? false }
            return RowSet(rowCount: rows.count) { row in isAllowed[Int(rows.documentOfRow[row])] }
        }
    }
}

extension RetrievalError {
    /// What is wrong with the files of a generation.
    fileprivate init(_ error: any Error, of files: GenerationFiles) {
        let detail =
            switch error {
            case let error as IndexFileError: error.description
            case let error as LexicalSearchError: error.description
            case let error as CocoaError: "\(files.folder.path): \(reason(for: error))"
            default: "\(files.folder.path): \(error)"
            }
        self = .unusableIndex(detail: detail)
    }
}
