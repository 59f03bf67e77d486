import LinearAlgebra

/// A linear map `y = x · Wᵀ`; its bias is added by whatever runs next over the rows, which saves a pass.
struct Linear: Sendable {
    /// `[outputs, inputs]`, as PyTorch stores it.
    let weights: Tensor
    /// `[outputs]`
    let bias: [Float]

    var outputCount: Int { weights.shape[0] }
    var inputCount: Int { weights.shape[1] }

    /// - Parameters:
    ///   - input: `[rowCount, inputs]`
    ///   - output: `[rowCount, outputs]`, overwritten
    func apply(to input: UnsafePointer<Float>, rowCount: Int, into output: UnsafeMutablePointer<Float>) {
        unsafe weights.withUnsafeBufferPointer { weights in
            guard let weights = weights.baseAddress else { return }
            unsafe multiply(
                input, weights, transposed: true, into: output, m: rowCount, n: outputCount, k: inputCount)
        }
    }
}
