import Foundation
import IndexFiles
import LinearAlgebra
import TestSupport
import Testing
import VectorSearch

/// The file that an index lives in.
@Suite struct VectorFileTests {
    private let folder = try! TemporaryFolder()
    private var url: URL { folder.url.appending(path: "vectors.index") }

    @Test func aReopenedFileGivesEqualResults() throws {
        var generator = SeededGenerator(seed: 1)
        let matrix = generator.matrix(rowCount: 300, columnCount: 48)
        try VectorIndex.write(matrix, fingerprint: "model 1", to: url)
        let first = try VectorIndex(opening: url)
        #expect(first.rowCount == 300 && first.dimension == 48 && first.fingerprint == "model 1")
        let copy = folder.url.appending(path: "copy.index")
        try FileManager.default.copyItem(at: url, to: copy)
        let second = try VectorIndex(opening: copy)
        for _ in 0..<20 {
            let query = generator.vector(48)
            #expect(try first.search(query, limit: 300) == second.search(query, limit: 300))
        }
    }

    @Test func theMatrixComesBackInRowsOfLengthOneOrZero() throws {
        var generator = SeededGenerator(seed: 2)
        let matrix = generator.matrix(rowCount: 100, columnCount: 20)
        try VectorIndex.write(matrix, fingerprint: "m", to: url)
        let stored = try VectorIndex(opening: url).matrix()
        let expected = ExhaustiveScan(matrix).rows
        #expect(stored.rowCount == 100 && stored.columnCount == 20)
        for row in 0..<100 { #expect(Array(stored[row: row]) == expected[row]) }
    }

    @Test func sameVectorsGiveTheSameBytes() throws {
        var generator = SeededGenerator(seed: 3)
        let matrix = generator.matrix(rowCount: 50, columnCount: 7)
        try VectorIndex.write(matrix, fingerprint: "m", to: url)
        let first = try Data(contentsOf: url)
        try VectorIndex.write(matrix, fingerprint: "m", to: url)
        #expect(try Data(contentsOf: url) == first)
    }

    @Test(arguments: [Float.nan, .infinity, -.infinity], [0, 3, 9])
    func aVectorThatIsNotFiniteIsRefusedWithItsRow(value: Float, row: Int) throws {
        try VectorIndex.write(Matrix(rowCount: 1, columnCount: 1, values: [1]), fingerprint: "old", to: url)
        var matrix = Matrix(rowCount: 10, columnCount: 3, values: [Float](repeating: 1, count: 30))
        matrix[row, 2] = value
        matrix[9, 0] = value
        #expect(throws: VectorError.notFinite(row: row)) { try VectorIndex.write(matrix, fingerprint: "new", to: url) }
        #expect(try VectorIndex(opening: url).fingerprint == "old", "the old file stays")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["vectors.index"])
    }

    @Test func anIndexThatIsOpenKeepsAnsweringFromItsFile() throws {
        try VectorIndex.write(Matrix(rowCount: 1, columnCount: 2, values: [1, 0]), fingerprint: "old", to: url)
        let old = try VectorIndex(opening: url)
        try VectorIndex.write(Matrix(rowCount: 1, columnCount: 2, values: [0, 1]), fingerprint: "new", to: url)
        #expect(try old.search([1, 0], limit: 1) == [ScoredRow(row: 0, score: 1)])
        #expect(try VectorIndex(opening: url).search([1, 0], limit: 1) == [ScoredRow(row: 0, score: 0)])
    }

    @Test(arguments: [
        Facts(rowCount: -1, dimension: -1, fingerprint: "m"), Facts(rowCount: -2, dimension: 1, fingerprint: "m"),
        Facts(rowCount: 2, dimension: 0, fingerprint: "m"), Facts(rowCount: .max, dimension: 2, fingerprint: "m"),
        Facts(rowCount: 1 << 32, dimension: 1 << 32, fingerprint: "m"),
    ])
    func impossibleFactsAreRefused(_ facts: Facts) throws {
        try write(facts, values: [1, 2])
        let expected = IndexFileError.unexpectedContent(path: url.path, block: "facts")
        #expect(throws: expected) { try VectorIndex(opening: url) }
    }

    @Test(arguments: [(1, 1), (1, 3), (3, 1), (0, 2), (2, 2)])
    func factsThatTheVectorsContradictAreRefused(rowCount: Int, dimension: Int) throws {
        try write(Facts(rowCount: rowCount, dimension: dimension, fingerprint: "m"), values: [1, 2])
        #expect(
            throws: IndexFileError.misshapenBlock(
                path: url.path, block: "vectors", gotByteCount: 8, expectedByteCount: 4 * rowCount * dimension)
        ) { try VectorIndex(opening: url) }
    }

    @Test func aFileOfAnotherKindIsRefused() throws {
        try IndexFileWriter(creating: url, kind: .postings).finish()
        #expect(throws: IndexFileError.wrongKind(path: url.path, got: .postings, expected: .vectors)) {
            try VectorIndex(opening: url)
        }
    }

    @Test func aDamagedVectorIsFoundBeforeItIsUsed() throws {
        try VectorIndex.write(Matrix(rowCount: 1, columnCount: 2, values: [1, 0]), fingerprint: "m", to: url)
        var bytes = try Data(contentsOf: url)
        let one = try #require(bytes.range(of: Data([0, 0, 0x80, 0x3F])))
        bytes[one.lowerBound] ^= 1
        try bytes.write(to: url)
        let index = try VectorIndex(opening: url)
        let expected = IndexFileError.corruptBlock(path: url.path, block: "vectors")
        #expect(throws: expected) { try index.search([1, 0], limit: 1) }
        #expect(throws: expected) { try index.scores([1, 0], of: [0]) }
        #expect(throws: expected) { try index.check() }
    }

    @Test func vectorsWithoutComponentsAreAMistake() async {
        await #expect(processExitsWith: .failure) {
            let folder = try TemporaryFolder()
            let url = folder.url.appending(path: "vectors.index")
            try VectorIndex.write(Matrix(rowCount: 2, columnCount: 0, values: []), fingerprint: "m", to: url)
        }
    }

    struct Facts: Codable {
        let rowCount: Int
        let dimension: Int
        let fingerprint: String
    }

    private func write(_ facts: Facts, values: [Float]) throws {
        let writer = try IndexFileWriter(creating: url, kind: .vectors)
        try writer.append(json: facts, as: "facts")
        try writer.append(values, as: "vectors")
        try writer.finish()
    }
}
