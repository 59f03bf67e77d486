import Dispatch
import Foundation
import IndexFiles
import LinearAlgebra
import Synchronization
import TestSupport
import Testing
import VectorSearch

/// Threads that append, remove, merge and search at once.
@Suite struct SegmentConcurrencyTests {
    private let folder = try! TemporaryFolder()
    private var url: URL { folder.url.appending(path: "segments") }
    private static let dimension = 6

    @Test func everySnapshotIsOneWholeState() throws {
        var policy = MergePolicy()
        (policy.mergeFactor, policy.smallRowCount) = (2, 4)
        let writer = try SegmentWriter(opening: url, dimension: Self.dimension, fingerprint: "m", policy: policy)
        let reader = try SegmentedVectors(opening: url)
        // There is something to remove, whichever thread is first.
        _ = try writer.append(Self.rows(from: 0, count: 1))
        let removed = Mutex(Set<Int>())
        let running = Atomic(2)
        let failures = Mutex<[String]>([])
        let tasks: [@Sendable () throws -> Void] = [
            {
                defer { running.subtract(1, ordering: .relaxed) }
                for turn in 0..<120 {
                    _ = try writer.append(Self.rows(from: writer.snapshot().nextRow, count: turn % 5))
                }
            },
            {
                defer { running.subtract(1, ordering: .relaxed) }
                var generator = SeededGenerator(seed: 1)
                for _ in 0..<120 {
                    let row = Int.random(in: 0...writer.snapshot().nextRow, using: &generator)
                    if try writer.remove([row]).removedCount == 1 { removed.withLock { _ = $0.insert(row) } }
                }
            },
            {
                while running.load(ordering: .relaxed) > 0 {
                    try writer.merge()
                    try writer.compact()
                }
            },
            {
                var generator = SeededGenerator(seed: 2)
                while running.load(ordering: .relaxed) > 0 {
                    let gone = removed.withLock { $0 }
                    try reader.reload()
                    for snapshot in [reader.snapshot(), writer.snapshot()] {
                        let query = generator.vector(Self.dimension)
                        let found = try snapshot.search(query, limit: 20)
                        let isWhole =
                            gone.isDisjoint(with: snapshot.rowNumbers)
                            && found == Self.expected(query, in: snapshot)
                        if !isWhole { failures.withLock { $0.append("a snapshot of \(snapshot.rowCount) rows") } }
                    }
                }
            },
        ]
        DispatchQueue.concurrentPerform(iterations: tasks.count) { index in
            do {
                try tasks[index]()
            } catch {
                failures.withLock { $0.append("\(index): \(error)") }
            }
        }
        #expect(failures.withLock { $0 } == [])
        let gone = removed.withLock { $0 }
        let left = (0..<241).filter { !gone.contains($0) }
        #expect(!gone.isEmpty && writer.snapshot().rowNumbers == left)
        try reader.reload()
        #expect(reader.snapshot().rowNumbers == left)
    }

    /// Making the codes of so many rows takes longer than the removals.
    @Test func rowsRemovedDuringAMergeStayRemoved() throws {
        let writer = try SegmentWriter(opening: url, dimension: Self.dimension, fingerprint: "m")
        for part in 0..<8 { _ = try writer.append(Self.rows(from: part * 2_000, count: 2_000)) }
        writer.mergeInBackground()
        let removed = stride(from: 0, to: 16_000, by: 331)
        for row in removed { try writer.remove([row]) }
        // All of the first segment's rows: its place is the merged one's nevertheless.
        try writer.remove(0..<2_000)
        _ = try writer.append(Self.rows(from: 16_000, count: 1))
        try writer.waitForMerges()
        let left = (2_000...16_000).filter { $0 == 16_000 || !$0.isMultiple(of: 331) }
        #expect(writer.snapshot().segmentCount == 2 && writer.snapshot().rowNumbers == left)
        let reader = try SegmentedVectors(opening: url)
        #expect(reader.snapshot().rowNumbers == left)
        let query: [Float] = [1, -2, 3, 0, 1, 1]
        #expect(try reader.snapshot().search(query, limit: 20) == Self.expected(query, in: reader.snapshot()))
    }

    @Test func aMergeOfRowsThatAreAllRemovedLeavesNothing() throws {
        let writer = try SegmentWriter(opening: url, dimension: Self.dimension, fingerprint: "m")
        for part in 0..<8 { _ = try writer.append(Self.rows(from: part * 1_000, count: 1_000)) }
        writer.mergeInBackground()
        try writer.remove(0..<8_000)
        try writer.waitForMerges()
        #expect(writer.snapshot().segmentCount == 0)
        #expect(try folder.names(in: "segments") == ["manifest.docketindex", "writer.lock"])
    }

    /// A row is made of its number, so that every state can be told from the numbers in it.
    private static func rows(from start: Int, count: Int) -> Matrix {
        Matrix(rowCount: count, columnCount: dimension, values: (start..<start + count).flatMap(vector))
    }

    private static func vector(_ number: Int) -> [Float] {
        var generator = SeededGenerator(seed: UInt64(number))
        return generator.vector(dimension)
    }

    private static func expected(_ query: [Float], in snapshot: VectorSnapshot) -> [ScoredRow] {
        let numbers = snapshot.rowNumbers
        let scan = ExhaustiveScan(
            Matrix(rowCount: numbers.count, columnCount: dimension, values: numbers.flatMap(vector)))
        return scan.search(query, limit: 20).map { ScoredRow(row: numbers[$0.row], score: $0.score) }
    }
}
