/// The largest singular values of a sparse matrix and its right singular vectors, found from random directions.
///
/// Halko, Martinsson & Tropp 2011, "Finding structure with randomness", <https://arxiv.org/abs/0909.4061>: an orthonormal
/// basis Q of what the matrix does to random vectors (algorithm 4.4, subspace iteration), then the decomposition of the
/// small product (algorithm 5.1), here on the side of the columns. Only matrices as tall as A has columns are held; A's
/// rows, which may be many more, are gone through in blocks.
///
/// The same matrix gives the same bits on one machine: the random numbers are seeded, BLAS has one thread, and signs are
/// fixed.
package struct RandomizedSVD: Sendable {
    /// Directions beyond those that are asked for: they take up what of the spectrum's rest leaks in (the paper's p).
    package static let oversampling = 16
    /// How often the spectrum's decay is squared (the paper's q), for matrices whose spectrum falls slowly, as those of
    /// words do.
    package static let iterationCount = 4
    /// Rows of A whose image is held at once.
    private static let blockRowCount = 2048

    /// Descending; all above `relativeTolerance` of the first.
    package let singularValues: [Float]
    /// `[columns of A, values]`, orthonormal columns; the component of each that is largest in magnitude is positive.
    package let rightVectors: Matrix

    /// What rounding leaves of a singular value that is 0, relative to the first.
    static let relativeTolerance: Float = 1e-4

    /// - Parameter rank: how many values at most.
    /// - Precondition: `rank` is positive.
    package init(of matrix: SparseMatrix, rank: Int, seed: UInt64 = 1) throws(LinearAlgebraError) {
        precondition(rank > 0, "a decomposition needs a rank")
        let width = min(rank + Self.oversampling, matrix.columnCount, matrix.rowCount)
        guard width > 0 else {
            (singularValues, rightVectors) = ([], Matrix(rowCount: matrix.columnCount, columnCount: 0))
            return
        }
        (singularValues, rightVectors) = try Self.decomposed(matrix, rank: rank, width: width, seed: seed)
    }

    private static func decomposed(
        _ matrix: SparseMatrix, rank: Int, width: Int, seed: UInt64
    ) throws(LinearAlgebraError) -> (singularValues: [Float], rightVectors: Matrix) {
        var random = GaussianGenerator(seed: seed)
        var basis = Matrix(
            rowCount: matrix.columnCount, columnCount: width, values: random.values(matrix.columnCount * width))
        for _ in 0..<iterationCount { basis = try matrix.gramProduct(with: basis).thinQR().q }
        let (_, values, vTransposed) = try triangularFactor(of: matrix, times: basis).singularValues()
        let floor = (values.first ?? 0) * relativeTolerance
        let kept = min(values.prefix { $0 > floor && $0 > 0 }.count, rank)
        let turned = Matrix(
            rowCount: kept, columnCount: width, values: Array(vTransposed.values.prefix(kept * width)))
        return (Array(values.prefix(kept)), basis.multiplied(byTransposed: turned).withFixedSigns())
    }

    /// R of the QR decomposition of A · Q, block by block: R of what is above and a block below it is R of all so far.
    private static func triangularFactor(
        of matrix: SparseMatrix, times basis: Matrix
    ) throws(LinearAlgebraError) -> Matrix {
        let width = basis.columnCount
        var factor = Matrix(rowCount: width, columnCount: width)
        for start in stride(from: 0, to: matrix.rowCount, by: blockRowCount) {
            let block = matrix.multiplied(by: basis, rows: start..<min(start + blockRowCount, matrix.rowCount))
            factor = try Matrix(
                rowCount: width + block.rowCount, columnCount: width, values: factor.values + block.values
            ).triangularFactor()
        }
        return factor
    }
}

extension Matrix {
    /// `self · otherᵀ`, `[rows, other's rows]`.
    package func multiplied(byTransposed other: Matrix) -> Matrix {
        precondition(columnCount == other.columnCount, "the product of these shapes does not exist")
        guard rowCount > 0, other.rowCount > 0, columnCount > 0 else {
            return Matrix(rowCount: rowCount, columnCount: other.rowCount)
        }
        let product = unsafe [Float](unsafeUninitializedCapacity: rowCount * other.rowCount) { product, count in
            unsafe multiply(
                values, other.values, transposed: true, into: product.baseAddress!, m: rowCount, n: other.rowCount,
                k: columnCount)
            count = rowCount * other.rowCount
        }
        return Matrix(rowCount: rowCount, columnCount: other.rowCount, values: product)
    }

    /// Each column with the sign that makes its component of largest magnitude, the first of equals, positive.
    fileprivate func withFixedSigns() -> Matrix {
        var largest = [Float](repeating: 0, count: columnCount)
        for row in 0..<rowCount {
            for (column, value) in self[row: row].enumerated() where abs(value) > abs(largest[column]) {
                largest[column] = value
            }
        }
        let signs = largest.map { $0 < 0 ? -1 as Float : 1 }
        var signed: [Float] = []
        signed.reserveCapacity(values.count)
        for row in 0..<rowCount { for (value, sign) in zip(self[row: row], signs) { signed.append(value * sign) } }
        return Matrix(rowCount: rowCount, columnCount: columnCount, values: signed)
    }
}
