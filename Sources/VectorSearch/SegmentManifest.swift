import Foundation
import IndexFiles

/// Which segments there are, in the order of their rows' numbers, and which of their rows are removed: the one file that
/// is replaced when something changes.
struct SegmentManifest: Sendable {
    var facts: Facts
    /// By segment: the rows that were removed, its tombstones.
    var tombstones: [RowSet]

    struct Facts: Codable, Sendable, Equatable {
        let dimension: Int
        let fingerprint: String
        /// The number of the next row that is appended: no number is given twice.
        var nextNumber = 0
        var nextSegment = 1
        var segments: [Entry] = []
    }

    struct Entry: Codable, Sendable, Equatable {
        let id: Int
        let rowCount: Int
    }

    static func url(in folder: URL) -> URL { folder.appending(path: "manifest.docketindex") }

    init(_ facts: Facts) { (self.facts, tombstones) = (facts, []) }

    init(in folder: URL) throws(IndexFileError) {
        let file = try IndexFile(opening: Self.url(in: folder), kind: .segments)
        facts = try file.value(of: "facts", as: Facts.self)
        guard facts.isPlausible else { throw .corruptBlock(path: file.path, block: "facts") }
        let wordCounts = facts.segments.map { RowSet.wordCount(ofRows: $0.rowCount) }
        let words: MappedArray<UInt64> = try file.elements(of: "tombstones", count: wordCounts.reduce(0, +))
        tombstones = []
        var start = 0
        for (segment, count) in zip(facts.segments, wordCounts) {
            tombstones.append(RowSet(rowCount: segment.rowCount, words: Array(words[start..<start + count])))
            start += count
        }
    }

    func write(in folder: URL) throws(IndexFileError) {
        let writer = try IndexFileWriter(creating: Self.url(in: folder), kind: .segments)
        try writer.append(json: facts, as: "facts")
        try writer.append(tombstones.flatMap(\.words), as: "tombstones")
        try writer.finish()
    }
}

extension SegmentManifest.Facts {
    /// What a file says is not to be believed.
    fileprivate var isPlausible: Bool {
        dimension > 0 && nextNumber >= 0 && segments.count <= SegmentedVectors.segmentCountMax
            && segments.allSatisfy { $0.rowCount >= 0 && $0.rowCount <= nextNumber }
    }
}
