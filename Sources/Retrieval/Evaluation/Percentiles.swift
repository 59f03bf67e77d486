/// What half, nearly all, and all but the slowest of some times stay within.
package struct Percentiles: Sendable {
    package let p50: Double
    package let p95: Double
    package let p99: Double

    /// The nearest-rank percentiles of `times`, in their unit; 0 for none.
    init(_ times: [Double]) {
        let sorted = times.sorted()
        func percentile(_ share: Double) -> Double {
            sorted.isEmpty ? 0 : sorted[min(Int((share * Double(sorted.count)).rounded(.up)) - 1, sorted.count - 1)]
        }
        (p50, p95, p99) = (percentile(0.5), percentile(0.95), percentile(0.99))
    }
}
