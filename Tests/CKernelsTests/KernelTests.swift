import CKernels
import TestSupport
import Testing

/// Every instruction set that this machine has, against the specification.
@Suite struct KernelTests {
    /// By their places in the list: 0 is the best, the scalar ones are the last.
    nonisolated(unsafe) static let sets: [UnsafePointer<docket_kernels>] = {
        var sets: [UnsafePointer<docket_kernels>] = []
        while let next = docket_kernels_at(sets.count) { sets.append(next) }
        return sets
    }()
    static let wide = Array(0..<sets.count - 1)
    nonisolated(unsafe) private static let scalar = sets[sets.count - 1]

    private func values(_ count: Int, _ generator: inout SeededGenerator, upTo largest: Float = 1) -> [Float] {
        (0..<count).map { _ in Float.random(in: -largest...largest, using: &generator) }
    }

    private func worst(_ a: [Float], _ b: [Float]) -> Float {
        zip(a, b).reduce(0) { $1.0.isFinite ? max($0, abs($1.0 - $1.1)) : .infinity }
    }

    @Test func theScalarOnesComeLast() {
        #expect(String(cString: Self.scalar.pointee.name) == "scalar")
        #expect(Set(Self.sets.map { String(cString: $0.pointee.name) }).count == Self.sets.count)
    }

    // MARK: Codes

    private func quantized(
        _ kernels: UnsafePointer<docket_kernels>, _ rows: [Float], _ columnCount: Int, _ factors: [Float]?
    ) -> (codes: [UInt8], ranges: [docket_code_range]) {
        let rowCount = rows.count / columnCount
        var codes = [UInt8](repeating: 0, count: rows.count)
        var ranges = [docket_code_range](repeating: docket_code_range(), count: rowCount)
        kernels.pointee.quantize_rows(rows, rowCount, columnCount, factors, &codes, &ranges)
        return (codes, ranges)
    }

    @Test(arguments: wide, [1, 3, 8, 16, 31, 64, 65, 384]) func codesAreEqualBitForBit(_ set: Int, _ columns: Int) {
        var generator = SeededGenerator(seed: UInt64(columns))
        for largest in [Float(1), 1e-30, 1e30, 127] {
            for shift in [Float(0), 0.9, -0.9, 1, -1] {
                let rows = values(5 * columns, &generator, upTo: largest).map { $0 + shift * largest }
                for factors in [nil, values(columns, &generator, upTo: 4)] {
                    let got = quantized(Self.sets[set], rows, columns, factors)
                    let expected = quantized(Self.scalar, rows, columns, factors)
                    #expect(got.codes == expected.codes)
                    #expect(got.ranges.map(\.scale) == expected.ranges.map(\.scale))
                    #expect(got.ranges.map(\.zero) == expected.ranges.map(\.zero))
                }
            }
        }
    }

    @Test(arguments: sets.indices, [Float(0), 2.9, 3, -3]) func aCodeStandsForItsValue(_ set: Int, _ shift: Float) {
        var generator = SeededGenerator(seed: 7)
        let rows = values(4 * 100, &generator, upTo: 3).map { $0 + shift } + [Float](repeating: 0, count: 100)
        let (codes, ranges) = quantized(Self.sets[set], rows, 100, nil)
        for (index, value) in rows.enumerated() {
            let range = ranges[index / 100]
            let restored = Float(Int32(codes[index]) - range.zero) * range.scale
            // Half a step for the code, and as much again where the end of the range is off by the zero's rounding.
            #expect(abs(restored - value) <= range.scale * 1.001)
        }
        #expect(ranges[4].scale == 0 && ranges[4].zero == 0 && codes[400...].allSatisfy { $0 == 0 }, "a row of zeros")
        #expect(ranges[0...3].allSatisfy { (0...255).contains($0.zero) })
        #expect(codes[0..<400].min() == 0 || shift == 3, "the whole range is used")
        #expect(codes[0..<400].max() == 255 || shift == -3)
    }

    // MARK: Products

