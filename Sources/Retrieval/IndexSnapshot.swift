import Documents
import Foundation
import IndexFiles
import LexicalSearch
import Storage
import VectorSearch

/// One immutable state that a search runs on: the segments of a generation and what may be seen of them now.
struct IndexSnapshot: Sendable {
    let state: ServingState
    let manifest: GenerationManifest
    let segments: [IndexSegment]
    /// The rows of all segments, numbered through in the order of their chunks' ids.
    let rows: RowTable
    /// Of all pages; searches use those of their readers.
    let lanes: Lanes
    /// What the vectors were made with, where that was fitted on the pages.
    let latent: LatentEmbedder?
    /// By position in `rows.documents`; `nil` for a page that the generation does not show, or that was removed since.
    let documents: [StoredDocument?]
    let folder: IndexFolder
    let filteredRows = FilterCache()
    let readerLanes = ReaderLanes()

    /// Opens the files in a moment; vectors are checked piece by piece as searches read them.
    ///
    /// - Parameters:
    ///   - generation: the serving one where `nil`.
    ///   - open: segments that need not be opened again.
    init(
        of store: Store, in indexes: URL, generation: Int? = nil, sharing open: OpenSegments = OpenSegments()
    ) throws {
        // Pages and state are of one moment, read before the files: where a new generation comes in between, the files
        // are gone or another's, and the caller tries again.
        let served = try store.servedPages(of: generation)
        state = served.state
        guard let generation = served.generation else { throw RetrievalError.nothingIngested }
        folder = IndexFolder(of: state.identity, in: indexes)
        let manifestURL = folder.manifest(of: generation.id)
        do {
            manifest = try GenerationManifest(of: generation, in: folder)
            segments = try open.all(of: manifest, in: folder)
            latent = try Self.latentModel(of: manifest, in: folder)
        } catch {
            throw RetrievalError(error, at: manifestURL)
        }
        guard segments.fit(manifest), latent.map({ $0.fingerprint == generation.fingerprint }) ?? true,
            (latent != nil) == LatentEmbedder.isFingerprint(generation.fingerprint)
        else { throw RetrievalError.unusableIndex(detail: "\(manifestURL.path): names files of different builds") }
        rows = segments.reduce(into: RowTable()) { $0.append($1.rows) }
        let byKey = Dictionary(uniqueKeysWithValues: served.documents.map { ($0.key, $0) })
        documents = rows.documents.map { byKey[$0] }
        let live = RowSet(rowCount: rows.count) { [rows, documents] in documents[Int(rows.documentOfRow[$0])] != nil }
        lanes = Lanes(
            vectors: VectorSnapshot(
                segments.map(\.vectors), dimension: manifest.dimension, fingerprint: manifest.fingerprint),
            lexical: LexicalSnapshot(segments.map(\.postings), live: live))
    }

    private static func latentModel(
        of manifest: GenerationManifest, in folder: IndexFolder
    ) throws -> LatentEmbedder? {
        guard let model = manifest.latentModel else { return nil }
        let url = folder.latentModel(of: model.generation)
        guard try headerChecksum(of: url) == model.checksum else {
            throw RetrievalError.unusableIndex(detail: "\(url.path): is of another build")
        }
        return try LatentEmbedder(opening: url)
    }

    /// Makes sure that nothing in the files is damaged.
    func check() throws { for segment in segments { try segment.check() } }

    /// The candidates of both lanes, ranked; damage that is found in the files is that of an unusable index.
    func ranked(
        _ query: [Float], _ terms: LexicalQuery, in allowed: RowSet?, of audiences: [String], options: FusionOptions,
        _ timings: inout StageTimings
    ) throws -> FusedRanking {
        let lanes = lanes(for: audiences)
        do {
            let scores = try lanes.score(query, terms, in: allowed, options: options, &timings)
            return try timings.measure("fuse") { try lanes.fused(scores, options: options) }
        } catch let error as IndexFileError {
            throw RetrievalError(error, at: folder.indexes)
        }
    }

    func document(ofRow row: Int) -> StoredDocument? {
        documents[Int(rows.documentOfRow[row])]
    }
}

extension [IndexSegment] {
    /// Whether they can be searched as one: of one model and the same constants, their chunks in the order of their ids.
    func fit(_ manifest: GenerationManifest) -> Bool {
        allSatisfy {
            $0.vectors.dimension == manifest.dimension && $0.vectors.fingerprint == manifest.fingerprint
                && $0.postings.options == self[0].postings.options
        }
            && zip(self, dropFirst()).allSatisfy {
                ($0.rows.chunks.last ?? 0) < ($1.rows.chunks.first ?? 0)
            }
    }
}
