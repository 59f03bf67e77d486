import CKernels
import Foundation

/// The weights of a linear map as signed bytes, laid out for the kernels.
///
/// Each output has a scale of its own. A few inputs of a BERT are many times larger than the rest, and would leave the
/// others few levels; so each input is divided by a factor before it becomes a code, and its weights are multiplied by
/// it (Xiao et al. 2022, SmoothQuant, <https://arxiv.org/abs/2211.10438>).
struct CodedWeights: Sendable {
    /// How codes come about; another way makes other embeddings.
    static let scheme = 2

    /// How much of an input's range moves into its weights: of .4, .5 and .6 the one with the best lowest cosine.
    private static let smoothing: Float = 0.5
    /// Beyond this many inputs a sum of products could leave 32 bits.
    static let inputCountMax = 65_536

    /// `[outputs / 16, inputs / 4, 16, 4]`
    let codes: WeightArray<Int8>
    /// `[outputs]`
    let scales: WeightArray<Float>
    /// `[outputs]`: the sum of each output's codes, by which the inputs' zero moves its result.
    let sums: WeightArray<Int32>
    /// `[inputs]`: what each input is multiplied by before it becomes a code.
    let factors: WeightArray<Float>

    /// Whether a map of this shape can be coded.
    static func canCode(inputCount: Int, outputCount: Int) -> Bool {
        inputCount.isMultiple(of: docket_input_step) && inputCount <= inputCountMax
            && outputCount.isMultiple(of: docket_group_size)
    }

    /// Codes `weights`, `[outputs, inputs]`, for inputs whose magnitudes reach `ranges`, `[inputs]`.
    init(coding weights: Tensor, ranges: [Float]) {
        let (outputCount, inputCount) = (weights.shape[0], weights.shape[1])
        precondition(Self.canCode(inputCount: inputCount, outputCount: outputCount) && ranges.count == inputCount)
        let values = weights.values
        let smoothing = Self.smoothing(of: values, ranges: ranges)
        var codes = [Int8](repeating: 0, count: values.count)
        var scales = [Float](repeating: 0, count: outputCount)
        var sums = [Int32](repeating: 0, count: outputCount)
        for output in 0..<outputCount {
            let row = zip(values[output * inputCount..<(output + 1) * inputCount], smoothing).map { $0 * $1 }
            let largest = row.reduce(0) { max($0, abs($1)) }
            // Smaller weights add nothing, and their inverse is no number.
            guard largest >= 1e-30 else { continue }
            scales[output] = largest / 127
            for (input, value) in row.enumerated() {
                let code = Int8((value * (127 / largest)).rounded(.toNearestOrEven))
                codes[Self.place(output: output, input: input, inputCount: inputCount)] = code
                sums[output] += Int32(code)
            }
        }
        self.codes = .owned(codes)
        self.scales = .owned(scales)
        self.sums = .owned(sums)
        factors = .owned(smoothing.map { 1 / $0 })
    }

    init(
        codes: WeightArray<Int8>, scales: WeightArray<Float>, sums: WeightArray<Int32>,
        factors: WeightArray<Float>
    ) {
        precondition(codes.count == scales.count * factors.count && sums.count == scales.count)
        self.codes = codes
        self.scales = scales
        self.sums = sums
        self.factors = factors
    }

    private static func smoothing(of values: [Float], ranges: [Float]) -> [Float] {
        let floor: Float = 1e-5
        var largest = [Float](repeating: floor, count: ranges.count)
        for start in stride(from: 0, to: values.count, by: ranges.count) {
            for input in ranges.indices { largest[input] = max(largest[input], abs(values[start + input])) }
        }
        return zip(ranges, largest).map { range, weight in
            pow(max(range, floor), smoothing) / pow(weight, 1 - smoothing)
        }
    }

    private static func place(output: Int, input: Int, inputCount: Int) -> Int {
        let (group, step) = (docket_group_size, docket_input_step)
        return ((output / group * (inputCount / step) + input / step) * group + output % group) * step + input % step
    }

    /// - Parameters:
    ///   - inputs: `[rowCount, inputs]`, codes
    ///   - ranges: `[rowCount]`
    ///   - output: `[rowCount, outputs]`, overwritten
    func multiply(
        _ inputs: UnsafePointer<UInt8>, ranges: UnsafePointer<docket_code_range>, rowCount: Int,
        into output: UnsafeMutablePointer<Float>, with kernels: Kernels, by team: Team
    ) {
        let (inputCount, outputCount) = (factors.count, scales.count)
        unsafe codes.withUnsafeBufferPointer { codes in
            unsafe scales.withUnsafeBufferPointer { scales in
                unsafe sums.withUnsafeBufferPointer { sums in
                    guard let codes = codes.baseAddress, let scales = scales.baseAddress, let sums = sums.baseAddress
                    else { return }
                    team.share(outputCount, unit: Self.outputUnit) { outputs in
                        let first = outputs.lowerBound
                        unsafe kernels.multiply(
                            docket_code_product(
                                row_count: rowCount, input_count: inputCount, output_count: outputs.count,
                                codes: inputs, ranges: ranges, weights: codes + first * inputCount,
                                weight_scales: scales + first, weight_sums: sums + first, output: output + first,
                                output_stride: outputCount))
                    }
                }
            }
        }
    }

    /// Outputs that a thread takes at a time, at least: the kernels' widest tile.
    static let outputUnit = 4 * docket_group_size
}