    private func product(
        _ kernels: UnsafePointer<docket_kernels>, _ codes: [UInt8], _ weights: [Int8], rows: Int, inputs: Int,
        outputs: Int, zero: Int32? = nil
    ) -> [Float] {
        var sums = [Int32](repeating: 0, count: outputs)
        for (index, weight) in weights.enumerated() {
            let group = index / (inputs * docket_group_size)
            sums[group * docket_group_size + index / docket_input_step % docket_group_size] += Int32(weight)
        }
        let ranges = (0..<rows).map { docket_code_range(scale: Float($0 + 1) / 3, zero: zero ?? Int32($0 * 37 % 256)) }
        let weightScales = (0..<outputs).map { 1 / Float($0 + 7) }
        // Wider than the product by a column on its left and two on its right, which belong to others.
        let stride = outputs + 3
        var output = [Float](repeating: Self.guardValue, count: rows * stride)
        output.withUnsafeMutableBufferPointer { output in
            codes.withUnsafeBufferPointer { codes in
                weights.withUnsafeBufferPointer { weights in
                    ranges.withUnsafeBufferPointer { ranges in
                        weightScales.withUnsafeBufferPointer { weightScales in
                            sums.withUnsafeBufferPointer { sums in
                                var product = docket_code_product(
                                    row_count: rows, input_count: inputs, output_count: outputs,
                                    codes: codes.baseAddress, ranges: ranges.baseAddress,
                                    weights: weights.baseAddress, weight_scales: weightScales.baseAddress,
                                    weight_sums: sums.baseAddress, output: output.baseAddress! + 1,
                                    output_stride: stride)
                                kernels.pointee.multiply_codes(&product)
                            }
                        }
                    }
                }
            }
        }
        #expect(output.indices.allSatisfy { (1...outputs).contains($0 % stride) || output[$0] == Self.guardValue })
        return output.indices.filter { (1...outputs).contains($0 % stride) }.map { output[$0] }
    }

