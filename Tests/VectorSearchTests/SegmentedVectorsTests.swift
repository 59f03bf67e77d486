import Foundation
import IndexFiles
import LinearAlgebra
import Synchronization
import TestSupport
import Testing
import VectorSearch

/// Segments are searched as one index of the rows that are left.
@Suite struct SegmentedVectorsTests {
    private let folder = try! TemporaryFolder()
    private var url: URL { folder.url.appending(path: "segments") }
    private static let dimension = 12

    private func opened(fingerprint: String = "model", dimension: Int = Self.dimension) throws -> SegmentedVectors {
        try SegmentedVectors(opening: url, dimension: dimension, fingerprint: fingerprint)
    }

    private func matrix(_ count: Int, _ generator: inout SeededGenerator) -> Matrix {
        generator.matrix(rowCount: count, columnCount: Self.dimension)
    }

    /// Rows by number, as they were given.
    private struct Model {
        var rows: [Int: [Float]] = [:]
        var end = 0

        mutating func append(_ matrix: Matrix) {
            for row in 0..<matrix.rowCount { rows[end + row] = Array(matrix[row: row]) }
            end += matrix.rowCount
        }

        func search(_ query: [Float], limit: Int, in allowed: RowSet?) -> [ScoredRow] {
            let numbers = rows.keys.sorted()
            let scan = ExhaustiveScan(
                Matrix(
                    rowCount: numbers.count, columnCount: SegmentedVectorsTests.dimension,
                    values: numbers.flatMap { rows[$0] ?? [] }))
            let local = RowSet(rowCount: numbers.count) { allowed?.contains(numbers[$0]) ?? true }
            return scan.search(query, limit: limit, in: local).map {
                ScoredRow(row: numbers[$0.row], score: $0.score)
            }
        }
    }

    private func expectEqual(
        _ snapshot: VectorSnapshot, _ model: Model, _ generator: inout SeededGenerator
    ) throws {
        #expect(snapshot.rowCount == model.rows.count && snapshot.numberEnd == model.end)
        let query = generator.vector(Self.dimension).map { $0 + 0.01 }
        let allowed = RowSet(rowCount: model.end) { _ in Bool.random(using: &generator) }
        for filter in [nil, allowed, RowSet(rowCount: model.end)] {
            let expected = model.search(query, limit: 20, in: filter)
            #expect(try snapshot.search(query, limit: 20, in: filter) == expected)
            #expect(try snapshot.exactSearch(query, limit: 20, in: filter) == expected)
        }
        for number in [0, model.end / 2, model.end] {
            #expect(snapshot.contains(number) == (model.rows[number] != nil))
        }
    }

    @Test(arguments: 1...6 as ClosedRange<UInt64>) func anyHistoryEqualsOneIndexOfWhatIsLeft(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var model = Model()
        var vectors = try opened()
        var held: [(VectorSnapshot, Model)] = []
        for _ in 0..<40 {
            switch Int.random(in: 0..<10, using: &generator) {
            case 0...4:
                let added = matrix(Int.random(in: 1...90, using: &generator), &generator)
                #expect(try vectors.append(added) == model.end..<model.end + added.rowCount)
                model.append(added)
            case 5...7:
                let numbers = (0..<30).map { _ in Int.random(in: 0...model.end, using: &generator) }
                let there = Set(numbers).filter { model.rows[$0] != nil }
                #expect(try vectors.remove(numbers) == there.count)
                for number in there { model.rows[number] = nil }
            case 8: try vectors.merge()
            default:
                _ = consume vectors
                vectors = try opened()
            }
            held.append((vectors.snapshot(), model))
            try expectEqual(vectors.snapshot(), model, &generator)
        }
        try vectors.merge()
        try expectEqual(vectors.snapshot(), model, &generator)
        try expectEqual(try VectorSnapshot(reading: url), model, &generator)
        // What was held has not changed.
        for (snapshot, model) in held.suffix(12) { try expectEqual(snapshot, model, &generator) }
    }

