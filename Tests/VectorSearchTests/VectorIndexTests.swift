import Foundation
import IndexFiles
import LinearAlgebra
import TestSupport
import Testing
import VectorSearch

@Suite struct VectorIndexTests {
    private let folder = try! TemporaryFolder()
    private var url: URL { folder.url.appending(path: "vectors.index") }

    static let shapes = [
        (1, 1), (1, 384), (2, 3), (3, 1), (5, 2), (7, 17), (31, 33), (64, 64), (100, 5), (129, 400), (255, 383),
        (256, 384), (1000, 7), (1001, 384), (4095, 9), (4096, 8), (4097, 31), (5000, 100),
    ]

    @Test(arguments: shapes, [1, 2] as [UInt64])
    func searchEqualsTheExhaustiveScan(shape: (Int, Int), seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed << 32 + UInt64(shape.0 << 10 + shape.1))
        let matrix = generator.matrix(rowCount: shape.0, columnCount: shape.1)
        let index = try index(matrix)
        let scan = ExhaustiveScan(matrix)
        for limit in [1, 2, 10, shape.0, shape.0 + 1, .max] {
            let query = generator.vector(shape.1)
            #expect(try index.search(query, limit: limit) == scan.search(query, limit: limit))
            let allowed = RowSet(rowCount: shape.0) { _ in Bool.random(using: &generator) }
            #expect(
                try index.search(query, limit: limit, in: allowed) == scan.search(query, limit: limit, in: allowed))
        }
    }

    /// A row of the index as the query: the best score is 1 and all its copies tie.
    @Test(arguments: shapes) func rowsThatAreEqualTieInTheOrderOfTheirNumbers(shape: (Int, Int)) throws {
        var generator = SeededGenerator(seed: UInt64(shape.0 << 10 + shape.1))
        let row = generator.vector(shape.1).map { $0 == 0 ? 1 : $0 }
        let values = (0..<shape.0).flatMap { _ in row }
        let index = try index(Matrix(rowCount: shape.0, columnCount: shape.1, values: values))
        let found = try index.search(generator.vector(shape.1).map { $0 + 2 }, limit: 10)
        #expect(found.map(\.row) == Array(0..<min(10, shape.0)))
        #expect(Set(found.map(\.score)).count == 1)
    }

    /// Ranking and scores may not disagree, whichever rows are asked for together.
    @Test(arguments: shapes) func scoresAreThoseOfTheSearchBitForBit(shape: (Int, Int)) throws {
        var generator = SeededGenerator(seed: UInt64(shape.0 << 10 + shape.1))
        let index = try index(generator.matrix(rowCount: shape.0, columnCount: shape.1))
        let query = generator.vector(shape.1).map { $0 + 0.01 }
        let found = try index.search(query, limit: shape.0).shuffled(using: &generator)
        #expect(found.count == shape.0)
        #expect(try index.scores(query, of: found.map(\.row)) == found.map(\.score))
        for scored in found.prefix(20) { #expect(try index.scores(query, of: [scored.row]) == [scored.score]) }
    }

    @Test func scoresComeInTheOrderAsked() throws {
        let index = try index(Matrix(rowCount: 3, columnCount: 2, values: [1, 0, 0, 1, -1, 0]))
        #expect(try index.scores([2, 0], of: [2, 0, 1, 0]) == [-1, 1, 0, 1])
        #expect(try index.scores([2, 0], of: []) == [])
        #expect(try index.scores([0, 0], of: [0, 1]) == [0, 0])
    }

    @Test func rowsAreCopiedInTheOrderAsked() throws {
        let index = VectorSnapshot(try index(Matrix(rowCount: 3, columnCount: 2, values: [3, 4, 0, -2, 0, 0])))
        let rows = try index.rows([1, 0, 2, 1])
        #expect(rows == Matrix(rowCount: 4, columnCount: 2, values: [0, -1, 0.6, 0.8, 0, 0, 0, -1]))
        #expect(try index.rows([]) == Matrix(rowCount: 0, columnCount: 2))
    }

    @Test func nothingAskedGivesNothing() throws {
        let index = try index(Matrix(rowCount: 2, columnCount: 2, values: [1, 0, 0, 1]))
        #expect(try index.search([1, 0], limit: 0) == [])
        #expect(try index.search([0, 0], limit: 10) == [])
        #expect(try index.search([1, 0], limit: 10, in: RowSet(rowCount: 2)) == [])
    }

    @Test(arguments: 0..<5) func aSetOfOneRowGivesThatRow(row: Int) throws {
        var generator = SeededGenerator(seed: UInt64(row))
        let matrix = generator.matrix(rowCount: 5, columnCount: 8)
        let query = generator.vector(8)
        let one = RowSet(rowCount: 5) { $0 == row }
        #expect(
            try index(matrix).search(query, limit: 3, in: one)
                == [ScoredRow(row: row, score: ExhaustiveScan(matrix).score(query, of: row))])
    }

    @Test func anIndexWithoutRowsAnswersWithNothing() throws {
        let index = try index(Matrix(rowCount: 0, columnCount: 4, values: []))
        #expect(index.rowCount == 0 && index.dimension == 4)
        #expect(try index.search([1, 2, 3, 4], limit: 10) == [])
        #expect(try index.search([1, 2, 3, 4], limit: 10, in: RowSet(rowCount: 0)) == [])
        #expect(try index.scores([1, 2, 3, 4], of: []) == [])
    }

    @Test func aZeroRowIsSimilarToNothing() throws {
        let index = try index(Matrix(rowCount: 3, columnCount: 2, values: [0, 0, 1, 1, -1, -1]))
        #expect(try index.search([1, 1], limit: 3).map(\.row) == [1, 0, 2])
        #expect(try index.scores([1, 1], of: [0]) == [0])
    }

    /// fp32 would lose the squares of these to infinity or to nothing.
    @Test(arguments: [
        Float.greatestFiniteMagnitude, 1e30, 1e-20, 1e-38, Float.leastNormalMagnitude, Float.leastNonzeroMagnitude * 8,
        Float.leastNonzeroMagnitude,
    ])
    func lengthsDoNotMatterHoweverHugeOrTiny(_ length: Float) throws {
        let index = try index(
            Matrix(rowCount: 3, columnCount: 3, values: [length, 0, 0, 0, -length, 0, length, length, 0]))
        let half = Float(0.5.squareRoot())
        for query in [[length, 0, 0], [1, 0, 0]] {
            #expect(try index.scores(query, of: [0, 1, 2]) == [1, 0, half])
            #expect(try index.search(query, limit: 2).map(\.row) == [0, 2])
        }
    }

    @Test func aScoreIsBetweenMinusOneAndOneUpToRounding() throws {
        var generator = SeededGenerator(seed: 3)
        let matrix = generator.matrix(rowCount: 500, columnCount: 384)
        let index = try index(matrix)
        for row in 0..<500 {
            let query = Array(matrix[row: row])
            guard query.contains(where: { $0 != 0 }) else { continue }
            let best = try #require(try index.search(query, limit: 1).first)
            #expect(abs(best.score - 1) <= 2 * Float.ulpOfOne)
            #expect(try index.scores(query.map { -$0 }, of: [row]) == index.scores(query, of: [row]).map { -$0 })
        }
    }

    @Test(arguments: [0, 1, 3, 5, 400]) func aQueryOfAnotherDimensionIsRefused(_ count: Int) throws {
        let index = try index(Matrix(rowCount: 1, columnCount: 4, values: [1, 2, 3, 4]))
        let query = [Float](repeating: 1, count: count)
        #expect(throws: VectorError.wrongDimension(got: count, expected: 4)) { try index.search(query, limit: 1) }
        #expect(throws: VectorError.wrongDimension(got: count, expected: 4)) { try index.scores(query, of: [0]) }
    }

    @Test(arguments: [Float.nan, .infinity, -.infinity, .signalingNaN]) func aQueryThatIsNotFiniteIsRefused(
        _ value: Float
    ) throws {
        let index = try index(Matrix(rowCount: 1, columnCount: 2, values: [1, 2]))
        #expect(throws: VectorError.notFinite(row: 0)) { try index.search([1, value], limit: 1) }
        #expect(throws: VectorError.notFinite(row: 0)) { try index.scores([value, 1], of: [0]) }
    }

    @Test func manySearchesAtOnceGiveTheSameAnswers() async throws {
        var generator = SeededGenerator(seed: 8)
        let index = try index(generator.matrix(rowCount: 2000, columnCount: 64))
        let queries = (0..<10).map { _ in generator.vector(64) }
        let expected = try queries.map { try index.search($0, limit: 20) }
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<16 {
                group.addTask { (try? queries.map { try index.search($0, limit: 20) }) == expected }
            }
            for await isEqual in group { #expect(isEqual) }
        }
    }

    @Test(arguments: [-1, 2]) func aRowOutsideTheIndexIsAMistake(row: Int) async {
        await #expect(processExitsWith: .failure) { [row] in
            let folder = try TemporaryFolder()
            let url = folder.url.appending(path: "vectors.index")
            try VectorIndex.write(Matrix(rowCount: 2, columnCount: 1, values: [1, 2]), fingerprint: "m", to: url)
            _ = try VectorIndex(opening: url).scores([1], of: [row])
        }
    }

    @Test(arguments: [1, 3]) func aSetOverAnotherIndexIsAMistake(rowCount: Int) async {
        await #expect(processExitsWith: .failure) { [rowCount] in
            let folder = try TemporaryFolder()
            let url = folder.url.appending(path: "vectors.index")
            try VectorIndex.write(Matrix(rowCount: 2, columnCount: 1, values: [1, 2]), fingerprint: "m", to: url)
            _ = try VectorIndex(opening: url).search([1], limit: 1, in: RowSet(rowCount: rowCount) { _ in true })
        }
    }

    private func index(_ matrix: Matrix) throws -> VectorIndex {
        try VectorIndex.write(matrix, fingerprint: "model", to: url)
        return try VectorIndex(opening: url)
    }
}
