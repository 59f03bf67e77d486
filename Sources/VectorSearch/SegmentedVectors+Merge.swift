import Foundation
import IndexFiles
import LinearAlgebra
import Synchronization

extension SegmentedVectors {
    /// Adjacent segments of one size that are merged to one: sizes of a tier differ by less than this factor.
    static let mergeFactor = 8
    /// Rows of the smallest tier.
    static let smallestTierRowCount = 1024
    /// A segment with a greater share of removed rows is written anew.
    static let tombstoneShareMax = 0.25

    /// Merges what should be merged, until nothing should. Searches, appends and removals go on meanwhile.
    ///
    /// The memory it takes is that of the merged rows' floats and codes.
    ///
    /// - Returns: how many segments were merged.
    @discardableResult package func merge() throws -> Int { try merge(atLeastOne: false) }

    /// The same on a queue of its own; `completion` is called there.
    package func mergeInBackground(_ completion: @escaping @Sendable (Result<Int, any Error>) -> Void = { _ in }) {
        queue.async { completion(Result { try self.merge() }) }
    }

    /// - Parameter atLeastOne: whether the whole is merged where the policy finds nothing.
    @discardableResult func merge(atLeastOne: Bool) throws -> Int {
        try merging.withLock { _ in
            var count = 0
            while let range = next(atLeastOne: atLeastOne && count == 0) {
                try merge(range)
                count += range.count
            }
            return count
        }
    }

    private func next(atLeastOne: Bool) -> Range<Int>? {
        let parts = snapshot().parts
        let sizes = parts.map { (live: $0.liveCount, all: $0.segment.index.rowCount) }
        return Self.mergeRange(sizes) ?? (atLeastOne && !parts.isEmpty ? 0..<parts.count : nil)
    }

    /// The segments to merge next: first one of many removed rows, then the first `mergeFactor` adjacent ones that are of
    /// one tier or below.
    package static func mergeRange(_ sizes: [(live: Int, all: Int)]) -> Range<Int>? {
        if let place = sizes.firstIndex(where: { Double($0.all - $0.live) > tombstoneShareMax * Double($0.all) }) {
            return place..<place + 1
        }
        let tiers = sizes.map { size in
            var (tier, rowCount) = (0, smallestTierRowCount)
            while size.live > rowCount { (tier, rowCount) = (tier + 1, rowCount * mergeFactor) }
            return tier
        }
        for tier in 0...(tiers.max() ?? 0) {
            var start = 0
            for place in 0...tiers.count {
                guard place == tiers.count || tiers[place] > tier else { continue }
                if place - start >= mergeFactor { return start..<place }
                start = place + 1
            }
        }
        return nil
    }

    /// Writes the live rows of adjacent segments as one segment, and puts it in their place; rows that were removed
    /// meanwhile are removed from it, too.
    private func merge(_ range: Range<Int>) throws {
        let parts = Array(snapshot().parts[range])
        let id = try change { state in takeSegmentID(&state) }
        let merged = try mergedSegment(of: parts, as: id)
        try change { state in
            let removed = zip(parts, state.manifest.tombstones[range]).flatMap { part, tombstones in
                tombstones.rows.map { Int(part.segment.numbers[$0]) }
            }
            state.segments.replaceSubrange(range, with: merged.map { [$0] } ?? [])
            state.manifest.facts.segments.replaceSubrange(
                range, with: merged.map { [.init(id: id, rowCount: $0.index.rowCount)] } ?? [])
            state.manifest.tombstones.replaceSubrange(
                range, with: merged.map { [tombstones(of: removed, in: $0)] } ?? [])
        }
        for part in parts { try? FileManager.default.removeItem(at: VectorSegment.url(part.segment.id, in: folder)) }
    }

    /// `nil` where no row is left.
    private func mergedSegment(of parts: [VectorSnapshot.Part], as id: Int) throws -> VectorSegment? {
        let dimension = current.manifest.facts.dimension
        var (values, numbers): ([Float], [UInt32]) = ([], [])
        let rowCount = parts.reduce(0) { $0 + $1.liveCount }
        values.reserveCapacity(rowCount * dimension)
        numbers.reserveCapacity(rowCount)
        for part in parts {
            let vectors = part.segment.index.vectors.values
            try vectors.checkAll()
            for row in 0..<part.segment.index.rowCount where part.live?.contains(row) ?? true {
                unsafe vectors.unchecked.withUnsafeBufferPointer { all in
                    unsafe values.append(contentsOf: all[row * dimension..<(row + 1) * dimension])
                }
                numbers.append(part.segment.numbers[row])
            }
        }
        guard !numbers.isEmpty else { return nil }
        let unit = Matrix(rowCount: numbers.count, columnCount: dimension, values: values)
        return try write(unit, numbers: numbers, as: id)
    }

    private func tombstones(of numbers: [Int], in segment: VectorSegment) -> RowSet {
        var rows = RowSet(rowCount: segment.index.rowCount)
        for row in numbers.compactMap(segment.row(numbered:)) { rows.insert(row) }
        return rows
    }
}
