package import Foundation
import IndexFiles
package import LinearAlgebra
import Synchronization

/// The one writer of a folder of segments. Its methods may be called from several threads; what they did is on disk, and
/// in every snapshot from then on, when they return.
///
///     let writer = try SegmentWriter(opening: folder, dimension: 384, fingerprint: fingerprint)
///     let rows = try writer.append(vectors)
///     try writer.remove(old)
///     writer.mergeInBackground()
///
/// A change is made by replacing the manifest: a crash leaves the state before or after it. The folder is free for another
/// writer when this one is gone.
package final class SegmentWriter: Sendable {
    let folder: SegmentFolder
    let policy: MergePolicy
    let threadCount: Int
    private let lock: WriterLock
    /// What is on disk; held while that changes.
    private let committed: Mutex<VectorSnapshot>
    /// What snapshots are taken of, so that they need not wait for the disk.
    private let published: Mutex<VectorSnapshot>
    private let nextSegment: Atomic<Int>
    /// Held while rows are appended, so that their numbers ascend; removals go on.
    private let appending = Mutex(())
    /// Held while segments are merged; appends and removals go on.
    let merging = Mutex(())
    let background = BackgroundMerges()

    /// Opens the folder, which is made where there is none, and removes what a crash left there.
    ///
    /// - Parameters:
    ///   - dimension: the components of a vector.
    ///   - fingerprint: of the model that makes the vectors.
    ///   - threadCount: for the codes of large segments.
    /// - Throws: `SegmentError`: another writer is at work, the folder is of another model or damaged.
    package init(
        opening url: URL, dimension: Int, fingerprint: String, policy: MergePolicy = MergePolicy(), threadCount: Int = 1
    ) throws {
        precondition(dimension > 0, "a vector needs components")
        precondition(policy.mergeFactor > 1, "a merge is of two at least")
        precondition((1...SegmentManifest.segmentCountMax).contains(policy.segmentCountMax))
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        (folder, self.policy, self.threadCount) = (SegmentFolder(url: url), policy, threadCount)
        lock = try WriterLock(at: folder.lock)
        try Self.makeManifest(in: folder, dimension: dimension, fingerprint: fingerprint)
        let (manifest, snapshot) = try VectorSnapshot.load(folder)
        guard snapshot.dimension == dimension else {
            throw SegmentError.otherDimension(folder: url.path, got: snapshot.dimension, expected: dimension)
        }
        guard snapshot.fingerprint == fingerprint else {
            throw SegmentError.otherFingerprint(folder: url.path, got: snapshot.fingerprint, expected: fingerprint)
        }
        try folder.removeSegments(except: snapshot.segments.map(\.file.number))
        committed = Mutex(snapshot)
        published = Mutex(snapshot)
        nextSegment = Atomic(manifest.facts.nextSegment)
    }

    /// A folder without a manifest is new, unless it has segments: then it lost the manifest.
    private static func makeManifest(in folder: SegmentFolder, dimension: Int, fingerprint: String) throws {
        guard !folder.hasManifest, try folder.segmentNames().isEmpty else {
            return
        }
        let empty = VectorSnapshot(
            dimension: dimension, fingerprint: fingerprint, nextRow: 0, folder: folder, segments: [])
        try SegmentManifest.write(empty, nextSegment: 0)
    }

    /// The state now.
    package func snapshot() -> VectorSnapshot { published.withLock { $0 } }

    /// Adds rows as a segment, each scaled to length 1.
    ///
    /// - Parameter vectors: `[rows, dimension]`.
    /// - Returns: their row numbers.
    /// - Throws: `VectorError` for the vectors, `SegmentError` for limits, `IndexFileError` from the disk: nothing is
    ///   added then.
    package func append(_ vectors: consuming Matrix) throws -> Range<Int> {
        guard vectors.columnCount == dimension else {
            throw VectorError.wrongDimension(got: vectors.columnCount, expected: dimension)
        }
        let unit = try normalised(vectors, threadCount: threadCount)
        return try appending.withLock { _ in
            let start = snapshot().nextRow
            let rows = start..<start + unit.rowCount
            guard !rows.isEmpty else { return rows }
            guard rows.upperBound <= SegmentManifest.rowLimit else {
                throw SegmentError.tooManyRows(
                    folder: folder.url.path, got: rows.upperBound, limit: SegmentManifest.rowLimit)
            }
            try makeRoom()
            try addSegment(of: unit, rowNumbers: rows.map { UInt32($0) }) { state, file in
                state.segments.append(Segment(file))
                state.nextRow = rows.upperBound
            }
            return rows
        }
    }

    private var dimension: Int { snapshot().dimension }

    private func makeRoom() throws {
        if snapshot().segmentCount >= policy.segmentCountMax { try merge() }
        guard snapshot().segmentCount < policy.segmentCountMax else {
            throw SegmentError.tooManySegments(folder: folder.url.path, limit: policy.segmentCountMax)
        }
    }

    /// Removes rows: no snapshot taken from now on has them.
    ///
    /// - Returns: how many were removed, and how many of the numbers were of no row, or of none any more.
    @discardableResult package func remove(_ rowNumbers: some Sequence<Int>) throws -> (
        removedCount: Int, absentCount: Int
    ) {
        var (removedCount, absentCount) = (0, 0)
        var emptied: [Int] = []
        try commit { state in
            for number in rowNumbers {
                if let segment = state.segment(around: number), state.segments[segment].remove(number) {
                    removedCount += 1
                } else {
                    absentCount += 1
                }
            }
            emptied = state.segments.filter { $0.liveCount == 0 }.map(\.file.number)
            state.segments.removeAll { $0.liveCount == 0 }
            return removedCount > 0
        }
        folder.removeSegments(emptied)
        return (removedCount, absentCount)
    }

    /// Writes a segment and takes it up by `change`; where that fails or does not want it any more, it is removed.
    func addSegment(
        of unit: Matrix, rowNumbers: [UInt32], _ change: (inout VectorSnapshot, SegmentFile) -> Void
    ) throws {
        let number = nextSegment.add(1, ordering: .relaxed).oldValue
        defer {
            if !snapshot().segments.contains(where: { $0.file.number == number }) { folder.removeSegments([number]) }
        }
        let file = try SegmentFile.write(
            unit: unit, rowNumbers: rowNumbers, fingerprint: snapshot().fingerprint, as: number, in: folder,
            threadCount: threadCount)
        try commit { state in
            change(&state, file)
            return true
        }
    }

    /// Makes a change that is on disk when this returns, and not at all after an error.
    ///
    /// - Parameter change: returns whether it changed anything.
    private func commit(_ change: (inout VectorSnapshot) -> Bool) throws {
        try committed.withLock { state in
            var next = state
            guard change(&next) else { return }
            try SegmentManifest.write(next, nextSegment: nextSegment.load(ordering: .relaxed))
            state = next
            published.withLock { $0 = next }
        }
    }
}
