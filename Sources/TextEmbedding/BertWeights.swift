import Foundation

/// The weights of a BERT encoder, read once and ready for the products.
struct BertWeights: Sendable {
    /// One transformer layer.
    struct Layer: Sendable {
        /// Query, key and value in one product: `[3 · hidden, hidden]`.
        let queryKeyValue: Linear
        let attentionOutput: Linear
        let attentionNorm: LayerNorm
        let intermediate: Linear
        let output: Linear
        let outputNorm: LayerNorm

        var linearMaps: [Linear] { [queryKeyValue, attentionOutput, intermediate, output] }
    }

    let wordEmbeddings: Tensor
    let positionEmbeddings: Tensor
    let typeEmbeddings: Tensor
    let embeddingNorm: LayerNorm
    let layers: [Layer]

    /// Reads the tensors that the configuration calls for; some exports write their names behind `bert.`.
    ///
    /// - Parameter codes: takes the place of the linear maps' weights where given; their biases are read all the same.
    init(
        in file: SafetensorsFile, configuration: BertConfiguration, codes: [Linear.Name: CodedWeights]? = nil
    ) throws(ModelError) {
        let prefix = file.contains("bert.embeddings.word_embeddings.weight") ? "bert." : ""
        let reader = TensorReader(file: file, prefix: prefix, configuration: configuration, codes: codes)
        let hidden = configuration.hiddenSize
        wordEmbeddings = try reader.tensor(
            "embeddings.word_embeddings.weight", [configuration.vocabularySize, hidden])
        positionEmbeddings = try reader.tensor(
            "embeddings.position_embeddings.weight", [configuration.positionCount, hidden])
        typeEmbeddings = try reader.tensor(
            "embeddings.token_type_embeddings.weight", [configuration.typeCount, hidden])
        embeddingNorm = try reader.norm("embeddings.LayerNorm")
        var layers: [Layer] = []
        for index in 0..<configuration.layerCount { layers.append(try reader.layer(index)) }
        self.layers = layers
    }
}

/// Finds a model's parts in its file by name.
struct TensorReader {
    let file: SafetensorsFile
    let prefix: String
    let configuration: BertConfiguration
    let codes: [Linear.Name: CodedWeights]?

    func tensor(_ name: String, _ shape: [Int]) throws(ModelError) -> Tensor {
        try file.tensor(prefix + name, shape: shape)
    }

    /// The map whose weights and bias are those of `tensors`, one under the other.
    func linear(
        _ name: Linear.Name, _ tensors: [String], inputs: Int, outputs: Int
    ) throws(ModelError) -> Linear {
        let shape = [outputs / tensors.count, inputs]
        var bias: [Float] = []
        for tensor in tensors { bias += try self.tensor(tensor + ".bias", [shape[0]]).values }
        return Linear(name: name, form: try form(name, tensors, shape), bias: bias, inputCount: inputs)
    }

    private func form(
        _ name: Linear.Name, _ tensors: [String], _ shape: [Int]
    ) throws(ModelError) -> Linear.Form {
        if let codes = codes?[name] { return .codes(codes) }
        var parts: [Tensor] = []
        for tensor in tensors { parts.append(try self.tensor(tensor + ".weight", shape)) }
        return .floats(parts.count == 1 ? parts[0] : Tensor(rowsOf: parts))
    }

    /// Exports of the first TensorFlow checkpoints call the scale `gamma` and the shift `beta`.
    func norm(_ name: String) throws(ModelError) -> LayerNorm {
        let isOld = file.contains(prefix + name + ".gamma")
        let shape = [configuration.hiddenSize]
        return LayerNorm(
            scale: try tensor(name + (isOld ? ".gamma" : ".weight"), shape).values,
            shift: try tensor(name + (isOld ? ".beta" : ".bias"), shape).values,
            epsilon: configuration.normEpsilon)
    }

    func layer(_ index: Int) throws(ModelError) -> BertWeights.Layer {
        let name = "encoder.layer.\(index)"
        let hidden = configuration.hiddenSize
        let intermediate = configuration.intermediateSize
        func linear(
            _ part: Linear.Name.Part, _ tensors: [String], inputs: Int, outputs: Int
        ) throws(ModelError) -> Linear {
            try self.linear(
                Linear.Name(layer: index, part: part), tensors.map { "\(name).\($0)" }, inputs: inputs,
                outputs: outputs)
        }
        return BertWeights.Layer(
            queryKeyValue: try linear(
                .queryKeyValue, ["query", "key", "value"].map { "attention.self.\($0)" }, inputs: hidden,
                outputs: 3 * hidden),
            attentionOutput: try linear(
                .attentionOutput, ["attention.output.dense"], inputs: hidden, outputs: hidden),
            attentionNorm: try norm(name + ".attention.output.LayerNorm"),
            intermediate: try linear(.intermediate, ["intermediate.dense"], inputs: hidden, outputs: intermediate),
            output: try linear(.output, ["output.dense"], inputs: intermediate, outputs: hidden),
            outputNorm: try norm(name + ".output.LayerNorm"))
    }
}
