import Dispatch
import IndexFiles
import LinearAlgebra
import Synchronization

extension SegmentWriter {
    /// Merges segments as long as the policy wants it, on the calling thread; searches, appends and removals go on.
    ///
    /// A merge holds the floats of its rows in memory (`MergePolicy.mergedByteCountMax`), and while it makes codes of them
    /// about a third as much.
    package func merge() throws { try merge(policy.due) }

    /// Merges all segments into as few as possible and drops all tombstones: nothing of a removed row is on disk then.
    package func compact() throws { try merge(policy.dueToCompact) }

    private func merge(_ due: ([MergePolicy.Size], Int) -> Range<Int>?) throws {
        try merging.withLock { _ in
            while true {
                let state = snapshot()
                let sizes = state.segments.map {
                    MergePolicy.Size(liveCount: $0.liveCount, tombstoneCount: $0.removedCount)
                }
                guard let range = due(sizes, state.dimension) else { return }
                try folder.sayingRemedy { try merge(Array(state.segments[range]), dimension: state.dimension) }
            }
        }
    }

    private func merge(_ inputs: [Segment], dimension: Int) throws {
        let numbers = inputs.map(\.file.number)
        let unit = try liveVectors(of: inputs, dimension: dimension)
        let rowNumbers = inputs.flatMap { input in input.live.rows.map { input.file.rowNumbers[$0] } }
        try addSegment(of: unit, rowNumbers: rowNumbers) { state, file in
            let merged = Segment(file, live: RowSet(rowCount: rowNumbers.count) { state.contains(Int(rowNumbers[$0])) })
            // Removals may have emptied the first of them, or all, meanwhile.
            let place = state.segments.firstIndex { numbers.contains($0.file.number) }
            state.segments.removeAll { numbers.contains($0.file.number) }
            if let place, merged.liveCount > 0 { state.segments.insert(merged, at: place) }
        }
        folder.removeSegments(numbers)
    }

    /// The rows that are left, with the bits that they have.
    private func liveVectors(of inputs: [Segment], dimension: Int) throws(IndexFileError) -> Matrix {
        let rowCount = inputs.reduce(0) { $0 + $1.liveCount }
        var values: [Float] = []
        values.reserveCapacity(rowCount * dimension)
        for input in inputs {
            let stored = input.file.index.vectors.values
            try stored.checkAll()
            unsafe stored.unchecked.withUnsafeBufferPointer { stored in
                for row in input.live.rows {
                    unsafe values.append(
                        contentsOf: UnsafeBufferPointer(rebasing: stored[row * dimension..<(row + 1) * dimension]))
                }
            }
        }
        return Matrix(rowCount: rowCount, columnCount: dimension, values: values)
    }

    /// Merges on a thread of its own soon, and returns at once. The writer lives until that is done.
    package func mergeInBackground() { background.start { try self.merge() } }

    /// Blocks until what `mergeInBackground` began is done; not to be called from a task.
    ///
    /// - Throws: what went wrong since the last call.
    package func waitForMerges() throws { try background.wait() }
}

/// Merges that wait or run on a queue of their own.
final class BackgroundMerges: Sendable {
    private let queue = DispatchQueue(label: "docket.merges", qos: .utility)
    private let state = Mutex((isWaiting: false, failure: (any Error)?.none))

    /// One that has not begun does for all who ask until it does.
    func start(_ merge: @escaping @Sendable () throws -> Void) {
        let isWaiting = state.withLock { state in
            defer { state.isWaiting = true }
            return state.isWaiting
        }
        guard !isWaiting else { return }
        queue.async {
            self.state.withLock { $0.isWaiting = false }
            do {
                try merge()
            } catch {
                self.state.withLock { $0.failure = error }
            }
        }
    }

    func wait() throws {
        queue.sync {}
        let failure = state.withLock { state in
            defer { state.failure = nil }
            return state.failure
        }
        if let failure { throw failure }
    }
}
