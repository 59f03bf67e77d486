import Foundation
import IndexFiles

/// The file that says which segments there are, in order, and which of their rows are left. Replacing it is what makes a
/// change happen.
struct SegmentManifest {
    /// Row numbers are below it: they fit UInt32, and the highest stands for no row in codes.
    static let rowLimit = Int(UInt32.max)
    /// Segments that a search would still look through.
    static let segmentCountMax = 1_024

    struct Facts: Codable {
        let dimension: Int
        let fingerprint: String
        /// Above all row numbers given so far.
        let nextRow: Int
        /// Above all numbers of segments that a manifest ever named.
        let nextSegment: Int
        let segments: [Entry]
    }

    struct Entry: Codable {
        let number: Int
        let rowCount: Int
        /// Hexadecimal.
        let checksum: String
    }

    let facts: Facts
    /// The rows left of each segment.
    let live: [RowSet]
    /// Kept open: no other file gets its stamp meanwhile.
    let file: IndexFile

    init(in folder: SegmentFolder) throws {
        guard folder.hasManifest else {
            throw SegmentError.noManifest(path: folder.manifest.path, folder: folder.url.path)
        }
        file = try IndexFile(opening: folder.manifest, kind: .segments)
        facts = try file.value(of: "facts", as: Facts.self)
        guard facts.arePossible else { throw IndexFileError.unexpectedContent(path: file.path, block: "facts") }
        let wordCounts = facts.segments.map { ($0.rowCount + 63) / 64 }
        let words = Array(try file.elements(of: "live", as: UInt64.self, count: wordCounts.reduce(0, +)))
        var (start, live) = (0, [RowSet]())
        for (entry, count) in zip(facts.segments, wordCounts) {
            let rows = RowSet(rowCount: entry.rowCount, words: Array(words[start..<start + count]))
            guard let rows, !rows.isEmpty else {
                throw IndexFileError.unexpectedContent(path: file.path, block: "live")
            }
            live.append(rows)
            start += count
        }
        self.live = live
    }

    /// Puts the manifest of `snapshot` in its place, whole or not at all.
    static func write(_ snapshot: VectorSnapshot, nextSegment: Int) throws(IndexFileError) {
        let entries = snapshot.segments.map { segment in
            Entry(
                number: segment.file.number, rowCount: segment.file.index.rowCount,
                checksum: String(segment.file.checksum, radix: 16))
        }
        let facts = Facts(
            dimension: snapshot.dimension, fingerprint: snapshot.fingerprint, nextRow: snapshot.nextRow,
            nextSegment: nextSegment, segments: entries)
        let writer = try IndexFileWriter(creating: snapshot.folder.manifest, kind: .segments)
        try writer.append(json: facts, as: "facts")
        try writer.append(snapshot.segments.flatMap(\.live.words), as: "live")
        try writer.finish()
    }
}

extension SegmentManifest.Facts {
    fileprivate var arePossible: Bool {
        dimension > 0 && (0...SegmentManifest.rowLimit).contains(nextRow)
            && segments.count <= SegmentManifest.segmentCountMax
            && segments.allSatisfy { $0.number >= 0 && $0.number < nextSegment }
            && segments.allSatisfy { $0.rowCount > 0 && $0.rowCount <= nextRow }
            && Set(segments.map(\.number)).count == segments.count
    }
}
