import Foundation
import IndexFiles
import Storage

/// Which segments a generation consists of, in the order of their chunks' ids, and what it was built for.
///
/// Files copied from another database or generation pass their own checksums and may have as many rows; what they would
/// find is wrong all the same. So all must agree with the manifest, and that with the database.
struct GenerationManifest: Codable, Equatable {
    /// Segments that a search would still look through.
    static let segmentCountMax = 1_024

    let database: Int
    let generation: Int
    let createdAt: String
    let fingerprint: String
    let dimension: Int
    /// Where the generation's vectors are of a model of its own.
    let latentModel: LatentModel?
    let segments: [Segment]

    struct Segment: Codable, Hashable {
        let name: SegmentName
        /// Checksums of the headers of the files, which hold those of their blocks.
        let rows: String
        let vectors: String
        let postings: String
    }

    struct LatentModel: Codable, Hashable {
        /// The one that fitted it.
        let generation: Int
        let checksum: String
    }
}

/// What a segment is called: numbers of generations are never given twice.
struct SegmentName: Codable, Hashable {
    /// The one that wrote it.
    let generation: Int
    /// Among the segments that this one wrote.
    let place: Int
}

extension GenerationManifest.Segment {
    /// Of the files that stand there now.
    init(_ name: SegmentName, files: SegmentFiles) throws {
        self.init(
            name: name, rows: try headerChecksum(of: files.rows), vectors: try headerChecksum(of: files.vectors),
            postings: try headerChecksum(of: files.postings))
    }
}

extension GenerationManifest {
    private static let block = "manifest"

    func write(to url: URL) throws {
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        let writer = try IndexFileWriter(creating: url, kind: .segments)
        try writer.append(json: self, as: Self.block)
        try writer.finish()
    }

    init(opening url: URL) throws(IndexFileError) {
        let file = try IndexFile(opening: url, kind: .segments)
        self = try file.value(of: Self.block, as: Self.self)
        guard dimension > 0, segments.count <= Self.segmentCountMax, Set(segments.map(\.name)).count == segments.count
        else { throw .unexpectedContent(path: file.path, block: Self.block) }
    }

    /// - Throws: `IndexFileError.unexpectedContent` where the file is of another generation than the database's.
    init(of generation: Generation, in folder: IndexFolder) throws(IndexFileError) {
        let url = folder.manifest(of: generation.id)
        try self.init(opening: url)
        guard database == folder.database, self.generation == generation.id, createdAt == generation.createdAt,
            fingerprint == generation.fingerprint
        else { throw .unexpectedContent(path: url.path, block: Self.block) }
    }
}

/// XXH64 of a file's header, which covers all that is in it.
func headerChecksum(of url: URL) throws -> String {
    let header = try FileHandle(forReadingFrom: url).read(upToCount: headerByteCount) ?? Data()
    return String(checksum(of: Array(header)), radix: 16)
}

private let headerByteCount = 64
