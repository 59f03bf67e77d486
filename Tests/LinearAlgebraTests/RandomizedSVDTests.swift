import Dispatch
import LinearAlgebra
import TestSupport
import Testing

/// The randomized decomposition against the dense one, and against spectra that are known.
@Suite struct RandomizedSVDTests {
    /// A matrix with these singular values: random orthonormal columns on both sides.
    private func matrix(rows: Int, columns: Int, spectrum: [Float]) throws -> Matrix {
        let left = try Matrix.random(rows, spectrum.count, seed: 2).thinQR().q
        let right = try Matrix.random(columns, spectrum.count, seed: 3).thinQR().q
        return left.scalingColumns(by: spectrum).times(right.transposed)
    }

    @Test(arguments: [(200, 90), (60, 150), (5_000, 70)])
    func aKnownSpectrumIsFound(rows: Int, columns: Int) throws {
        let spectrum = (0..<50).map { 1 / Float($0 + 1) }
        let svd = try RandomizedSVD(of: matrix(rows: rows, columns: columns, spectrum: spectrum).sparse, rank: 20)
        #expect(svd.singularValues.count == 20)
        for (found, known) in zip(svd.singularValues, spectrum) { #expect(abs(found - known) < 1e-3 * known + 1e-4) }
    }

    @Test func theVectorsAreThoseOfTheDenseDecomposition() throws {
        let spectrum = (0..<40).map { Float(40 - $0) * 0.5 }
        let dense = try matrix(rows: 120, columns: 80, spectrum: spectrum)
        let svd = try RandomizedSVD(of: dense.sparse, rank: 30)
        let (_, values, v) = try dense.singularValues()
        #expect(distance(svd.rightVectors.transposed.times(svd.rightVectors), .identity(30)) < 1e-4)
        for index in 0..<30 {
            #expect(abs(svd.singularValues[index] - values[index]) < 1e-3 * values[0])
            let cosine = (0..<80).reduce(0.0) { $0 + Double(svd.rightVectors[$1, index]) * Double(v[index, $1]) }
            #expect(abs(cosine) > 0.99, "vector \(index)")
        }
    }

    @Test func theLargestComponentOfEachVectorIsPositive() throws {
        let svd = try RandomizedSVD(of: Matrix.random(50, 30).sparse, rank: 12)
        for index in 0..<12 {
            let column = (0..<30).map { svd.rightVectors[$0, index] }
            #expect(column.max { abs($0) < abs($1) } ?? 0 > 0)
        }
    }

    @Test func twoRunsAreEqualToTheBit() throws {
        let matrix = Matrix.random(3_000, 60).sparse
        let (one, two) = (try RandomizedSVD(of: matrix, rank: 25), try RandomizedSVD(of: matrix, rank: 25))
        #expect(one.singularValues == two.singularValues && one.rightVectors == two.rightVectors)
    }

    @Test func fitsAtOnceAreEqualToTheBit() throws {
        let matrix = Matrix.random(3_000, 60).sparse
        let expected = try RandomizedSVD(of: matrix, rank: 25)
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            let found = try? RandomizedSVD(of: matrix, rank: 25)
            #expect(found?.rightVectors == expected.rightVectors)
        }
    }

    @Test func valuesThatAreRoundingAreLeftOut() throws {
        let svd = try RandomizedSVD(of: matrix(rows: 60, columns: 40, spectrum: [4, 2, 1]).sparse, rank: 10)
        #expect(svd.singularValues.count == 3 && svd.rightVectors.columnCount == 3)
    }

    @Test func aMatrixOfNothingHasNoValues() throws {
        for (rows, columns) in [(0, 5), (4, 5), (4, 0)] {
            let svd = try RandomizedSVD(of: Matrix(rowCount: rows, columnCount: columns).sparse, rank: 3)
            #expect(svd.singularValues.isEmpty)
            #expect((svd.rightVectors.rowCount, svd.rightVectors.columnCount) == (columns, 0))
        }
    }

    @Test func aMatrixSmallerThanTheRankGivesWhatItHas() throws {
        let svd = try RandomizedSVD(of: Matrix.random(3, 8).sparse, rank: 100)
        #expect(svd.singularValues.count == 3)
    }

    @Test func whatIsNotFiniteIsRefused() {
        var matrix = SparseMatrix(columnCount: 2)
        matrix.append(row: [(0, .nan), (1, 1)])
        #expect(throws: LinearAlgebraError.self) { try RandomizedSVD(of: matrix, rank: 1) }
    }

    @Test func sparseProductsEqualTheTripleLoop() {
        var generator = SeededGenerator(seed: 5)
        var dense = Matrix.random(40, 13)
        for row in 0..<40 { for column in 0..<13 where generator.next() % 3 > 0 { dense[row, column] = 0 } }
        let (sparse, other) = (dense.sparse, Matrix.random(13, 6, seed: 9))
        #expect(sparse.entryCount == dense.values.count { $0 != 0 })
        let product = dense.times(other)
        #expect(distance(sparse.multiplied(by: other, rows: 0..<40), product) < 1e-5)
        let part = sparse.multiplied(by: other, rows: 11..<14)
        #expect(Array(part[row: 0]) == Array(sparse.multiplied(by: other, rows: 0..<40)[row: 11]))
        #expect(distance(sparse.gramProduct(with: other), dense.transposed.times(product)) < 1e-4)
        #expect(distance(dense.multiplied(byTransposed: other.transposed), product) < 1e-5)
    }
}
