import Foundation
import IndexFiles

/// Segmented vectors in one state, which nothing changes: what was removed or merged since is searched as it was.
package struct VectorSnapshot: Sendable {
    package let dimension: Int
    /// The model that made the vectors.
    package let fingerprint: String
    /// Above all row numbers given so far.
    package internal(set) var nextRow: Int
    let folder: SegmentFolder
    /// In the order of their row numbers.
    var segments: [Segment]

    package var rowCount: Int { segments.reduce(0) { $0 + $1.liveCount } }
    package var segmentCount: Int { segments.count }
    /// Rows that were removed and still take space.
    package var tombstoneCount: Int { segments.reduce(0) { $0 + $1.removedCount } }

    /// The numbers of the rows, ascending.
    package var rowNumbers: [Int] {
        segments.flatMap { segment in segment.live.rows.map { Int(segment.file.rowNumbers[$0]) } }
    }

    package func contains(_ rowNumber: Int) -> Bool { place(of: rowNumber) != nil }

    /// The segment that has the row, and where it stands there.
    func place(of rowNumber: Int) -> (segment: Int, place: Int)? {
        guard let segment = segment(around: rowNumber), let place = segments[segment].place(of: rowNumber) else {
            return nil
        }
        return (segment, place)
    }

    /// The first segment whose numbers go as far as this one: the only one that can have it.
    func segment(around rowNumber: Int) -> Int? {
        var (low, high) = (0, segments.count)
        while low < high {
            let middle = (low + high) / 2
            let numbers = segments[middle].file.rowNumbers
            if Int(numbers[numbers.count - 1]) < rowNumber { low = middle + 1 } else { high = middle }
        }
        return low < segments.count ? low : nil
    }

    /// Makes sure that nothing in the segments is damaged: what a search checks as it goes.
    package func check() throws {
        try folder.sayingRemedy { for segment in segments { try segment.file.index.check() } }
    }
}

extension VectorSnapshot {
    /// How often a manifest is read anew because a merge removed what it named, before that is taken for damage.
    private static let attemptCountMax = 100

    /// The state that the folder is in. Segments that `old` has open are shared with it.
    static func load(_ folder: SegmentFolder, sharing old: VectorSnapshot? = nil) throws -> (
        SegmentManifest, VectorSnapshot
    ) {
        try folder.sayingRemedy {
            var attemptCount = 1
            while true {
                let manifest = try SegmentManifest(in: folder)
                do {
                    return (manifest, try VectorSnapshot(manifest, in: folder, sharing: old))
                } catch IndexFileError.unreadable(_, ENOENT)
                    where attemptCount < attemptCountMax && FileStamp(of: folder.manifest) != manifest.file.stamp
                {
                    attemptCount += 1
                }
            }
        }
    }

    private init(_ manifest: SegmentManifest, in folder: SegmentFolder, sharing old: VectorSnapshot?) throws {
        let facts = manifest.facts
        (dimension, fingerprint, nextRow) = (facts.dimension, facts.fingerprint, facts.nextRow)
        (self.folder, segments) = (folder, [])
        let files = Dictionary(uniqueKeysWithValues: (old?.segments ?? []).map { ($0.file.number, $0.file) })
        var lowest = 0
        for (entry, live) in zip(facts.segments, manifest.live) {
            var file = files[entry.number]
            if file.map({ String($0.checksum, radix: 16) }) != entry.checksum { file = nil }
            let opened = try file ?? SegmentFile(opening: entry.number, in: folder)
            let path = folder.segment(entry.number).path
            guard String(opened.checksum, radix: 16) == entry.checksum, opened.index.rowCount == entry.rowCount,
                opened.index.dimension == dimension, opened.index.fingerprint == fingerprint
            else { throw SegmentError.foreignSegment(path: path, folder: folder.url.path) }
            guard let first = opened.rowNumbers.first, let last = opened.rowNumbers.last, first >= lowest,
                last < nextRow
            else { throw IndexFileError.unexpectedContent(path: path, block: "row numbers") }
            lowest = Int(last) + 1
            segments.append(Segment(opened, live: live))
        }
    }
}
