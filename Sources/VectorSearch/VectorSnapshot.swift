package import Foundation
package import IndexFiles

/// The rows that segmented vectors had at one moment, searched as one index.
///
/// What is appended, removed or merged later does not change it: its files stay mapped when they are unlinked. Rows go by
/// their numbers; the results are those of one `VectorIndex` of the same rows.
package struct VectorSnapshot: Sendable {
    package let dimension: Int
    package let fingerprint: String
    /// One past the highest number that a row has had.
    package let numberEnd: Int
    let parts: [Part]

    /// A segment and its rows that are not removed; `nil` where all are there.
    struct Part: Sendable {
        let segment: VectorSegment
        let live: RowSet?

        var liveCount: Int { live?.count ?? segment.index.rowCount }
    }

    init(_ manifest: SegmentManifest, segments: [VectorSegment]) {
        let facts = manifest.facts
        (dimension, fingerprint, numberEnd) = (facts.dimension, facts.fingerprint, facts.nextNumber)
        parts = zip(segments, manifest.tombstones).map { segment, removed in
            Part(segment: segment, live: removed.isEmpty ? nil : removed.complement)
        }
    }

    /// Opens what a folder holds now. Where a writer replaces files meanwhile, what it left is opened.
    ///
    /// - Throws: `IndexFileError`; damaged segments are to be written anew from the database.
    package init(reading folder: URL) throws(IndexFileError) {
        for attempt in 1... {
            let manifest = try SegmentManifest(in: folder)
            do throws(IndexFileError) {
                self.init(manifest, segments: try manifest.openedSegments(in: folder))
                return
            } catch {
                guard case .unreadable(_, ENOENT) = error, attempt < Self.attemptCountMax else { throw error }
            }
        }
        preconditionFailure("the last attempt returns or throws")
    }

    /// A merge may remove a segment between the reading of the manifest and that of the segment, so often at most.
    private static let attemptCountMax = 8

    /// How many rows there are.
    package var rowCount: Int { parts.reduce(0) { $0 + $1.liveCount } }

    package func contains(_ number: Int) -> Bool {
        parts.contains { part in
            part.segment.row(numbered: number).map { part.live?.contains($0) ?? true } ?? false
        }
    }

    /// As `VectorIndex.search`, by row numbers.
    ///
    /// - Parameter numbers: the rows that may be returned, a set over `numberEnd` numbers; all where `nil`.
    package func search(_ query: [Float], limit: Int, in numbers: RowSet? = nil) throws -> [ScoredRow] {
        try merged(limit: limit, in: numbers) { index, rows in try index.search(query, limit: limit, in: rows) }
    }

    /// As `VectorIndex.exactSearch`, by row numbers.
    package func exactSearch(_ query: [Float], limit: Int, in numbers: RowSet? = nil) throws -> [ScoredRow] {
        try merged(limit: limit, in: numbers) { index, rows in try index.exactSearch(query, limit: limit, in: rows) }
    }

    /// As `VectorIndex.approximateSearch`, by row numbers.
    package func approximateSearch(
        _ query: [Float], limit: Int, recall: Double, in numbers: RowSet? = nil
    ) throws -> [ScoredRow] {
        try merged(limit: limit, in: numbers) { index, rows in
            try index.approximateSearch(query, limit: limit, recall: recall, in: rows).rows
        }
    }

    private func merged(
        limit: Int, in numbers: RowSet?, _ search: (VectorIndex, RowSet?) throws -> [ScoredRow]
    ) throws -> [ScoredRow] {
        precondition(numbers == nil || numbers?.rowCount == numberEnd, "the set of rows belongs to another snapshot")
        var top = TopRows(limit: max(0, limit))
        for part in parts {
            for found in try search(part.segment.index, part.rows(in: numbers)) {
                top.insert(ScoredRow(row: Int(part.segment.numbers[found.row]), score: found.score))
            }
        }
        return top.sorted()
    }
}

extension VectorSnapshot.Part {
    /// The rows of the segment that are live and have one of the numbers.
    fileprivate func rows(in numbers: RowSet?) -> RowSet? {
        guard let numbers else { return live }
        return RowSet(rowCount: segment.index.rowCount) { row in
            numbers.contains(Int(segment.numbers[row])) && live?.contains(row) ?? true
        }
    }
}

extension SegmentManifest {
    func openedSegments(in folder: URL) throws(IndexFileError) -> [VectorSegment] {
        var segments: [VectorSegment] = []
        for entry in facts.segments {
            let segment = try VectorSegment(entry.id, in: folder)
            guard segment.index.rowCount == entry.rowCount, segment.index.dimension == facts.dimension,
                segment.index.fingerprint == facts.fingerprint
            else { throw .corruptBlock(path: VectorSegment.url(entry.id, in: folder).path, block: "facts") }
            segments.append(segment)
        }
        return segments
    }
}
