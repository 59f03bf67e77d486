import Foundation

/// The shape of a BERT-family encoder, as `config.json` gives it.
struct BertConfiguration: Sendable, Equatable {
    /// A bound on every size in the file; the largest BERT in use has 1024 hidden values and 30,000 to 250,000 tokens.
    static let sizeMax = 1 << 20

    let layerCount: Int
    let hiddenSize: Int
    let headCount: Int
    let intermediateSize: Int
    let vocabularySize: Int
    let positionCount: Int
    let typeCount: Int
    let normEpsilon: Float
    let activation: Activation

    var headSize: Int { hiddenSize / headCount }

    /// What decides the vectors beside the weights.
    var facts: [String] { ["\(layerCount) layers", "\(headCount) heads", activation.rawValue, "ε \(normEpsilon)"] }

    /// Reads and checks `config.json`.
    init(at url: URL) throws(ModelError) {
        let file = try ModelJSON.decode(File.self, at: url)
        func size(_ value: Int, _ field: String) throws(ModelError) -> Int {
            guard value > 0, value <= Self.sizeMax else {
                throw .invalidField(
                    path: url.path, field: field, got: "\(value)", expected: "a number from 1 to \(Self.sizeMax)")
            }
            return value
        }
        func require(_ got: String, _ field: String, among expected: [String]) throws(ModelError) {
            guard expected.contains(got) else {
                throw .unsupported(path: url.path, field: field, got: got, expected: expected)
            }
        }
        try require(file.modelType, "model_type", among: ["bert"])
        try require(file.positionEmbeddingType ?? "absolute", "position_embedding_type", among: ["absolute"])
        try require(file.hiddenAct, "hidden_act", among: Activation.allCases.map(\.rawValue))
        activation = Activation(rawValue: file.hiddenAct) ?? .gelu
        layerCount = try size(file.numHiddenLayers, "num_hidden_layers")
        hiddenSize = try size(file.hiddenSize, "hidden_size")
        headCount = try size(file.numAttentionHeads, "num_attention_heads")
        intermediateSize = try size(file.intermediateSize, "intermediate_size")
        vocabularySize = try size(file.vocabSize, "vocab_size")
        positionCount = try size(file.maxPositionEmbeddings, "max_position_embeddings")
        typeCount = try size(file.typeVocabSize, "type_vocab_size")
        normEpsilon = file.layerNormEps
        guard hiddenSize.isMultiple(of: headCount) else {
            throw .invalidField(
                path: url.path, field: "hidden_size", got: "\(hiddenSize)",
                expected: "a multiple of num_attention_heads, \(headCount)")
        }
    }

    /// The file's keys.
    private struct File: Decodable {
        let modelType: String
        let positionEmbeddingType: String?
        let hiddenAct: String
        let numHiddenLayers: Int
        let hiddenSize: Int
        let numAttentionHeads: Int
        let intermediateSize: Int
        let vocabSize: Int
        let maxPositionEmbeddings: Int
        let typeVocabSize: Int
        let layerNormEps: Float
    }
}
