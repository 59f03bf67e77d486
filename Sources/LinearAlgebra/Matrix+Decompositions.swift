import CLAPACKE

extension Matrix {
    /// The thin QR decomposition by Householder reflections (LAPACK's `sgeqrf` and `sorgqr`): `self = Q · R`.
    ///
    /// - Returns: `q`, `[rows, columns]` with orthonormal columns, whatever the rank, and `r`, `[columns, columns]`, zero
    ///   below the diagonal.
    /// - Precondition: at least as many rows as columns.
    package consuming func thinQR() throws(LinearAlgebraError) -> (q: Matrix, r: Matrix) {
        let (rowCount, columnCount) = (self.rowCount, self.columnCount)
        var (values, scales) = try factored()
        let r = upperTriangle(of: values, count: columnCount)
        let code = unsafe LAPACKE_sorgqr(
            LAPACK_ROW_MAJOR, Int32(rowCount), Int32(columnCount), Int32(columnCount), &values, Int32(columnCount),
            &scales)
        try check(code, of: "sorgqr")
        return (Matrix(rowCount: rowCount, columnCount: columnCount, values: values), r)
    }

    /// Only `R` of the thin QR decomposition, for half the work.
    ///
    /// - Precondition: at least as many rows as columns.
    package consuming func triangularFactor() throws(LinearAlgebraError) -> Matrix {
        let columnCount = self.columnCount
        return upperTriangle(of: try factored().values, count: columnCount)
    }

    /// `R` on and above the diagonal, the reflections below it, and their scales.
    private consuming func factored() throws(LinearAlgebraError) -> (values: [Float], scales: [Float]) {
        precondition(rowCount >= columnCount, "a thin QR decomposition needs at least as many rows as columns")
        try checkFinite(values, of: "sgeqrf")
        _ = BLAS.kernelsAreChosen
        let (rowCount, columnCount) = (self.rowCount, self.columnCount)
        var values = (consume self).values
        var scales = [Float](repeating: 0, count: columnCount)
        let code = unsafe LAPACKE_sgeqrf(
            LAPACK_ROW_MAJOR, Int32(rowCount), Int32(columnCount), &values, Int32(max(columnCount, 1)), &scales)
        try check(code, of: "sgeqrf")
        return (values, scales)
    }

    /// The thin singular value decomposition (LAPACK's `sgesdd`): `self = U · diag(s) · Vᵀ`.
    ///
    /// - Returns: with r the smaller of rows and columns, `u`, `[rows, r]`; `s`, `[r]`, descending; `vTransposed`,
    ///   `[r, columns]`. The vectors' signs are LAPACK's.
    package consuming func singularValues() throws(LinearAlgebraError) -> (u: Matrix, s: [Float], vTransposed: Matrix) {
        _ = BLAS.kernelsAreChosen
        let (rowCount, columnCount) = (self.rowCount, self.columnCount)
        let rank = min(rowCount, columnCount)
        var u = [Float](repeating: 0, count: rowCount * rank)
        var s = [Float](repeating: 0, count: rank)
        var v = [Float](repeating: 0, count: rank * columnCount)
        try checkFinite(values, of: "sgesdd")
        guard rank > 0 else {
            return (
                Matrix(rowCount: rowCount, columnCount: 0), [], Matrix(rowCount: 0, columnCount: columnCount)
            )
        }
        var values = (consume self).values
        let code = unsafe LAPACKE_sgesdd(
            LAPACK_ROW_MAJOR, CChar(UInt8(ascii: "S")), Int32(rowCount), Int32(columnCount), &values,
            Int32(columnCount), &s, &u, Int32(rank), &v, Int32(columnCount))
        try check(code, of: "sgesdd")
        return (
            Matrix(rowCount: rowCount, columnCount: rank, values: u), s,
            Matrix(rowCount: rank, columnCount: columnCount, values: v)
        )
    }
}

/// The first `count` rows and columns of row-major values that are `count` wide, with zeros below the diagonal.
private func upperTriangle(of values: [Float], count: Int) -> Matrix {
    var r = Matrix(rowCount: count, columnCount: count)
    for row in 0..<count {
        for column in row..<count { r[row, column] = values[row * count + column] }
    }
    return r
}

/// LAPACK computes on with an infinity.
private func checkFinite(_ values: [Float], of operation: String) throws(LinearAlgebraError) {
    guard values.allSatisfy(\.isFinite) else { throw .notFinite(operation: operation) }
}

/// LAPACKE answers an argument that it does not accept with a number below 0, and what LAPACK could not do with one above.
private func check(_ code: Int32, of operation: String) throws(LinearAlgebraError) {
    switch code {
    case 0: return
    case ..<0: throw .failed(operation: operation, code: Int(code))
    default: throw .notConverged(operation: operation, got: Int(code))
    }
}
