import CBLAS
import Foundation

/// The BLAS that the process is linked with, and its thread count.
package enum BLAS {
    /// What `docket doctor` prints, such as `OpenBLAS 0.3.21` with kernel set `SkylakeX`; `nil` for a BLAS that does not say.
    package static var configuration: String? { string("openblas_get_config") }
    package static var kernelSet: String? {
        _ = kernelsAreChosen
        return currentKernelSet
    }

    static var currentKernelSet: String? { string("openblas_get_corename") }

    /// Chosen once, before the first product, which from then on uses the thread that asks for it: how many compute at once
    /// is for those to say who share work out.
    static let kernelsAreChosen: Void = {
        chooseKernels()
        setThreadCount(1)
    }()

    /// Sets how many threads a product may use; returns false where the BLAS cannot be told.
    @discardableResult
    package static func setThreadCount(_ count: Int) -> Bool {
        guard let symbol = unsafe symbol("openblas_set_num_threads") else { return false }
        let set = unsafe unsafeBitCast(symbol, to: (@convention(c) (Int32) -> Void).self)
        set(Int32(count))
        return true
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
