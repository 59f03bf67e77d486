import LinearAlgebra
import TestSupport

/// The triple loop and its like, which the tests compare with.
extension Matrix {
    static func random(_ rows: Int, _ columns: Int, seed: UInt64 = 1) -> Matrix {
        var generator = SeededGenerator(seed: seed)
        return Matrix(rowCount: rows, columnCount: columns, values: generator.values(rows * columns))
    }

    static func identity(_ count: Int) -> Matrix {
        var matrix = Matrix(rowCount: count, columnCount: count)
        for index in 0..<count { matrix[index, index] = 1 }
        return matrix
    }

    var transposed: Matrix {
        var result = Matrix(rowCount: columnCount, columnCount: rowCount)
        for row in 0..<rowCount { for column in 0..<columnCount { result[column, row] = self[row, column] } }
        return result
    }

    func times(_ other: Matrix) -> Matrix {
        var product = Matrix(rowCount: rowCount, columnCount: other.columnCount)
        for row in 0..<rowCount {
            for column in 0..<other.columnCount {
                product[row, column] = Float(
                    (0..<columnCount).reduce(0.0) { $0 + Double(self[row, $1]) * Double(other[$1, column]) })
            }
        }
        return product
    }

    func scalingColumns(by factors: [Float]) -> Matrix {
        var result = self
        for row in 0..<rowCount { for column in 0..<columnCount { result[row, column] *= factors[column] } }
        return result
    }

    /// The same values as a sparse matrix, zeros left out.
    var sparse: SparseMatrix {
        var sparse = SparseMatrix(columnCount: columnCount)
        for row in 0..<rowCount {
            sparse.append(row: self[row: row].enumerated().filter { $1 != 0 }.map { (column: $0, value: $1) })
        }
        return sparse
    }
}

/// The largest difference of two components.
func distance(_ a: Matrix, _ b: Matrix) -> Float {
    zip(a.values, b.values).map { abs($0 - $1) }.max() ?? 0
}

extension Double {
    var squareRoot32: Float { Float(squareRoot()) }
}
