import CBLAS
import Foundation

/// The BLAS that the process is linked with.
package enum BLAS {
    /// What `docket doctor` prints, such as `OpenBLAS 0.3.21` with kernel set `SkylakeX`; `nil` for a BLAS that does not say.
    package static var configuration: String? { string("openblas_get_config") }
    package static var kernelSet: String? {
        _ = kernelsAreChosen
        return currentKernelSet
    }

    static var currentKernelSet: String? { string("openblas_get_corename") }

    /// Chosen once, before the first product; from then on a product computes on the thread that asks for it. How many
    /// threads work at once is for those to say who share work out, and the last bits of a product depend on the number.
    static let kernelsAreChosen: Void = {
        chooseKernels()
        guard let symbol = unsafe symbol("openblas_set_num_threads") else { return }
        let setThreadCount = unsafe unsafeBitCast(symbol, to: (@convention(c) (Int32) -> Void).self)
        setThreadCount(1)
    }()

    /// How many threads a product uses; `nil` where the BLAS does not say.
    package static var threadCount: Int? {
        _ = kernelsAreChosen
        guard let symbol = unsafe symbol("openblas_get_num_threads") else { return nil }
        let get = unsafe unsafeBitCast(symbol, to: (@convention(c) () -> Int32).self)
        return Int(get())
    }

    private static func string(_ name: String) -> String? {
        guard let symbol = unsafe symbol(name) else { return nil }
        let get = unsafe unsafeBitCast(symbol, to: (@convention(c) () -> UnsafePointer<CChar>?).self)
        return unsafe get().map { text in unsafe String(cString: text) }
    }

    /// OpenBLAS's own functions are looked up, not linked: another BLAS lacks them.
    private static func symbol(_ name: String) -> UnsafeMutableRawPointer? {
        unsafe dlsym(nil, name)
    }
}

/// `c = alpha · a · b` or `c = alpha · a · bᵀ` over row-major fp32 memory.
///
/// - Parameters:
///   - a: `[m, k]`
///   - b: `[k, n]`, or `[n, k]` when `transposed`
///   - c: `[m, n]`, overwritten
package func multiply(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, transposed: Bool, into c: UnsafeMutablePointer<Float>,
    m: Int, n: Int, k: Int, alpha: Float = 1
) {
    unsafe multiply(
        Strided(a, rowStride: k), Strided(b, rowStride: transposed ? k : n), transposed: transposed, into: c,
        rowStride: n, m: m, n: n, k: k, alpha: alpha)
}

/// A block of a wider row-major matrix: its first element, and how many elements apart its rows begin.
@unsafe package struct Strided {
    let base: UnsafePointer<Float>
    let rowStride: Int

    package init(_ base: UnsafePointer<Float>, rowStride: Int) {
        unsafe self.base = base
        unsafe self.rowStride = rowStride
    }
}

/// The same product over blocks of wider matrices, such as one attention head's columns.
///
/// - Parameters:
///   - a: `[m, k]`
///   - b: `[k, n]`, or `[n, k]` when `transposed`
///   - c: `[m, n]` with rows `rowStride` elements apart, overwritten
package func multiply(
    _ a: Strided, _ b: Strided, transposed: Bool, into c: UnsafeMutablePointer<Float>, rowStride: Int,
    m: Int, n: Int, k: Int, alpha: Float = 1
) {
    _ = BLAS.kernelsAreChosen
    unsafe cblas_sgemm(
        CblasRowMajor, CblasNoTrans, transposed ? CblasTrans : CblasNoTrans, Int32(m), Int32(n), Int32(k),
        alpha, a.base, Int32(a.rowStride), b.base, Int32(b.rowStride), 0, c, Int32(rowStride))
}

/// `y = a · x` over row-major fp32 memory: `a` is `[m, n]`, `x` has `n` elements, `y` has `m` and is overwritten.
package func multiply(
    _ a: UnsafePointer<Float>, vector x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, m: Int, n: Int
) {
    _ = BLAS.kernelsAreChosen
    unsafe cblas_sgemv(CblasRowMajor, CblasNoTrans, Int32(m), Int32(n), 1, a, Int32(n), x, 1, 0, y, 1)
}