    @Test func segmentsWithCodesAreSearchedAsOne() throws {
        var generator = SeededGenerator(seed: 3)
        var model = Model()
        let vectors = try opened()
        for count in [2_100, 5, 2_300] {
            let added = matrix(count, &generator)
            model.append(added)
            _ = try vectors.append(added)
        }
        try expectEqual(vectors.snapshot(), model, &generator)
        for number in stride(from: 0, to: 2_100, by: 3) { model.rows[number] = nil }
        _ = try vectors.remove(stride(from: 0, to: 2_100, by: 3))
        try expectEqual(vectors.snapshot(), model, &generator)
        #expect(try vectors.merge() == 1, "a third of the first segment's rows are removed")
        try expectEqual(vectors.snapshot(), model, &generator)
    }

    @Test func rowsComeAndGoWhileSegmentsAreMerged() throws {
        var generator = SeededGenerator(seed: 9)
        var model = Model()
        let vectors = try opened()
        let merges = DispatchGroup()
        let failures = Mutex([String]())
        for round in 0..<40 {
            let added = matrix(40, &generator)
            model.append(added)
            _ = try vectors.append(added)
            merges.enter()
            vectors.mergeInBackground { result in
                if case .failure(let error) = result { failures.withLock { $0.append("\(error)") } }
                merges.leave()
            }
            let numbers = [round, round * 7, round * 11]
            _ = try vectors.remove(numbers)
            for number in numbers { model.rows[number] = nil }
            try expectEqual(vectors.snapshot(), model, &generator)
        }
        merges.wait()
        #expect(failures.withLock { $0 } == [])
        try expectEqual(vectors.snapshot(), model, &generator)
        try expectEqual(try VectorSnapshot(reading: url), model, &generator)
        let files = try FileManager.default.contentsOfDirectory(atPath: url.path).filter { $0.hasPrefix("segment-") }
        #expect(files.count < 40, "merged segments' files are gone")
    }

    @Test func aCrashLeavesTheStateBeforeOrAfter() throws {
        var generator = SeededGenerator(seed: 4)
        var model = Model()
        let added = matrix(50, &generator)
        model.append(added)
        do { _ = try opened().append(added) }
        // A segment whose manifest was never written, and a manifest half written.
        let segment = url.appending(path: "segment-1.docketindex")
        try FileManager.default.copyItem(at: segment, to: url.appending(path: "segment-2.docketindex"))
        try Data("half".utf8).write(to: url.appending(path: "manifest.docketindex.partial"))
        let vectors = try opened()
        try expectEqual(vectors.snapshot(), model, &generator)
        #expect(!FileManager.default.fileExists(atPath: url.appending(path: "segment-2.docketindex").path))
        model.append(added)
        #expect(try vectors.append(added) == 50..<100)
        try expectEqual(vectors.snapshot(), model, &generator)
    }

    @Test(arguments: ["manifest", "segment-1"]) func damageIsRefusedAndNamed(file: String) throws {
        var generator = SeededGenerator(seed: 5)
        do { _ = try opened().append(matrix(50, &generator)) }
        let path = url.appending(path: "\(file).docketindex")
        let whole = try Data(contentsOf: path)
        for damaged in [whole.dropLast(1), whole.prefix(10), Data("foreign".utf8), flipped(whole, at: 20)] {
            try Data(damaged).write(to: path)
            let error = #expect(throws: IndexFileError.self) { try self.opened() }
            #expect(error.map { "\($0)".contains(path.path) } ?? false)
        }
        try whole.write(to: path)
        #expect(try opened().snapshot().rowCount == 50)
    }

    private func flipped(_ data: Data, at byte: Int) -> Data {
        var data = data
        data[byte] ^= 1
        return data
    }

