import LinearAlgebra
import Synchronization

/// Each row divided by its Euclidean length, computed in fp64 so that huge and tiny rows neither overflow nor vanish.
func normalised(_ matrix: consuming Matrix, threadCount: Int = 1) throws(VectorError) -> Matrix {
    let (rowCount, columnCount) = (matrix.rowCount, matrix.columnCount)
    var values = (consume matrix).values
    let firstBad = Mutex(Int.max)
    unsafe values.withUnsafeMutableBufferPointer { values in
        nonisolated(unsafe) let values = unsafe values
        forEachBlock(of: rowCount, size: rowsAtOnce, threadCount: threadCount) { rows in
            for row in rows {
                let values = unsafe values.baseAddress! + row * columnCount
                let square = unsafe dot(values, values, count: columnCount)
                if !square.isFinite { firstBad.withLock { $0 = min($0, row) } }
                guard square > 0 else { continue }
                let length = square.squareRoot()
                for column in 0..<columnCount { unsafe values[column] = Float(Double(values[column]) / length) }
            }
        }
    }
    guard firstBad.withLock({ $0 }) == .max else { throw .notFinite(row: firstBad.withLock { $0 }) }
    return Matrix(rowCount: rowCount, columnCount: columnCount, values: values)
}

private let rowsAtOnce = 1024

/// The query at length 1.
func unitQuery(_ query: [Float], dimension: Int) throws(VectorError) -> [Float] {
    guard query.count == dimension else { throw .wrongDimension(got: query.count, expected: dimension) }
    return try normalised(Matrix(rowCount: 1, columnCount: dimension, values: query)).values
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

/// The first eight of `count` values, 0 beyond the last.
func eight(_ values: UnsafePointer<Float>, count: Int) -> SIMD8<Float> {
    if count >= 8 { return unsafe UnsafeRawPointer(values).loadUnaligned(as: SIMD8<Float>.self) }
    var eight = SIMD8<Float>.zero
    for index in 0..<max(0, count) { unsafe eight[index] = values[index] }
    return eight
}

/// Added to a number below 2²² and taken away, it leaves the nearest integer, halves to even; before it is taken away the
/// lowest bits are the integer's. As `rounded()`, in a loop that the compiler makes wide.
let nearestInteger: Float = 0x1.8p23
