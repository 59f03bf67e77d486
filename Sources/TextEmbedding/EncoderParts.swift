import Foundation
import IndexFiles

/// The forward pass of a model at a precision, with the digest of its weights: what is slow to make, and can be kept.
struct EncoderParts {
    let encoder: BertEncoder
    let weightsDigest: String

    /// - Parameters:
    ///   - settings: what decides vectors beside the weights, as the fingerprint has it.
    ///   - cache: a folder where coded weights are kept; without one they are made each time.
    ///   - samples: token sequences that the model is tried with before its weights are coded.
    init(
        contentsOf folder: URL, configuration: BertConfiguration, precision: Precision, settings: [String],
        cache: URL?,
        samples: () -> [TokenSequence]
    ) throws(ModelError) {
        let url = folder.appending(path: "model.safetensors")
        let file = try SafetensorsFile(opening: url)
        guard precision == .int8 else {
            weightsDigest = try digest(ofFileAt: url)
            encoder = BertEncoder(
                configuration: configuration, weights: try BertWeights(in: file, configuration: configuration))
            return
        }
        try Self.checkShapes(configuration, path: url.path)
        let cached = cache.map { CodedWeightsFile.url(ofModel: folder.lastPathComponent, in: $0) }
        let kept = cached.flatMap {
            CodedWeightsFile(opening: $0, stamp: file.stamp, settings: settings, configuration: configuration)
        }
        let coded =
            if let kept { kept } else {
                try Self.coded(file, configuration, samples(), weightsDigest: try digest(ofFileAt: url))
            }
        if kept == nil, let cached {
            // A folder that cannot be written costs the next process the same time again, and nothing else.
            try? coded.write(to: cached, stamp: file.stamp, settings: settings, configuration: configuration)
        }
        weightsDigest = coded.weightsDigest
        encoder = BertEncoder(
            configuration: configuration,
            weights: try BertWeights(in: file, configuration: configuration, codes: coded.codes))
    }

    private static func checkShapes(_ configuration: BertConfiguration, path: String) throws(ModelError) {
        for name in Linear.Name.all(configuration) {
            let (inputCount, outputCount) = name.shape(configuration)
            guard CodedWeights.canCode(inputCount: inputCount, outputCount: outputCount) else {
                throw .unsupported(
                    path: path, field: "precision", got: "int8 with sizes \(inputCount) and \(outputCount)",
                    expected: ["fp32", "int8 with sizes divisible by 16"])
            }
        }
    }

    /// Codes the weights for the ranges that the model's activations take.
    private static func coded(
        _ file: SafetensorsFile, _ configuration: BertConfiguration, _ samples: [TokenSequence], weightsDigest: String
    ) throws(ModelError) -> CodedWeightsFile {
        let encoder = BertEncoder(
            configuration: configuration, weights: try BertWeights(in: file, configuration: configuration))
        let ranges = ActivationRanges()
        var workspace = Workspace()
        workspace.observed = ranges
        // Nobody can stop it.
        for sample in samples {
            _ = try? Team.with(1) { team throws(EncodingError) in
                try encoder.run(TokenBatch([sample]), in: &workspace, by: team)
            }
        }
        var codes: [Linear.Name: CodedWeights] = [:]
        for linear in encoder.weights.layers.flatMap(\.linearMaps) {
            guard case .floats(let weights) = linear.form else { continue }
            guard weights.values.allSatisfy(\.isFinite) else {
                throw .invalidField(
                    path: file.path, field: "\(linear.name.text)", got: "a weight that is no number",
                    expected: "finite weights")
            }
            codes[linear.name] = CodedWeights(coding: weights, ranges: ranges[linear.name])
        }
        return CodedWeightsFile(weightsDigest: weightsDigest, codes: codes)
    }
}

/// SHA-256, lower-case hexadecimal.
func digest(ofFileAt url: URL) throws(ModelError) -> String {
    do {
        return try sha256(ofFileAt: url)
    } catch {
        throw .unreadable(error)
    }
}
