import Foundation
import IndexFiles

/// The forward pass of a model at a precision, with the digest of its weights: what is slow to make, and can be kept.
struct EncoderParts {
    let encoder: BertEncoder
    let weightsDigest: String
    /// What else decides vectors: the vocabulary and its casing, the heads, the activation, the norms' ε.
    let settings: [String]
    /// Where the weights stand, and those of a head.
    let file: SafetensorsFile

    /// - Parameters:
    ///   - inputFacts: what decides vectors beside the weights and the settings: how long an input is, and its form.
    ///   - cache: a folder where coded weights are kept; without one they are made each time.
    ///   - samples: token sequences that the model is tried with before its weights are coded.
    init(
        contentsOf folder: URL, configuration: BertConfiguration, tokenizer: WordPieceTokenizer,
        precision: Precision, inputFacts: [String], cache: URL?, samples: () -> [TokenSequence]
    ) throws(ModelError) {
        let vocabulary = folder.appending(path: "vocab.txt")
        try tokenizer.check(fits: configuration, path: vocabulary.path)
        settings =
            ["vocabulary sha256 \(try digest(ofFileAt: vocabulary))"] + tokenizer.facts + configuration.facts
        let url = folder.appending(path: "model.safetensors")
        let file = try SafetensorsFile(opening: url)
        self.file = file
        guard precision == .int8 else {
            weightsDigest = try digest(ofFileAt: url)
            encoder = BertEncoder(
                configuration: configuration, weights: try BertWeights(in: file, configuration: configuration))
            return
        }
        try Self.checkShapes(configuration, path: url.path)
        let facts = settings + inputFacts
        let cached = cache.map { CodedWeightsFile.url(ofModel: folder.lastPathComponent, in: $0) }
        let kept = cached.flatMap {
            CodedWeightsFile(opening: $0, stamp: file.stamp, settings: facts, configuration: configuration)
        }
        let coded =
            if let kept { kept } else {
                try Self.coded(file, configuration, samples(), weightsDigest: try digest(ofFileAt: url))
            }
        if kept == nil, let cached {
            // A folder that cannot be written costs the next process the same time again, and nothing else.
            try? coded.write(to: cached, stamp: file.stamp, settings: facts, configuration: configuration)
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

extension WordPieceTokenizer {
    /// - Throws: `ModelError.invalidField` where the vocabulary has more tokens than the model.
    fileprivate func check(fits configuration: BertConfiguration, path: String) throws(ModelError) {
        guard vocabularySize <= configuration.vocabularySize else {
            throw .invalidField(
                path: path, field: "vocabulary", got: "\(vocabularySize) tokens",
                expected: "at most vocab_size, \(configuration.vocabularySize)")
        }
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
