/// The function between the two halves of a feed-forward block, by the names that `hidden_act` in `config.json` uses.
enum Activation: String, Sendable, CaseIterable {
    /// x · Φ(x) with the exact error function.
    case gelu
    /// x · Φ(x) with Φ by its tanh form; transformers calls it `gelu_new`, PyTorch `gelu_pytorch_tanh`.
    case geluTanh = "gelu_new"
    case geluPyTorchTanh = "gelu_pytorch_tanh"
    case relu
}

/// Adds a bias to each row and applies the activation, in place.
///
/// - Parameters:
///   - rows: `[rowCount, columnCount]`
///   - bias: `[columnCount]`
func activate(
    _ rows: UnsafeMutablePointer<Float>, rowCount: Int, columnCount: Int, bias: UnsafePointer<Float>,
    with activation: Activation
) {
    for row in 0..<rowCount {
        let values = unsafe rows + row * columnCount
        switch activation {
        case .gelu: unsafe activateGELU(values, columnCount, bias)
        case .geluTanh, .geluPyTorchTanh: unsafe activateTanhGELU(values, columnCount, bias)
        case .relu: unsafe activateReLU(values, columnCount, bias)
        }
    }
}

/// GELU(x) = x/2 · (1 + erf(x/√2)); Hendrycks and Gimpel, <https://arxiv.org/abs/1606.08415>.
private func activateGELU(_ values: UnsafeMutablePointer<Float>, _ count: Int, _ bias: UnsafePointer<Float>) {
    for index in 0..<count {
        let x = unsafe values[index] + bias[index]
        unsafe values[index] = 0.5 * x * (1 + errorFunction(x * 0.707_106_77))
    }
}

/// GELU(x) ≈ x/2 · (1 + tanh(√(2/π) · (x + 0.044715 x³))), the same paper's approximation.
private func activateTanhGELU(_ values: UnsafeMutablePointer<Float>, _ count: Int, _ bias: UnsafePointer<Float>) {
    for index in 0..<count {
        let x = unsafe values[index] + bias[index]
        let inner = 0.797_884_56 * (x + 0.044_715 * x * x * x)
        // (1 + tanh y) / 2 is the logistic function of 2y.
        unsafe values[index] = x / (1 + exponential(-2 * inner))
    }
}

private func activateReLU(_ values: UnsafeMutablePointer<Float>, _ count: Int, _ bias: UnsafePointer<Float>) {
    for index in 0..<count {
        let x = unsafe values[index] + bias[index]
        unsafe values[index] = x > 0 ? x : 0
    }
}