    @Test(arguments: wide, [(4, 16), (12, 48), (40, 64), (384, 80), (1536, 144)])
    func productsAreEqualBitForBit(_ set: Int, _ shape: (inputs: Int, outputs: Int)) {
        var generator = SeededGenerator(seed: UInt64(shape.inputs))
        for rows in 1...14 {
            let codes = (0..<rows * shape.inputs).map { _ in UInt8.random(in: 0...255, using: &generator) }
            let weights = (0..<shape.inputs * shape.outputs).map { _ in Int8.random(in: -127...127, using: &generator) }
            let (rows, inputs, outputs) = (rows, shape.inputs, shape.outputs)
            #expect(
                product(Self.sets[set], codes, weights, rows: rows, inputs: inputs, outputs: outputs)
                    == product(Self.scalar, codes, weights, rows: rows, inputs: inputs, outputs: outputs))
        }
    }

    /// Every code and weight at the end of its range: where a kernel's sums of bytes would saturate.
    @Test(arguments: sets.indices, [(0, 255, -127), (0, 255, 127), (255, 0, -127), (255, 0, 127), (3, 255, 127)])
    func theLargestSumsAreExact(_ set: Int, _ ends: (zero: Int, code: Int, weight: Int)) {
        let (inputs, outputs) = (65_536, 16)
        let result = product(
            Self.sets[set], [UInt8](repeating: UInt8(ends.code), count: inputs),
            [Int8](repeating: Int8(ends.weight), count: inputs * outputs), rows: 1, inputs: inputs, outputs: outputs,
            zero: Int32(ends.zero))
        for (output, value) in result.enumerated() {
            let sum = Float(inputs * (ends.code - ends.zero) * ends.weight)
            #expect(value == sum * (Float(1) / 3 * (1 / Float(output + 7))))
        }
    }

    // MARK: Attention

    /// Where a kernel has no business to write.
    private static let guardValue: Float = 1234.5

    private func context(
        _ kernels: UnsafePointer<docket_kernels>, _ values: [Float], _ bias: [Float], tokens: Int, heads: Int, size: Int
    ) -> [Float] {
        let scratchCount = docket_attention_scratch(tokens, size)
        var scratch = [Float](repeating: .nan, count: scratchCount) + [Self.guardValue]
        var context = [Float](repeating: .nan, count: tokens * heads * size) + [Self.guardValue]
        // The first head by itself, then the others.
        for part in [0..<1, 1..<heads] where !part.isEmpty {
            scratch.withUnsafeMutableBufferPointer { scratch in
                context.withUnsafeMutableBufferPointer { context in
                    values.withUnsafeBufferPointer { values in
                        bias.withUnsafeBufferPointer { bias in
                            var attention = docket_attention(
                                token_count: tokens, head_count: heads, head_size: size, first_head: part.lowerBound,
                                head_end: part.upperBound, query_key_value: values.baseAddress,
                                bias: bias.baseAddress, scratch: scratch.baseAddress, context: context.baseAddress)
                            kernels.pointee.attend(&attention)
                        }
                    }
                }
            }
        }
        #expect(scratch.last == Self.guardValue && context.last == Self.guardValue)
        return context.dropLast()
    }

    @Test(arguments: wide, [1, 2, 7, 8, 9, 16, 23, 48, 49, 130])
    func attentionEqualsTheSpecification(_ set: Int, _ tokens: Int) {
        var generator = SeededGenerator(seed: UInt64(tokens))
        for (heads, size) in [(1, 1), (4, 12), (3, 16), (2, 20), (2, 32), (2, 64), (1, 72)] {
            for largest in [Float(0.1), 3] {
                let input = values(3 * tokens * heads * size, &generator, upTo: largest)
                let bias = values(3 * heads * size, &generator)
                let got = context(Self.sets[set], input, bias, tokens: tokens, heads: heads, size: size)
                let expected = context(Self.scalar, input, bias, tokens: tokens, heads: heads, size: size)
                #expect(worst(got, expected) < 1e-5, "\(heads) heads of \(size)")
            }
        }
    }

    /// One key that beats all others by far, before and behind a vector's end.
    @Test(arguments: sets.indices, [0, 15, 16, 22]) func aScoreFarAboveTheRestTakesAllTheWeight(_ set: Int, _ key: Int)
    {
        var input = [Float](repeating: 0, count: 23 * 3 * 16)
        for token in 0..<23 {
            for column in 0..<16 {
                input[token * 48 + column] = 10
                input[token * 48 + 16 + column] = token == key ? 10 : -10
                input[token * 48 + 32 + column] = Float(token)
            }
        }
        let bias = [Float](repeating: 0, count: 48)
        let result = context(Self.sets[set], input, bias, tokens: 23, heads: 1, size: 16)
        #expect(result.allSatisfy { abs($0 - Float(key)) < 1e-5 })
    }

    // MARK: Rows

    @Test(arguments: wide, [1, 15, 16, 17, 96]) func activationsEqualTheSpecification(_ set: Int, _ columns: Int) {
        var generator = SeededGenerator(seed: UInt64(columns))
        for activation in [docket_activation_gelu, docket_activation_gelu_tanh, docket_activation_relu] {
            let input = values(20 * columns, &generator, upTo: 12)
            let bias = values(columns, &generator)
            var (got, expected) = (input, input)
            Self.sets[set].pointee.activate_rows(&got, 20, columns, bias, activation)
            Self.scalar.pointee.activate_rows(&expected, 20, columns, bias, activation)
            #expect(worst(got, expected) < 2e-6)
        }
    }

    /// What lies beyond where a kernel computes, and what is no number.
    @Test(arguments: sets.indices) func activationsKeepTheirEnds(_ set: Int) {
        let input: [Float] = [.nan, 3e30, -3e30, 100, -100, 5.3, -5.3, 0]
        for activation in [docket_activation_gelu, docket_activation_gelu_tanh] {
            var got = input
            Self.sets[set].pointee.activate_rows(&got, 1, got.count, [Float](repeating: 0, count: 8), activation)
            #expect(got[0].isNaN && abs(got[2]) < 1e-6 && abs(got[4]) < 1e-6 && got[7] == 0)
            #expect(abs(got[1] / 3e30 - 1) < 1e-6 && abs(got[3] / 100 - 1) < 1e-6)
            #expect(abs(got[5] - 5.3) < 1e-5 && abs(got[6]) < 1e-5)
        }
    }

    @Test(arguments: wide, [1, 15, 16, 17, 48, 384]) func normsEqualTheSpecification(_ set: Int, _ columns: Int) {
        var generator = SeededGenerator(seed: UInt64(columns))
        let (rows, residual) = (values(6 * columns, &generator), values(6 * columns, &generator, upTo: 5))
        let (bias, scale, shift) = (
            values(columns, &generator), values(columns, &generator), values(columns, &generator)
        )
        var (got, expected) = (residual, residual)
        Self.sets[set].pointee.normalize_rows(rows, bias, &got, 6, columns, scale, shift, 1e-12)
        Self.scalar.pointee.normalize_rows(rows, bias, &expected, 6, columns, scale, shift, 1e-12)
        #expect(worst(got, expected) < 1e-5)
    }
}
