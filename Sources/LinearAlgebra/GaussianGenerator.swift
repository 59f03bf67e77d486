import Foundation

/// Normally distributed numbers, the same for the same seed: SplitMix64 (Steele, Lea & Flood 2014,
/// <https://doi.org/10.1145/2660193.2660195>) through Box and Muller's transform (1958).
struct GaussianGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

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
    private mutating func uniform() -> Double { Double(next() >> 11) / Double(1 << 53 as UInt64) }

    private mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
