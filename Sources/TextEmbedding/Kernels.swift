import CKernels

/// The inner loops of a forward pass, for the widest instructions of this processor.
///
/// `DOCKET_KERNEL` forces others: `avx512vnni`, `avx2`, `neon` or `scalar`, which is their specification.
@safe package struct Kernels: Sendable {
    nonisolated(unsafe) private let table: UnsafePointer<docket_kernels>

    /// The best that the processor runs, or those that the environment asks for.
    package static let current = unsafe Kernels(table: docket_kernels_best())

    /// The environment variable that asks for others.
    package static let variable = "DOCKET_KERNEL"

    package var name: String { unsafe String(cString: table.pointee.name) }

    /// The floats of scratch that attention over so many tokens takes.
    static func attentionScratchCount(tokenCount: Int, headSize: Int) -> Int {
        docket_attention_scratch(tokenCount, headSize)
    }

    /// Rows of floats to rows of bytes, each row with a range of its own.
    ///
    /// - Parameters:
    ///   - rows: `[rowCount, factors.count]`
    ///   - factors: what each column is multiplied by first
    ///   - codes: `[rowCount, factors.count]`, overwritten
    ///   - ranges: `[rowCount]`, overwritten
    func quantize(
        _ rows: UnsafePointer<Float>, rowCount: Int, factors: UnsafeBufferPointer<Float>,
        into codes: UnsafeMutablePointer<UInt8>, ranges: UnsafeMutablePointer<docket_code_range>
    ) {
        unsafe table.pointee.quantize_rows(rows, rowCount, factors.count, factors.baseAddress, codes, ranges)
    }

    func multiply(_ product: docket_code_product) {
        unsafe withUnsafePointer(to: product) { unsafe table.pointee.multiply_codes($0) }
    }

    func attend(_ attention: docket_attention) {
        unsafe withUnsafePointer(to: attention) { unsafe table.pointee.attend($0) }
    }

    /// `rows = activation(rows + bias)`, in place; `rows` is `[rowCount, bias.count]`.
    func activate(_ rows: UnsafeMutablePointer<Float>, rowCount: Int, bias: [Float], with activation: Activation) {
        unsafe table.pointee.activate_rows(rows, rowCount, bias.count, bias, activation.kernel)
    }

    /// `residual = norm(rows + bias + residual)`; both matrices are `[rowCount, columns of norm]`.
    func normalize(
        _ rows: UnsafePointer<Float>, bias: UnsafePointer<Float>, residual: UnsafeMutablePointer<Float>, rowCount: Int,
        with norm: LayerNorm
    ) {
        unsafe table.pointee.normalize_rows(
            rows, bias, residual, rowCount, norm.scale.count, norm.scale, norm.shift, norm.epsilon)
    }
}

extension Activation {
    fileprivate var kernel: docket_activation {
        switch self {
        case .gelu: docket_activation_gelu
        case .geluTanh, .geluPyTorchTanh: docket_activation_gelu_tanh
        case .relu: docket_activation_relu
        }
    }
}
