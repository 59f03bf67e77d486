import LinearAlgebra

/// Each row divided by its Euclidean length, computed in fp64 so that huge and tiny rows neither overflow nor vanish.
func normalised(_ matrix: consuming Matrix) throws(VectorError) -> Matrix {
    let (rowCount, columnCount) = (matrix.rowCount, matrix.columnCount)
    var values = (consume matrix).values
    for row in 0..<rowCount {
        let range = row * columnCount..<(row + 1) * columnCount
        let square = values[range].reduce(0.0) { $0 + Double($1) * Double($1) }
        guard square.isFinite else { throw .notFinite(row: row) }
        guard square > 0 else { continue }
        let length = square.squareRoot()
        for index in range { values[index] = Float(Double(values[index]) / length) }
    }
    return Matrix(rowCount: rowCount, columnCount: columnCount, values: values)
}

/// The dot product of `count` fp32 values in fp64, where each product is exact.
///
/// Eight sums side by side, so that they need not wait for each other; always in the same order.
func dot(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, count: Int) -> Double {
    var sums = SIMD8<Double>.zero
    var index = 0
    while index + 8 <= count {
        let left = unsafe UnsafeRawPointer(a + index).loadUnaligned(as: SIMD8<Float>.self)
        let right = unsafe UnsafeRawPointer(b + index).loadUnaligned(as: SIMD8<Float>.self)
        sums += SIMD8<Double>(left) * SIMD8<Double>(right)
        index += 8
    }
    var sum = sums.sum()
    while index < count {
        sum += unsafe Double(a[index]) * Double(b[index])
        index += 1
    }
    return sum
}
