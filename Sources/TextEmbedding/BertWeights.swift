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
    }

    let wordEmbeddings: Tensor
    let positionEmbeddings: Tensor
    let typeEmbeddings: Tensor
    let embeddingNorm: LayerNorm
    let layers: [Layer]

    /// Reads the tensors that the configuration calls for; some exports write their names behind `bert.`.
    init(in file: SafetensorsFile, configuration: BertConfiguration) throws(ModelError) {
        let prefix = file.contains("bert.embeddings.word_embeddings.weight") ? "bert." : ""
        let reader = TensorReader(file: file, prefix: prefix, configuration: configuration)
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

    func tensor(_ name: String, _ shape: [Int]) throws(ModelError) -> Tensor {
        try file.tensor(prefix + name, shape: shape)
    }

    func linear(_ name: String, inputs: Int, outputs: Int) throws(ModelError) -> Linear {
        Linear(
            weights: try tensor(name + ".weight", [outputs, inputs]),
            bias: try tensor(name + ".bias", [outputs]).values)
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
        return BertWeights.Layer(
            queryKeyValue: try queryKeyValue(name + ".attention.self"),
            attentionOutput: try linear(name + ".attention.output.dense", inputs: hidden, outputs: hidden),
            attentionNorm: try norm(name + ".attention.output.LayerNorm"),
            intermediate: try linear(name + ".intermediate.dense", inputs: hidden, outputs: intermediate),
            output: try linear(name + ".output.dense", inputs: intermediate, outputs: hidden),
            outputNorm: try norm(name + ".output.LayerNorm"))
    }

    private func queryKeyValue(_ name: String) throws(ModelError) -> Linear {
        let hidden = configuration.hiddenSize
        var parts: [Linear] = []
        for part in ["query", "key", "value"] {
            parts.append(try linear("\(name).\(part)", inputs: hidden, outputs: hidden))
        }
        return Linear(weights: Tensor(rowsOf: parts.map(\.weights)), bias: parts.flatMap(\.bias))
    }
}
