import Foundation
import IndexFiles
import LinearAlgebra
import TestSupport
import Testing
import VectorSearch

/// Whatever was appended, removed and merged, a search finds what one index built anew from the rows left finds.
@Suite struct SegmentHistoryTests {
    private let folder = try! TemporaryFolder()
    private var url: URL { folder.url.appending(path: "segments") }
    private static let dimension = 12

    @Test(arguments: 1...8 as ClosedRange<UInt64>) func aHistoryGivesWhatARebuiltIndexGives(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let pool = (0..<4).map { _ in generator.vector(Self.dimension) }
        var writer: SegmentWriter? = try open()
        let reader = try SegmentedVectors(opening: url)
        var live = LiveVectors(dimension: Self.dimension)
        var held: [(VectorSnapshot, LiveVectors)] = []
        for _ in 0..<40 {
            if Int.random(in: 0..<12, using: &generator) == 0 {
                writer = nil
                writer = try open()
            }
            let current = try #require(writer)
            switch Int.random(in: 0...10, using: &generator) {
            case 0...4:
                let matrix = matrix(pool, &generator)
                live.append(matrix, as: try current.append(matrix))
            case 5...7:
                let chosen = (0..<Int.random(in: 1...30, using: &generator)).map { _ in
                    Int.random(in: 0...current.snapshot().nextRow + 1, using: &generator)
                }
                let before = live.rows.count
                live.remove(Set(chosen))
                let (removedCount, absentCount) = try current.remove(chosen)
                #expect(removedCount == before - live.rows.count && absentCount == chosen.count - removedCount)
            case 8: try current.merge()
            case 9:
                current.mergeInBackground()
                try current.waitForMerges()
            default:
                try current.compact()
                #expect(current.snapshot().tombstoneCount == 0 && current.snapshot().segmentCount <= 1)
            }
            let snapshot = current.snapshot()
            #expect(snapshot.rowNumbers == live.rows.map(\.number))
            if Int.random(in: 0..<4, using: &generator) == 0 {
                try reader.reload()
                held += [(snapshot, live), (reader.snapshot(), live)]
            }
        }
        held.append((try #require(writer).snapshot(), live))
        for (snapshot, live) in held {
            let queries = [pool[0], generator.vector(Self.dimension), [Float](repeating: 0, count: Self.dimension)]
            try expect(snapshot, equals: live, queries: queries, in: folder, &generator)
        }
    }

    /// Rows enough for lists and codes, in some segments and not in others.
    @Test func segmentsWithCodesGiveWhatARebuiltIndexGives() throws {
        var generator = SeededGenerator(seed: 9)
        let pool = (0..<20).map { _ in generator.vector(Self.dimension) }
        let writer = try open()
        var live = LiveVectors(dimension: Self.dimension)
        for count in [2_300, 50, 2_100, 1] {
            let values = (0..<count).flatMap { row in
                row.isMultiple(of: 5) ? pool[row % 20] : generator.vector(Self.dimension)
            }
            let matrix = Matrix(rowCount: count, columnCount: Self.dimension, values: values)
            live.append(matrix, as: try writer.append(matrix))
        }
        let chosen = Set((0..<900).map { _ in Int.random(in: 0..<4_451, using: &generator) })
        live.remove(chosen)
        try writer.remove(chosen)
        let queries = [pool[5], generator.vector(Self.dimension)]
        let before = writer.snapshot()
        try writer.compact()
        #expect(before.segmentCount == 4 && writer.snapshot().segmentCount == 1)
        for snapshot in [before, writer.snapshot()] {
            try expect(snapshot, equals: live, queries: queries, in: folder, &generator)
            let found = try snapshot.approximateSearch(queries[1], limit: 50, recall: 0.9)
            let scores = try snapshot.scores(queries[1], of: found.map(\.row))
            #expect(found.count == 50 && found.map(\.score) == scores)
            #expect(zip(found, found.dropFirst()).allSatisfy { $0.ranksBefore($1) })
        }
    }

    /// Rows whose length differs from 1 by rounding would change when divided by it once more.
    @Test func aMergeLeavesEveryBitOfAScore() throws {
        var generator = SeededGenerator(seed: 10)
        let writer = try open()
        for _ in 0..<5 { _ = try writer.append(generator.matrix(rowCount: 60, columnCount: Self.dimension)) }
        try writer.remove(stride(from: 0, to: 300, by: 3))
        let before = writer.snapshot()
        try writer.compact()
        for _ in 0..<50 {
            let query = generator.vector(Self.dimension)
            let bits = try before.search(query, limit: .max).map { [$0.row, Int($0.score.bitPattern)] }
            #expect(
                try writer.snapshot().search(query, limit: .max).map { [$0.row, Int($0.score.bitPattern)] } == bits)
        }
    }

    private func open() throws -> SegmentWriter {
        var policy = MergePolicy()
        (policy.mergeFactor, policy.smallRowCount) = (3, 16)
        return try SegmentWriter(opening: url, dimension: Self.dimension, fingerprint: "m", policy: policy)
    }

    /// Some rows, of which many are equal to rows of other segments.
    private func matrix(_ pool: [[Float]], _ generator: inout SeededGenerator) -> Matrix {
        let count = Int.random(in: 0...40, using: &generator)
        let values = (0..<count).flatMap { _ in
            let isNew = Bool.random(using: &generator)
            return isNew ? generator.vector(Self.dimension) : pool.randomElement(using: &generator) ?? pool[0]
        }
        return Matrix(rowCount: count, columnCount: Self.dimension, values: values)
    }
}
