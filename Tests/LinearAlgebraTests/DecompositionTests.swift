import LinearAlgebra
import TestSupport
import Testing

/// LAPACK's decompositions put together again.
@Suite struct DecompositionTests {
    struct Shape {
        let rows: Int
        let columns: Int
    }

    static let tall = [
        Shape(rows: 1, columns: 1), Shape(rows: 3, columns: 3), Shape(rows: 7, columns: 4),
        Shape(rows: 300, columns: 40),
    ]

    @Test(arguments: tall) func aThinQRGivesTheMatrixBackFromOrthonormalColumns(shape: Shape) throws {
        let matrix = Matrix.random(shape.rows, shape.columns)
        let (q, r) = try matrix.thinQR()
        #expect(distance(q.times(r), matrix) < 1e-4)
        #expect(distance(q.transposed.times(q), .identity(shape.columns)) < 1e-5)
        for row in 0..<shape.columns { for column in 0..<row { #expect(r[row, column] == 0) } }
        #expect(try matrix.triangularFactor() == r)
    }

    @Test func theColumnsAreOrthonormalWhateverTheRank() throws {
        let (q, r) = try Matrix(rowCount: 5, columnCount: 3).thinQR()
        #expect(distance(q.transposed.times(q), .identity(3)) < 1e-6)
        #expect(r.values.allSatisfy { $0 == 0 })
    }

    @Test(arguments: tall + [Shape(rows: 2, columns: 9), Shape(rows: 0, columns: 3), Shape(rows: 3, columns: 0)])
    func singularValuesGiveTheMatrixBack(shape: Shape) throws {
        let matrix = Matrix.random(shape.rows, shape.columns)
        let (u, s, v) = try matrix.singularValues()
        let rank = min(shape.rows, shape.columns)
        #expect((u.rowCount, u.columnCount, s.count) == (shape.rows, rank, rank))
        #expect((v.rowCount, v.columnCount) == (rank, shape.columns))
        #expect(zip(s, s.dropFirst()).allSatisfy { $0 >= $1 } && s.allSatisfy { $0 >= 0 })
        #expect(distance(u.scalingColumns(by: s).times(v), matrix) < 1e-4)
    }

    @Test func knownSingularValuesAreFound() throws {
        // [[3, 0], [4, 5]] has the singular values √45 and √5.
        let s = try Matrix(rowCount: 2, columnCount: 2, values: [3, 0, 4, 5]).singularValues().s
        #expect(abs(s[0] - 45.0.squareRoot32) < 1e-5 && abs(s[1] - 5.0.squareRoot32) < 1e-5)
    }

    @Test(arguments: [Float.nan, .infinity]) func whatIsNotFiniteIsRefused(value: Float) {
        let matrix = Matrix(rowCount: 2, columnCount: 2, values: [1, value, 0, 1])
        #expect(throws: LinearAlgebraError.notFinite(operation: "sgeqrf")) { try matrix.thinQR() }
        #expect(throws: LinearAlgebraError.notFinite(operation: "sgesdd")) { try matrix.singularValues() }
        #expect(LinearAlgebraError.notFinite(operation: "sgesdd").description.contains("finite"))
    }
}
