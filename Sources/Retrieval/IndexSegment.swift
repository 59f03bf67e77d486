import Foundation
import IndexFiles
import LexicalSearch
import Synchronization
import VectorSearch

/// A segment of the index: some documents' chunks as rows of both lanes, in the order of their ids. It never changes; which
/// of its rows are left is for the database to say.
final class IndexSegment: Sendable {
    let entry: GenerationManifest.Segment
    let files: SegmentFiles
    let rows: RowTable
    let vectors: VectorIndex
    let postings: LexicalIndex
    private let stamps: [FileStamp?]

    /// Opens the files in a moment; vectors are checked piece by piece as searches read them.
    ///
    /// - Throws: `RetrievalError.unusableIndex` where they are damaged, or others than the manifest names.
    init(opening entry: GenerationManifest.Segment, in folder: IndexFolder) throws {
        self.entry = entry
        files = folder.files(of: entry.name)
        stamps = files.all.map { FileStamp(of: $0) }
        do {
            (vectors, postings) = (try VectorIndex(opening: files.vectors), try LexicalIndex(opening: files.postings))
            rows = try RowTable(opening: files)
            guard try GenerationManifest.Segment(entry.name, files: files) == entry,
                vectors.rowCount == rows.count, postings.rowCount == rows.count, rows.count > 0
            else {
                throw RetrievalError.unusableIndex(detail: "\(files.folder.path): its files are of different builds")
            }
        } catch {
            throw RetrievalError(error, at: files.folder)
        }
    }

    /// Makes sure that nothing in the files is damaged; what was checked once costs next to nothing.
    func check() throws {
        do { try vectors.check() } catch { throw RetrievalError(error, at: files.folder) }
    }

    /// Whether the names still lead to the files that were opened, as they were then.
    fileprivate var isCurrent: Bool { files.all.map { FileStamp(of: $0) } == stamps }
}

/// Segments that are kept open from one generation to the next, so that only new ones are opened and checked.
final class OpenSegments: Sendable {
    private let segments = Mutex<[GenerationManifest.Segment: IndexSegment]>([:])

    /// The segments of a manifest; others are let go.
    func all(of manifest: GenerationManifest, in folder: IndexFolder) throws -> [IndexSegment] {
        let open = segments.withLock { $0 }
        let all = try manifest.segments.map { entry in
            if let segment = open[entry], segment.isCurrent { return segment }
            return try IndexSegment(opening: entry, in: folder)
        }
        segments.withLock { $0 = Dictionary(uniqueKeysWithValues: all.map { ($0.entry, $0) }) }
        return all
    }
}

extension RetrievalError {
    /// What is wrong with index files.
    init(_ error: any Error, at folder: URL) {
        let detail =
            switch error {
            case let error as RetrievalError: error.indexDetail ?? error.description
            case let error as IndexFileError: error.description
            case let error as LexicalSearchError: error.description
            case let error as CocoaError: "\(folder.path): \(reason(for: error))"
            default: "\(folder.path): \(error)"
            }
        self = .unusableIndex(detail: detail)
    }

    private var indexDetail: String? {
        if case .unusableIndex(let detail) = self { detail } else { nil }
    }
}
