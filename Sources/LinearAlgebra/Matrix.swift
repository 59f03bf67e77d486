/// A dense matrix of fp32 values, `[rows, columns]`, row-major.
package struct Matrix: Sendable, Equatable {
    package let rowCount: Int
    package let columnCount: Int
    package private(set) var values: [Float]

    /// A matrix of zeros.
    package init(rowCount: Int, columnCount: Int) {
        self.init(
            rowCount: rowCount, columnCount: columnCount, values: [Float](repeating: 0, count: rowCount * columnCount))
    }

    /// - Precondition: `values` has `rowCount * columnCount` elements.
    package init(rowCount: Int, columnCount: Int, values: [Float]) {
        precondition(values.count == rowCount * columnCount, "a matrix needs rows times columns values")
        self.rowCount = rowCount
        self.columnCount = columnCount
        self.values = values
    }

    package subscript(row: Int, column: Int) -> Float {
        get { values[row * columnCount + column] }
        set { values[row * columnCount + column] = newValue }
    }

    package subscript(row row: Int) -> ArraySlice<Float> { values[row * columnCount..<(row + 1) * columnCount] }

    package func transposed() -> Matrix {
        var result = Matrix(rowCount: columnCount, columnCount: rowCount)
        for row in 0..<rowCount { for column in 0..<columnCount { result[column, row] = self[row, column] } }
        return result
    }
}
