import CKernels
import LinearAlgebra

/// A linear map `y = x · Wᵀ`; its bias is added by whatever runs next over the rows, which saves a pass.
struct Linear: Sendable {
    /// The linear maps of a layer, and which of a model's layers: what measured ranges and coded weights are filed under.
    struct Name: Hashable, Sendable {
        enum Part: String, CaseIterable {
            case queryKeyValue = "qkv"
            case attentionOutput = "att"
            case intermediate = "up"
            case output = "down"
        }
        let layer: Int
        let part: Part

        var text: String { "\(layer).\(part.rawValue)" }

        /// Every map of a model, in the order in which they run.
        static func all(_ configuration: BertConfiguration) -> [Name] {
            (0..<configuration.layerCount).flatMap { layer in Part.allCases.map { Name(layer: layer, part: $0) } }
        }

        func shape(_ configuration: BertConfiguration) -> (inputCount: Int, outputCount: Int) {
            let (hidden, intermediate) = (configuration.hiddenSize, configuration.intermediateSize)
            return switch part {
            case .queryKeyValue: (hidden, 3 * hidden)
            case .attentionOutput: (hidden, hidden)
            case .intermediate: (hidden, intermediate)
            case .output: (intermediate, hidden)
            }
        }
    }

    enum Form: Sendable {
        /// `[outputs, inputs]`, as PyTorch stores it.
        case floats(Tensor)
        case codes(CodedWeights)
    }

    let name: Name
    let form: Form
    /// `[outputs]`
    let bias: [Float]
    let inputCount: Int

    var outputCount: Int { bias.count }

    /// - Parameters:
    ///   - input: `[rowCount, inputs]`
    ///   - output: `[rowCount, outputs]`, overwritten
    ///   - workspace: has room for the input's codes
    func apply(
        to input: UnsafePointer<Float>, rowCount: Int, into output: UnsafeMutablePointer<Float>,
        in workspace: borrowing Workspace, by team: Team
    ) {
        switch form {
        case .floats(let weights):
            unsafe workspace.observed?.observe(input, rowCount: rowCount, inputCount: inputCount, of: name)
            unsafe weights.withUnsafeBufferPointer { weights in
                guard let weights = weights.baseAddress else { return }
                team.share(outputCount, unit: CodedWeights.outputUnit) { outputs in
                    unsafe LinearAlgebra.multiply(
                        Strided(input, rowStride: inputCount),
                        Strided(weights + outputs.lowerBound * inputCount, rowStride: inputCount), transposed: true,
                        into: output + outputs.lowerBound, rowStride: outputCount, m: rowCount, n: outputs.count,
                        k: inputCount)
                }
            }
        case .codes(let weights):
            let (codes, ranges) = unsafe (workspace.codes.base, workspace.codeRanges.base)
            let kernels = workspace.kernels
            unsafe weights.factors.withUnsafeBufferPointer { factors in
                team.share(rowCount) { rows in
                    let first = rows.lowerBound * inputCount
                    unsafe kernels.quantize(
                        input + first, rowCount: rows.count, factors: factors, into: codes + first,
                        ranges: ranges + rows.lowerBound)
                }
            }
            unsafe weights.multiply(codes, ranges: ranges, rowCount: rowCount, into: output, with: kernels, by: team)
        }
    }
}
