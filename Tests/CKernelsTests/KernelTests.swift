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
    ) -> (codes: [UInt8], scales: [Float]) {
        let rowCount = rows.count / columnCount
        var codes = [UInt8](repeating: 0, count: rows.count)
        var scales = [Float](repeating: -1, count: rowCount)
        kernels.pointee.quantize_rows(rows, rowCount, columnCount, factors, &codes, &scales)
        return (codes, scales)
    }

    @Test(arguments: wide, [1, 3, 8, 16, 31, 64, 65, 384]) func codesAreEqualBitForBit(_ set: Int, _ columns: Int) {
        var generator = SeededGenerator(seed: UInt64(columns))
        for largest in [Float(1), 1e-30, 1e30, 127] {
            let rows = values(5 * columns, &generator, upTo: largest)
            for factors in [nil, values(columns, &generator, upTo: 4)] {
                let got = quantized(Self.sets[set], rows, columns, factors)
                let expected = quantized(Self.scalar, rows, columns, factors)
                #expect(got.codes == expected.codes && got.scales == expected.scales)
            }
        }
    }

    @Test(arguments: sets.indices) func aCodeTimesItsScaleIsTheValue(_ set: Int) {
        var generator = SeededGenerator(seed: 7)
        let rows = values(4 * 100, &generator, upTo: 3) + [Float](repeating: 0, count: 100)
        let (codes, scales) = quantized(Self.sets[set], rows, 100, nil)
        for (index, value) in rows.enumerated() {
            let restored = Float(Int(codes[index]) - 128) * scales[index / 100]
            #expect(abs(restored - value) <= scales[index / 100] / 2 * 1.0001)
        }
        #expect(scales[4] == 0 && codes[400...].allSatisfy { $0 == 128 }, "a row of zeros")
        #expect(codes.min() == 1 || codes.max() == 255, "the largest value takes the last code")
    }

    // MARK: Products

    private func product(
        _ kernels: UnsafePointer<docket_kernels>, _ codes: [UInt8], _ weights: [Int8], rows: Int, inputs: Int,
        outputs: Int
    ) -> [Float] {
        var sums = [Int32](repeating: 0, count: outputs)
        for (index, weight) in weights.enumerated() {
            let group = index / (inputs * docket_group_size)
            sums[group * docket_group_size + index / docket_input_step % docket_group_size] += 128 * Int32(weight)
        }
        let scales = (0..<rows).map { Float($0 + 1) / 3 }
        let weightScales = (0..<outputs).map { 1 / Float($0 + 7) }
        var output = [Float](repeating: .nan, count: rows * outputs)
        output.withUnsafeMutableBufferPointer { output in
            codes.withUnsafeBufferPointer { codes in
                weights.withUnsafeBufferPointer { weights in
                    scales.withUnsafeBufferPointer { scales in
                        weightScales.withUnsafeBufferPointer { weightScales in
                            sums.withUnsafeBufferPointer { offsets in
                                var product = docket_code_product(
                                    row_count: rows, input_count: inputs, output_count: outputs,
                                    codes: codes.baseAddress, scales: scales.baseAddress,
                                    weights: weights.baseAddress, weight_scales: weightScales.baseAddress,
                                    offsets: offsets.baseAddress, output: output.baseAddress)
                                kernels.pointee.multiply_codes(&product)
                            }
                        }
                    }
                }
            }
        }
        return output
    }

    @Test(arguments: wide, [(4, 16), (12, 48), (40, 64), (384, 80), (1536, 144)])
    func productsAreEqualBitForBit(_ set: Int, _ shape: (inputs: Int, outputs: Int)) {
        var generator = SeededGenerator(seed: UInt64(shape.inputs))
        for rows in 1...14 {
            let codes = (0..<rows * shape.inputs).map { _ in UInt8.random(in: 1...255, using: &generator) }
            let weights = (0..<shape.inputs * shape.outputs).map { _ in Int8.random(in: -127...127, using: &generator) }
            let (rows, inputs, outputs) = (rows, shape.inputs, shape.outputs)
            #expect(
                product(Self.sets[set], codes, weights, rows: rows, inputs: inputs, outputs: outputs)
                    == product(Self.scalar, codes, weights, rows: rows, inputs: inputs, outputs: outputs))
        }
    }

    /// Every code and weight at the end of its range: where a kernel's sums of bytes would saturate.
    @Test(arguments: sets.indices, [(1, -127), (1, 127), (255, -127), (255, 127)] as [(UInt8, Int8)])
    func theLargestSumsAreExact(_ set: Int, _ ends: (code: UInt8, weight: Int8)) {
        let (code, weight) = ends
        let (inputs, outputs) = (1536, 16)
        let result = product(
            Self.sets[set], [UInt8](repeating: code, count: inputs), [Int8](repeating: weight, count: inputs * outputs),
            rows: 1, inputs: inputs, outputs: outputs)
        for (output, value) in result.enumerated() {
            let sum = Float(inputs * (Int(code) - 128) * Int(weight))
            #expect(value == sum * (Float(1) / 3 * (1 / Float(output + 7))))
        }
    }

    // MARK: Attention

    private func context(
        _ kernels: UnsafePointer<docket_kernels>, _ values: [Float], _ bias: [Float], tokens: Int, heads: Int, size: Int
    ) -> [Float] {
        var scratch = [Float](repeating: .nan, count: docket_attention_scratch(tokens, size))
        var context = [Float](repeating: .nan, count: tokens * heads * size)
        scratch.withUnsafeMutableBufferPointer { scratch in
            context.withUnsafeMutableBufferPointer { context in
                values.withUnsafeBufferPointer { values in
                    bias.withUnsafeBufferPointer { bias in
                        var attention = docket_attention(
                            token_count: tokens, head_count: heads, head_size: size,
                            query_key_value: values.baseAddress, bias: bias.baseAddress, scratch: scratch.baseAddress,
                            context: context.baseAddress)
                        kernels.pointee.attend(&attention)
                    }
                }
            }
        }
        return context
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

    @Test(arguments: wide, [1, 15, 16, 17, 48, 384]) func normsEqualTheSpecification(_ set: Int, _ columns: Int) {
        var generator = SeededGenerator(seed: UInt64(columns))
        let (rows, residual) = (values(6 * columns, &generator), values(6 * columns, &generator, upTo: 5))
        let (bias, scale, shift) = (
            values(columns, &generator), values(columns, &generator), values(columns, &generator)
        )
        var (got, expected) = (residual, residual)
        Self.sets[set].pointee.normalize_rows(rows, bias, &got, 6, columns, scale, shift, 1e-12)
        Self.scalar.pointee.normalize_rows(rows, bias, &expected, 6, columns, scale, shift, 1e-12)
        #expect(columns == 1 || worst(got, expected) < 1e-5)
    }
}
