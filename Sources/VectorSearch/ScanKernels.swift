import CKernels

/// The processor's kernels, chosen at start.
enum ScanKernels {
    nonisolated(unsafe) static let table = unsafe docket_kernels_best()!

    /// The places, counted from the slice's first, of the values that are at least `least`, in order.
    static func places(of values: ArraySlice<Float>, least: Float) -> [UInt32] {
        unsafe values.withUnsafeBufferPointer { values in
            unsafe [UInt32](unsafeUninitializedCapacity: values.count) { places, count in
                count = unsafe table.pointee.select_values(
                    values.baseAddress, values.count, least, places.baseAddress)
            }
        }
    }
}