    @Test func aSecondWriterAndAnotherModelAreRefused() throws {
        let vectors = try opened()
        #expect(throws: SegmentError.heldByAnother(path: url.path)) { try opened() }
        #expect(vectors.snapshot().rowCount == 0)
        _ = consume vectors
        #expect(throws: SegmentError.self) { try opened(fingerprint: "other") }
        #expect(throws: SegmentError.self) { try opened(dimension: 3) }
    }

    @Test func badVectorsChangeNothing() throws {
        let vectors = try opened()
        var values = [Float](repeating: 1, count: 2 * Self.dimension)
        values[Self.dimension] = .nan
        #expect(throws: VectorError.notFinite(row: 1)) {
            try vectors.append(Matrix(rowCount: 2, columnCount: Self.dimension, values: values))
        }
        #expect(throws: VectorError.wrongDimension(got: 1, expected: Self.dimension)) {
            try vectors.append(Matrix(rowCount: 1, columnCount: 1, values: [1]))
        }
        #expect(try vectors.remove([0, -1, 7]) == 0)
        #expect(vectors.snapshot().numberEnd == 0)
    }

    @Test func numbersEndBeforeTheyOverflow() throws {
        let last = SegmentedVectors.rowNumberMax - 1
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        let writer = try IndexFileWriter(creating: url.appending(path: "manifest.docketindex"), kind: .segments)
        let facts =
            #"{"dimension": 12, "fingerprint": "model", "nextNumber": \#(last), "nextSegment": 1, "segments": []}"#
        try writer.append(Array(facts.utf8), as: "facts")
        try writer.append([UInt64](), as: "tombstones")
        try writer.finish()
        let vectors = try opened()
        let row = [Float](repeating: 1, count: Self.dimension)
        #expect(throws: SegmentError.tooManyRows(path: url.path, got: last + 2, expected: last + 1)) {
            try vectors.append(Matrix(rowCount: 2, columnCount: Self.dimension, values: row + row))
        }
        let one = Matrix(rowCount: 1, columnCount: Self.dimension, values: row)
        #expect(try vectors.append(one) == last..<last + 1)
        #expect(try vectors.snapshot().search(row, limit: 3).map(\.row) == [last])
        #expect(throws: SegmentError.self) { try vectors.append(one) }
    }

    @Test func thereAreNeverMoreSegmentsThanTheLimit() throws {
        let vectors = try opened()
        for _ in 0..<200 {
            _ = try vectors.append(
                Matrix(rowCount: 1, columnCount: Self.dimension, values: (0..<Self.dimension).map { Float($0) }))
        }
        let files = try FileManager.default.contentsOfDirectory(atPath: url.path).filter { $0.hasPrefix("segment-") }
        #expect(files.count <= SegmentedVectors.segmentCountMax)
        #expect(vectors.snapshot().rowCount == 200)
        let query = [Float](repeating: 1, count: Self.dimension)
        #expect(try vectors.snapshot().search(query, limit: 5).map(\.row) == Array(0..<5))
    }

    @Test(
        arguments: [
            ([], nil), ([(10, 10)], nil), ([(7, 10)], 0..<1), ([(0, 5)], 0..<1), ([(10, 10), (5, 10)], 1..<2),
            (Array(repeating: (5, 5), count: 7), nil), (Array(repeating: (5, 5), count: 8), 0..<8),
            ([(90_000, 90_000)] + Array(repeating: (5, 5), count: 9), 1..<10),
            (Array(repeating: (5, 5), count: 4) + [(9_000, 9_000)] + Array(repeating: (5, 5), count: 4), 0..<9),
            (Array(repeating: (5, 5), count: 4) + [(9_000, 9_000)] + Array(repeating: (5, 5), count: 3), 0..<8),
            (Array(repeating: (5, 5), count: 4) + [(9_000, 9_000)], nil),
        ] as [([(Int, Int)], Range<Int>?)])
    func adjacentSegmentsOfATierAreMerged(sizes: [(live: Int, all: Int)], range: Range<Int>?) {
        #expect(SegmentedVectors.mergeRange(sizes) == range)
    }
}
