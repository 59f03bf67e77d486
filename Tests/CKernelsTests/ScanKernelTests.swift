import CKernels
import TestSupport
import Testing

/// The kernels of the search among vectors, against the specification.
@Suite struct ScanKernelTests {
    private static let wide = KernelTests.wide
    private static let dimensions = Array(1...70) + [127, 128, 129, 384, 511, 512, 513, 1024, 1025]

    private func scan(
        _ set: Int, _ blocks: [UInt8], weights: [Int8], shifts: [UInt8], errors: Int8, count: Int, threshold: Int32
    ) -> (places: [UInt32], bounds: [Int32]) {
        var places = [UInt32](repeating: 0, count: count * 32)
        var bounds = [Int32](repeating: 0, count: count * 32)
        let found = weights.withUnsafeBufferPointer { weights in
            shifts.withUnsafeBufferPointer { shifts in
                var scan = docket_code_scan(
                    component_count: weights.count, weights: weights.baseAddress, shifts: shifts.baseAddress,
                    error_weights: (errors, 1, errors, 127))
                return KernelTests.sets[set].pointee.scan_blocks(&scan, blocks, count, threshold, &places, &bounds)
            }
        }
        return (Array(places[..<found]), Array(bounds[..<found]))
    }

    @Test(arguments: wide, dimensions) func boundsAreEqualBitForBit(set: Int, dimension: Int) {
        var generator = SeededGenerator(seed: UInt64(dimension))
        let count = (dimension + 7) / 8 * 8
        let size = (1 + count / 8) * 128
        for extreme in [nil, 127 as Int8, -127] {
            var blocks = (0..<3 * size).map { _ in extreme == nil ? UInt8.random(in: 0...255, using: &generator) : 255 }
            for block in 0..<3 { for byte in 0..<128 { blocks[block * size + byte] &= 127 } }
            let weights = (0..<count).map { _ in extreme ?? Int8.random(in: -127...127, using: &generator) }
            var shifts = [UInt8](repeating: 0, count: (count + 63) / 64)
            if shifts.count > 1 { shifts[1] = 8 }
            for threshold in [Int32.min, 0, 1000, .max] {
                let got = scan(
                    set, blocks, weights: weights, shifts: shifts, errors: extreme ?? 3, count: 3, threshold: threshold)
                let expected = scan(
                    KernelTests.sets.count - 1, blocks, weights: weights, shifts: shifts, errors: extreme ?? 3,
                    count: 3, threshold: threshold)
                #expect(got.places == expected.places && got.bounds == expected.bounds)
                #expect(threshold > .min || got.places.count == 96)
            }
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
