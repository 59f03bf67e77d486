/// A matrix of which only the entries that are not 0 are kept, row by row (CSR).
package struct SparseMatrix: Sendable {
    package let columnCount: Int
    /// Where each row's entries begin, `[rows + 1]`.
    private var rowStarts = [0]
    /// Column and value of each entry.
    private var columns: [UInt32] = []
    private var values: [Float] = []

    package var rowCount: Int { rowStarts.count - 1 }
    package var entryCount: Int { values.count }

    /// A matrix of no rows.
    package init(columnCount: Int) {
        precondition((0...Int(Int32.max)).contains(columnCount), "LAPACK counts columns with 32 bits")
        self.columnCount = columnCount
    }

    /// Appends a row; a column named twice counts with the sum.
    ///
    /// - Precondition: the columns are columns of this matrix.
    package mutating func append(row entries: [(column: Int, value: Float)]) {
        for (column, value) in entries {
            precondition((0..<columnCount).contains(column), "column outside the matrix")
            columns.append(UInt32(column))
            values.append(value)
        }
        rowStarts.append(values.count)
    }

    /// `self[rows] · dense`, `[rows, k]`, of a dense matrix `[columns, k]`.
    package func multiplied(by dense: Matrix, rows: Range<Int>) -> Matrix {
        precondition(dense.rowCount == columnCount, "the product of these shapes does not exist")
        let width = dense.columnCount
        var product = [Float](repeating: 0, count: rows.count * width)
        unsafe product.withUnsafeMutableBufferPointer { product in
            unsafe dense.values.withUnsafeBufferPointer { dense in
                guard let target = product.baseAddress, let source = dense.baseAddress else { return }
                for row in rows {
                    let sums = unsafe target + (row - rows.lowerBound) * width
                    for entry in rowStarts[row]..<rowStarts[row + 1] {
                        unsafe add(source + Int(columns[entry]) * width, times: values[entry], to: sums, count: width)
                    }
                }
            }
        }
        return Matrix(rowCount: rows.count, columnCount: width, values: product)
    }

    /// `selfᵀ · (self · dense)`, `[columns, k]`, of a dense matrix `[columns, k]`, in one pass and without the product
    /// in between, which may be much larger.
    package func gramProduct(with dense: Matrix) -> Matrix {
        precondition(dense.rowCount == columnCount, "the product of these shapes does not exist")
        let width = dense.columnCount
        var product = [Float](repeating: 0, count: columnCount * width)
        var sums = [Float](repeating: 0, count: width)
        unsafe product.withUnsafeMutableBufferPointer { product in
            unsafe dense.values.withUnsafeBufferPointer { dense in
                unsafe sums.withUnsafeMutableBufferPointer { sums in
                    guard let target = product.baseAddress, let source = dense.baseAddress, let sums = sums.baseAddress
                    else { return }
                    for row in 0..<rowCount {
                        unsafe sums.update(repeating: 0, count: width)
                        for entry in rowStarts[row]..<rowStarts[row + 1] {
                            unsafe add(
                                source + Int(columns[entry]) * width, times: values[entry], to: sums, count: width)
                        }
                        for entry in rowStarts[row]..<rowStarts[row + 1] {
                            unsafe add(
                                sums, times: values[entry], to: target + Int(columns[entry]) * width, count: width)
                        }
                    }
                }
            }
        }
        return Matrix(rowCount: columnCount, columnCount: width, values: product)
    }
}

/// `target += factor · source`, `[count]` each.
private func add(
    _ source: UnsafePointer<Float>, times factor: Float, to target: UnsafeMutablePointer<Float>, count: Int
) {
    for index in 0..<count { unsafe target[index] += factor * source[index] }
}
