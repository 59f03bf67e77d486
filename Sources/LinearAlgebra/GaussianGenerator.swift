import Foundation

/// Normally distributed numbers, the same for the same seed: SplitMix64 through Box and Muller's transform (1958).
struct GaussianGenerator {
    private var words: SplitMix64

    init(seed: UInt64) { words = SplitMix64(seed: seed) }

    /// Numbers of mean 0 and variance 1.
    mutating func values(_ count: Int) -> [Float] {
        var values: [Float] = []
        values.reserveCapacity(count + 1)
        while values.count < count {
            // Never 0, which has no logarithm.
            let radius = (-2 * log(1 - uniform())).squareRoot()
            let angle = 2 * Double.pi * uniform()
            values.append(Float(radius * cos(angle)))
            values.append(Float(radius * sin(angle)))
        }
        return Array(values.prefix(count))
    }

    /// From 0 up to, but not including, 1.
    private mutating func uniform() -> Double { Double(words.next() >> 11) / Double(1 << 53 as UInt64) }
}
