import CKernels
import TestSupport
import Testing

/// The kernels of the search among vectors, against the specification.
@Suite struct ScanKernelTests {
    private static let wide = KernelTests.wide
    private static let dimensions = Array(1...70) + [127, 128, 129, 384, 511, 512, 513, 1024, 1025]

    /// A scan of three blocks.
    private struct Scan {
        var nibbleCount: Int
        var pairCount: Int
        var blocks: [UInt8]
        var weights: [Int8]
        var multipliers: [Int32]
        var errorMultiplier: Int32
        var errorWeight: Int8

        func run(_ set: Int, threshold: Int32) -> (places: [UInt32], bounds: [Int32]) {
            var places = [UInt32](repeating: 0, count: 96)
            var bounds = [Int32](repeating: 0, count: 96)
            let found = weights.withUnsafeBufferPointer { weights in
                multipliers.withUnsafeBufferPointer { multipliers in
                    var scan = docket_code_scan(
                        nibble_count: nibbleCount, pair_count: pairCount, weights: weights.baseAddress,
                        multipliers: multipliers.baseAddress, error_multiplier: errorMultiplier,
                        error_weights: (errorWeight, 1, errorWeight, 127))
                    return KernelTests.sets[set].pointee.scan_blocks(&scan, blocks, 3, threshold, &places, &bounds)
                }
            }
            return (Array(places[..<found]), Array(bounds[..<found]))
        }
    }

    /// - Parameter extreme: every weight, with codes and errors as large as can be; else they are random.
    private func scan(dimension: Int, nibbleShare: Double, extreme: Int8?) -> Scan {
        var generator = SeededGenerator(seed: UInt64(dimension))
        let leading = nibbleShare < 1 ? Int(nibbleShare * Double(dimension)) / 64 * 64 : (dimension + 7) / 8 * 8
        let others = nibbleShare < 1 ? (dimension - leading + 15) / 16 * 16 : 0
        let size = docket_block_bytes(leading, others)
        var blocks = (0..<3 * size).map { _ in extreme == nil ? UInt8.random(in: 0...255, using: &generator) : 255 }
        for block in 0..<3 { for byte in 0..<128 { blocks[block * size + byte] &= 127 } }
        let weights = (0..<leading + others).map { _ in extreme ?? Int8.random(in: -127...127, using: &generator) }
        // The largest sum that cannot overflow.
        var multipliers = [Int32](repeating: 1, count: (leading + others + 63) / 64)
        multipliers[0] = 16_384 - 7 - Int32(multipliers.count - 1)
        return Scan(
            nibbleCount: leading, pairCount: others, blocks: blocks, weights: weights, multipliers: multipliers,
            errorMultiplier: 7, errorWeight: extreme == nil ? 3 : 127)
    }

    @Test(arguments: wide, dimensions) func boundsAreEqualBitForBit(set: Int, dimension: Int) {
        for nibbleShare in [0, 0.5, 1] {
            for extreme in [nil, 127 as Int8, -127] {
                let scan = scan(dimension: dimension, nibbleShare: nibbleShare, extreme: extreme)
                for threshold in [Int32.min, 0, 1000, .max] {
                    let got = scan.run(set, threshold: threshold)
                    let expected = scan.run(KernelTests.sets.count - 1, threshold: threshold)
                    #expect(got.places == expected.places && got.bounds == expected.bounds)
                    #expect(threshold > .min || got.places.count == 96)
                }
            }
        }
    }

    /// The specification itself, against sums in Swift that know the codes before they are packed.
    @Test func aBoundIsTheSumOfItsCodes() {
        let (nibbles, pairs) = (64, 32)
        var generator = SeededGenerator(seed: 5)
        let codes = (0..<96).map { component in
            UInt8.random(in: 0...(component < nibbles ? 15 : 3), using: &generator)
        }
        let weights = (0..<96).map { _ in Int8.random(in: -127...127, using: &generator) }
        var block = [UInt8](repeating: 0, count: docket_block_bytes(nibbles, pairs))
        let row = 9
        for (component, code) in codes.enumerated() {
            let other = component - nibbles
            let line = other < 0 ? 1 + component / 8 : 1 + nibbles / 8 + other / 16
            let bit = other < 0 ? component % 8 / 4 * 4 : other % 16 / 4 * 2
            block[line * 128 + row * 4 + component % 4] |= code << UInt8(bit)
        }
        for (index, error) in [UInt8(127), 1, 2, 3].enumerated() { block[row * 4 + index] = error }
        let scan = Scan(
            nibbleCount: nibbles, pairCount: pairs, blocks: block + block + block, weights: weights,
            multipliers: [100, 3], errorMultiplier: 11, errorWeight: 5)
        let sums = [0..<64, 64..<96].map { group in group.reduce(0) { $0 + Int32(codes[$1]) * Int32(weights[$1]) } }
        let expected = 100 * sums[0] + 3 * sums[1] + 11 * (127 * 5 + 1 + 2 * 5 + 3 * 127)
        for set in KernelTests.sets.indices {
            let got = scan.run(set, threshold: .min)
            #expect(got.bounds[row] == expected && got.bounds[row + 64] == expected)
        }
    }

    @Test(arguments: wide, [128, 256, 384, 1152]) func rowsAreMultipliedBitForBit(set: Int, columns: Int) {
        var generator = SeededGenerator(seed: UInt64(columns))
        for extreme in [false, true] {
            let codes = (0..<20 * columns).map { _ in extreme ? 255 : UInt8.random(in: 0...255, using: &generator) }
            let query = (0..<columns).map { _ in extreme ? -127 : Int8.random(in: -127...127, using: &generator) }
            let rows: [UInt32] = [19, 0, 3, 3, 7, 11, 12, 13, 1]
            let sums = [set, KernelTests.sets.count - 1].map { set in
                var sums = [Int32](repeating: 0, count: rows.count)
                KernelTests.sets[set].pointee.dot_rows(codes, columns, query, rows, rows.count, &sums)
                return sums
            }
            #expect(sums[0] == sums[1])
        }
    }

    @Test(arguments: wide, [0, 1, 15, 16, 63, 64, 65, 1000]) func valuesAreSelectedAlike(set: Int, count: Int) {
        var generator = SeededGenerator(seed: UInt64(count))
        var values = generator.values(count)
        if count > 20 { values[17] = .nan }
        for threshold in [-Float.infinity, -2, 0, 0.9, 2, .infinity] {
            let selected = [set, KernelTests.sets.count - 1].map { set in
                var places = [UInt32](repeating: 0, count: count)
                let found = KernelTests.sets[set].pointee.select_values(values, count, threshold, &places)
                return Array(places[..<found])
            }
            #expect(selected[0] == selected[1])
        }
    }
}
