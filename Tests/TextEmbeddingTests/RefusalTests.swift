import Foundation
import Testing
import TextEmbedding

/// Damaged, foreign and unknown models get one clear error that names the file and the field.
@Suite struct RefusalTests {
    /// The error that opening a damaged copy of the model gives.
    private func refusal(_ damage: (ModelCopy) throws -> Void) throws -> String {
        let model = try ModelCopy()
        try damage(model)
        let error = #expect(throws: ModelError.self) { try TextEncoder(contentsOf: model.folder) }
        return try #require(error).description.replacingOccurrences(of: model.folder.path + "/", with: "")
    }

    @Test(arguments: [
        "config.json", "modules.json", "1_Pooling/config.json", "model.safetensors", "vocab.txt",
    ])
    func aMissingFileIsNamed(file: String) throws {
        let message = try refusal { try $0.remove(file) }
        #expect(message.hasPrefix("\(file): cannot be read"))
    }

    @Test(arguments: [
        ("config.json", "\"gelu\"", "\"swish\"", "config.json: hidden_act is \"swish\", this program runs gelu,"),
        ("config.json", "\"bert\"", "\"roberta\"", "config.json: model_type is \"roberta\", this program runs bert"),
        (
            "config.json", "\"hidden_size\": 48", "\"hidden_size\": 47",
            "config.json: hidden_size is 47, expected a multiple of num_attention_heads, 4"
        ),
        (
            "config.json", "\"num_hidden_layers\": 2", "\"num_hidden_layers\": 0",
            "config.json: num_hidden_layers is 0, expected a number from 1 to 1048576"
        ),
        (
            "config.json", "\"num_hidden_layers\": 2", "\"num_hidden_layers\": 4000000000",
            "config.json: num_hidden_layers is 4000000000, expected a number from 1 to 1048576"
        ),
        (
            "config.json", "\"num_hidden_layers\": 2", "\"num_hidden_layers\": 3",
            "model.safetensors: tensor \"encoder.layer.2."
        ),
        ("config.json", "\"hidden_size\": 48,", "", "config.json: is malformed: hidden_size is missing"),
        ("config.json", "\"hidden_size\": 48", "\"hidden_size\": \"x\"", "config.json: is malformed: hidden_size: "),
        ("config.json", "{", "[", "config.json: is malformed: JSON"),
        (
            "config.json", "\"vocab_size\": 157", "\"vocab_size\": 158",
            "model.safetensors: tensor \"embeddings.word_embeddings.weight\" has shape [157, 48], the configuration "
                + "says [158, 48]"
        ),
        (
            "config.json", "\"use_cache\"", "\"position_embedding_type\": \"relative_key\", \"use_cache\"",
            "config.json: position_embedding_type is \"relative_key\""
        ),
        (
            "modules.json", "models.Normalize", "models.Dense",
            "modules.json: type is \"sentence_transformers.models.Dense\""
        ),
        ("modules.json", "models.Pooling", "models.Normalize", "modules.json: type is no Pooling module"),
        ("modules.json", "\"1_Pooling\"", "\"../1_Pooling\"", "modules.json: path is ../1_Pooling"),
        ("modules.json", "\"path\": \"\"", "\"path\": \"0_BERT\"", "modules.json: path is \"0_BERT\""),
        ("1_Pooling/config.json", "mean_tokens", "max_tokens", "1_Pooling/config.json: pooling_mode is \"max\""),
        (
            "1_Pooling/config.json", "\"pooling_mode_cls_token\": false", "\"pooling_mode_cls_token\": true",
            "1_Pooling/config.json: pooling_mode is \"cls+mean\""
        ),
        ("sentence_bert_config.json", "64", "2", "sentence_bert_config.json: max_seq_length is 2, expected 3 or more"),
        ("vocab.txt", "[CLS]", "[cls]", "vocab.txt: token \"[CLS]\" is missing from the vocabulary"),
        ("vocab.txt", "[SEP]", "[sep]", "vocab.txt: token \"[SEP]\" is missing from the vocabulary"),
        ("vocab.txt", "[UNK]", "[unk]", "vocab.txt: token \"[UNK]\" is missing from the vocabulary"),
        ("vocab.txt", "[UNK]", "[UNK]\nmore", "vocab.txt: vocabulary is 158 tokens, expected at most vocab_size, 157"),
    ])
    func aFieldThatDoesNotFitIsNamed(file: String, old: String, new: String, expected: String) throws {
        let message = try refusal { try $0.replace(old, with: new, in: file) }
        #expect(message.hasPrefix(expected), "\(message)")
    }

