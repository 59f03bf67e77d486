/// A short mark of a vector that vectors near it nearly share: on which side of 256 fixed planes it lies.
///
/// Of two vectors at an angle θ, θ/π of the signs differ on average (Charikar 2002, "Similarity estimation techniques
/// from rounding algorithms", <https://doi.org/10.1145/509907.509965>): none of equal ones, 4 at a cosine of .999, 128 of
/// unrelated ones.
struct ProbeSketch: Equatable {
    private static let wordCount = 4
    /// Of a `description`.
    static let digitCount = 16 * wordCount
    /// Signs that two answers of one model may differ in, by rounding on another processor or in another batch; beyond a
    /// cosine of about .99 it is another model.
    private static let differenceMax = 12

    private let words: [UInt64]

    init(of vector: [Float]) {
        words = (0..<Self.wordCount).map { word in
            (0..<64).reduce(0) { bits, bit in
                Self.product(of: vector, withDirection: word * 64 + bit) < 0 ? bits | 1 << UInt64(bit) : bits
            }
        }
    }

    /// `nil` for any text but a `description`.
    init?(_ text: some StringProtocol) {
        guard text.utf8.count == Self.digitCount else { return nil }
        let parts = (0..<Self.wordCount).map { UInt64(text.dropFirst(16 * $0).prefix(16), radix: 16) }
        words = parts.compactMap(\.self)
        guard words.count == Self.wordCount, description == text else { return nil }
    }

    /// Whether both can be of one model's vectors of one text.
    func isNear(_ other: ProbeSketch) -> Bool { difference(from: other) <= Self.differenceMax }

    func difference(from other: ProbeSketch) -> Int {
        zip(words, other.words).reduce(0) { $0 + ($1.0 ^ $1.1).nonzeroBitCount }
    }

    /// The components of each direction are 1 or -1, by the bits of a hash.
    private static func product(of vector: [Float], withDirection direction: Int) -> Float {
        var sum: Float = 0
        for start in stride(from: 0, to: vector.count, by: 64) {
            let signs = mixed(UInt64(direction) << 32 | UInt64(start))
            for column in start..<min(start + 64, vector.count) {
                sum += signs >> UInt64(column - start) & 1 == 0 ? vector[column] : -vector[column]
            }
        }
        return sum
    }

    /// The output function of SplitMix64 (Steele, Lea & Flood 2014, <https://doi.org/10.1145/2660193.2660195>).
    private static func mixed(_ number: UInt64) -> UInt64 {
        var word = (number &+ 1) &* 0x9E37_79B9_7F4A_7C15
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}

extension ProbeSketch: CustomStringConvertible {
    /// `digitCount` hexadecimal digits.
    var description: String {
        words.map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}
