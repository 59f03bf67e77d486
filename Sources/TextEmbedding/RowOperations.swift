/// Sixteen lanes: reductions keep as many partial sums, since the compiler may not reorder a sum of floats itself.
private typealias Lanes = SIMD16<Float>

/// `rows[i] += bias` for each row of `[rowCount, columnCount]`.
func addBias(
    to rows: UnsafeMutablePointer<Float>, rowCount: Int, columnCount: Int, bias: UnsafePointer<Float>
) {
    for row in 0..<rowCount {
        let values = unsafe rows + row * columnCount
        for column in 0..<columnCount { unsafe values[column] += bias[column] }
    }
}

/// A layer's scale and shift after normalisation.
struct LayerNorm: Sendable {
    let scale: [Float]
    let shift: [Float]
    let epsilon: Float

    /// `rows = norm(rows + bias + residual)`, row by row; the result replaces both `rows` and `residual`.
    ///
    /// Ba, Kiros and Hinton, Layer Normalization, <https://arxiv.org/abs/1607.06450>.
    /// - Parameters:
    ///   - rows: `[rowCount, columns]`
    ///   - residual: `[rowCount, columns]`, overwritten with the result: it is the next layer's input
    func apply(
        _ rows: UnsafeMutablePointer<Float>, bias: [Float], residual: UnsafeMutablePointer<Float>, rowCount: Int
    ) {
        let columnCount = scale.count
        for row in 0..<rowCount {
            let values = unsafe rows + row * columnCount
            let target = unsafe residual + row * columnCount
            unsafe bias.withUnsafeBufferPointer { bias in
                for column in 0..<columnCount { unsafe values[column] += target[column] + bias[column] }
            }
            unsafe apply(values, into: target)
        }
    }

    /// `target = norm(values)` for one row.
    func apply(_ values: UnsafeMutablePointer<Float>, into target: UnsafeMutablePointer<Float>) {
        let count = scale.count
        let mean = unsafe sum(values, count) / Float(count)
        for column in 0..<count { unsafe values[column] -= mean }
        let variance = unsafe dotProduct(values, values, count) / Float(count)
        let factor = 1 / (variance + epsilon).squareRoot()
        unsafe scale.withUnsafeBufferPointer { scale in
            unsafe shift.withUnsafeBufferPointer { shift in
                for column in 0..<count {
                    unsafe target[column] = values[column] * factor * scale[column] + shift[column]
                }
            }
        }
    }
}

/// Softmax over each row of `[rowCount, columnCount]`, in place.
func softmax(_ rows: UnsafeMutablePointer<Float>, rowCount: Int, columnCount: Int) {
    for row in 0..<rowCount {
        let values = unsafe rows + row * columnCount
        let largest = unsafe maximum(values, columnCount)
        for column in 0..<columnCount { unsafe values[column] = exponential(values[column] - largest) }
        let factor = unsafe 1 / sum(values, columnCount)
        for column in 0..<columnCount { unsafe values[column] *= factor }
    }
}

/// The sum of `count` values; 0 for none.
func sum(_ values: UnsafePointer<Float>, _ count: Int) -> Float {
    var total = Lanes.zero
    var index = 0
    while index + Lanes.scalarCount <= count {
        unsafe total += lanes(values + index)
        index += Lanes.scalarCount
    }
    var result = total.sum()
    while index < count {
        unsafe result += values[index]
        index += 1
    }
    return result
}

/// The inner product of two vectors of `count` values.
func dotProduct(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ count: Int) -> Float {
    var total = Lanes.zero
    var index = 0
    while index + Lanes.scalarCount <= count {
        unsafe total += lanes(a + index) * lanes(b + index)
        index += Lanes.scalarCount
    }
    var result = total.sum()
    while index < count {
        unsafe result += a[index] * b[index]
        index += 1
    }
    return result
}

/// The largest of `count` values; minus infinity for none.
private func maximum(_ values: UnsafePointer<Float>, _ count: Int) -> Float {
    var largest = Lanes(repeating: -.infinity)
    var index = 0
    while index + Lanes.scalarCount <= count {
        let next = unsafe lanes(values + index)
        largest.replace(with: next, where: next .> largest)
        index += Lanes.scalarCount
    }
    var result = largest.max()
    while index < count {
        result = unsafe values[index] > result ? values[index] : result
        index += 1
    }
    return result
}

@inline(__always)
private func lanes(_ values: UnsafePointer<Float>) -> Lanes {
    unsafe UnsafeRawPointer(values).loadUnaligned(as: Lanes.self)
}
