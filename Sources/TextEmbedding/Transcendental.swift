// The C library's expf and erff cost a call for each value and keep a loop from being vectorised. These have no branch
// and no call, so that the compiler runs as many lanes as the processor has.

/// eˣ with a relative error below 2e-7; the argument is clamped to where the result is a normal number.
///
/// x = n·ln 2 + r with |r| ≤ ln 2 / 2; eʳ by the polynomial of the Cephes library's `expf` (Moshier 1992,
/// <https://www.netlib.org/cephes/>), 2ⁿ by the exponent's bits.
@inline(__always)
package func exponential(_ argument: Float) -> Float {
    var x = argument > -87 ? argument : -87
    x = x < 88 ? x : 88
    // Adding 1.5·2²³ leaves the nearest integer in the low bits of the sum, and subtracting it again gives it as a value.
    let shifted = x * 1.442_695_04 + 12_582_912
    let n = shifted - 12_582_912
    let r = (x - n * 0.693_359_375) + n * 2.121_944_4e-4
    var p: Float = 1.987_569_15e-4
    p = p * r + 1.398_199_95e-3
    p = p * r + 8.333_451_9e-3
    p = p * r + 4.166_579_6e-2
    p = p * r + 1.666_666_5e-1
    p = p * r + 5.000_000_1e-1
    let fraction = p * r * r + r + 1
    return Float(bitPattern: fraction.bitPattern &+ shifted.bitPattern &<< 23)
}

/// erf(x) with an absolute error below 5e-7.
///
/// Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.26 (itself within 1.5e-7).
@inline(__always)
package func errorFunction(_ x: Float) -> Float {
    let magnitude = Float(bitPattern: x.bitPattern & 0x7FFF_FFFF)
    let t = 1 / (1 + 0.327_591_1 * magnitude)
    var p: Float = 1.061_405_429
    p = p * t - 1.453_152_027
    p = p * t + 1.421_413_741
    p = p * t - 0.284_496_736
    p = p * t + 0.254_829_592
    let result = 1 - p * t * exponential(-magnitude * magnitude)
    return Float(bitPattern: result.bitPattern | (x.bitPattern & 0x8000_0000))
}