    @Test func aPromptThatPoolingLeavesOutIsRefused() throws {
        let message = try refusal { model in
            try model.write(#"{"prompts": {"query": "find: "}}"#, to: "config_sentence_transformers.json")
            try model.replace("{", with: "{\"include_prompt\": false,", in: "1_Pooling/config.json")
        }
        #expect(message.hasPrefix("1_Pooling/config.json: include_prompt is \"false\""))
    }

    @Test(arguments: [
        (0, "the header's length ends at byte 8, the file has 0"),
        (7, "the header's length ends at byte 8, the file has 7"),
        (8, "the header ends at byte"),
        (500, "the header ends at byte"),
        (100_000, "ends at byte"),
        (198_727, "ends at byte 198728, the file has 198727"),
    ])
    func aTruncatedWeightsFileSaysWhereItEnds(byteCount: Int, expected: String) throws {
        let message = try refusal { model in
            let url = model.url("model.safetensors")
            try Data(contentsOf: url).prefix(byteCount).write(to: url)
        }
        #expect(message.hasPrefix("model.safetensors: "))
        #expect(message.contains(expected), "\(message)")
    }

    @Test(arguments: [
        (Data("PK\u{3}\u{4} not a safetensors file".utf8), "so not a safetensors file"),
        (Data(repeating: 0xFF, count: 64), "so not a safetensors file"),
        (SafetensorsParts.lengthBytes(100_000_001), "so not a safetensors file"),
        (SafetensorsParts.lengthBytes(5) + Data("hello".utf8), "is malformed: JSON"),
        (SafetensorsParts.lengthBytes(2) + Data("[]".utf8), "is malformed"),
        (SafetensorsParts.lengthBytes(2) + Data("{}".utf8), "tensor \"embeddings.word_embeddings.weight\" is missing"),
    ])
    func aForeignWeightsFileIsRefused(data: Data, expected: String) throws {
        let message = try refusal { try data.write(to: $0.url("model.safetensors")) }
        #expect(message.contains(expected), "\(message)")
    }

    /// One tensor's line in the header, hostile or wrong.
    @Test(arguments: [
        (#""dtype": "F32", "shape": [157, 48], "data_offsets": [0, 30140]"#, "data_offsets is 30140 bytes, expected"),
        (#""dtype": "F32", "shape": [157, 48], "data_offsets": [30144, 0]"#, "data_offsets is [30144, 0]"),
        (#""dtype": "F32", "shape": [157, 48], "data_offsets": [-4, 30140]"#, "data_offsets is [-4, 30140]"),
        (#""dtype": "F32", "shape": [157, 48], "data_offsets": [0]"#, "data_offsets is [0]"),
        (#""dtype": "F32", "shape": [157, 48], "data_offsets": [0, 9223372036854775807]"#, "ends at byte"),
        (#""dtype": "F32", "shape": [157, 48], "data_offsets": [0, 9223372036854775808]"#, "is malformed"),
        (#""dtype": "F32", "shape": [48, 157], "data_offsets": [0, 30144]"#, "has shape [48, 157]"),
        (#""dtype": "F32", "shape": [157, -48], "data_offsets": [0, 30144]"#, "has shape [157, -48]"),
        (#""dtype": "I64", "shape": [157, 48], "data_offsets": [0, 30144]"#, "holds I64, this program reads F32,"),
        (#""shape": [157, 48], "data_offsets": [0, 30144]"#, "dtype is missing"),
    ])
    func aHostileHeaderIsRefused(entry: String, expected: String) throws {
        let header = Data(#"{"embeddings.word_embeddings.weight": {\#(entry)}}"#.utf8)
        let data = SafetensorsParts.lengthBytes(UInt64(header.count)) + header + Data(count: 30144)
        let message = try refusal { try data.write(to: $0.url("model.safetensors")) }
        #expect(message.contains(expected), "\(message)")
    }
}
