package import Foundation
import IndexFiles
package import LinearAlgebra
import Synchronization

/// Vectors that change without being written anew: a folder of segments, each an index that never changes, and a manifest
/// that says which of them and which of their rows count.
///
/// Every change is in the manifest when its call returns, written by temporary file, fsync and rename: after a crash the
/// folder holds the state before or after it. One writer holds the folder, in whatever process; readers take snapshots,
/// here or by `VectorSnapshot(reading:)` in another process.
@safe package final class SegmentedVectors: Sendable {
    package let folder: URL
    let threadCount: Int
    private let lock: FolderLock
    /// Held while something changes, one change after the other.
    private let writing = Mutex(())
    /// Held while segments are merged, outside `writing`: rows come and go meanwhile.
    let merging = Mutex(())
    private let state: Mutex<State>
    let queue = DispatchQueue(label: "docket.vectors.merge", qos: .utility)

    struct State: Sendable {
        var manifest: SegmentManifest
        var segments: [VectorSegment]
    }

    /// Beyond it an append merges before it returns.
    package static let segmentCountMax = 64
    /// Numbers are stored in 32 bits.
    package static let rowNumberMax = Int(UInt32.max) - 1

    /// Opens the folder for writing, or makes it.
    ///
    /// - Parameters:
    ///   - dimension: components of a vector.
    ///   - fingerprint: the model's: vectors of different models never meet.
    /// - Throws: `SegmentError`, `IndexFileError`.
    package init(opening folder: URL, dimension: Int, fingerprint: String, threadCount: Int = 1) throws {
        precondition(dimension > 0, "a vector needs components")
        (self.folder, self.threadCount) = (folder, threadCount)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        lock = try FolderLock(of: folder)
        var manifest = SegmentManifest(.init(dimension: dimension, fingerprint: fingerprint))
        if FileManager.default.fileExists(atPath: SegmentManifest.url(in: folder).path) {
            manifest = try SegmentManifest(in: folder)
        } else {
            try manifest.write(in: folder)
        }
        guard manifest.facts.dimension == dimension, manifest.facts.fingerprint == fingerprint else {
            throw SegmentError.otherModel(
                path: folder.path, got: manifest.facts.fingerprint, gotDimension: manifest.facts.dimension,
                expected: fingerprint, expectedDimension: dimension)
        }
        state = Mutex(State(manifest: manifest, segments: try manifest.openedSegments(in: folder)))
        try removeStrays(besides: manifest)
    }

    /// What a search sees, until it is dropped.
    package func snapshot() -> VectorSnapshot {
        let state = state.withLock { $0 }
        return VectorSnapshot(state.manifest, segments: state.segments)
    }

    /// Appends rows and gives their numbers, which follow those of all rows before.
    ///
    /// - Throws: `VectorError`, `SegmentError.tooManyRows`, `IndexFileError`; nothing is appended then.
    package func append(_ vectors: Matrix) throws -> Range<Int> {
        guard vectors.columnCount == current.manifest.facts.dimension else {
            throw VectorError.wrongDimension(got: vectors.columnCount, expected: current.manifest.facts.dimension)
        }
        let unit = try normalised(vectors, threadCount: threadCount)
        if current.segments.count >= Self.segmentCountMax { try merge(atLeastOne: true) }
        return try change { state in
            let first = state.manifest.facts.nextNumber
            let numbers = first..<first + unit.rowCount
            guard numbers.upperBound <= Self.rowNumberMax else {
                throw SegmentError.tooManyRows(path: folder.path, got: numbers.upperBound, expected: Self.rowNumberMax)
            }
            guard !numbers.isEmpty else { return numbers }
            let segment = try write(unit, numbers: numbers.map(UInt32.init), as: takeSegmentID(&state))
            state.manifest.facts.nextNumber = numbers.upperBound
            state.manifest.facts.segments.append(.init(id: segment.id, rowCount: unit.rowCount))
            state.manifest.tombstones.append(RowSet(rowCount: unit.rowCount))
            state.segments.append(segment)
            return numbers
        }
    }

    /// Removes rows: no snapshot taken from now on has them. Numbers without a row are passed over.
    ///
    /// - Returns: how many rows were there.
    package func remove(_ numbers: some Sequence<Int>) throws -> Int {
        try change { state in
            var count = 0
            for number in numbers {
                for (place, segment) in state.segments.enumerated() {
                    guard let row = segment.row(numbered: number),
                        !state.manifest.tombstones[place].contains(row)
                    else { continue }
                    state.manifest.tombstones[place].insert(row)
                    count += 1
                }
            }
            return count
        }
    }

    var current: State { state.withLock { $0 } }

    /// Makes a change: its files first, then the manifest, then what snapshots see.
    func change<Result>(_ body: (inout State) throws -> Result) throws -> Result {
        try writing.withLock { _ in
            let old = current
            var new = old
            let result = try body(&new)
            guard new.manifest.facts != old.manifest.facts || new.manifest.tombstones != old.manifest.tombstones else {
                return result
            }
            try new.manifest.write(in: folder)
            state.withLock { $0 = new }
            return result
        }
    }

    func takeSegmentID(_ state: inout State) -> Int {
        defer { state.manifest.facts.nextSegment += 1 }
        return state.manifest.facts.nextSegment
    }

    func write(_ unit: Matrix, numbers: [UInt32], as id: Int) throws -> VectorSegment {
        let fingerprint = current.manifest.facts.fingerprint
        try VectorSegment.write(
            id, unit: unit, numbers: numbers, fingerprint: fingerprint, in: folder, threadCount: threadCount)
        return try VectorSegment(id, in: folder)
    }

    /// Removes the files of segments that a crash left without a manifest that names them.
    private func removeStrays(besides manifest: SegmentManifest) throws {
        let named = Set(manifest.facts.segments.map { VectorSegment.url($0.id, in: folder).lastPathComponent })
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path)
        where name.hasPrefix(VectorSegment.prefix) && !named.contains(name) {
            try FileManager.default.removeItem(at: folder.appending(path: name))
        }
    }
}
