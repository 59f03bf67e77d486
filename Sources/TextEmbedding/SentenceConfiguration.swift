import Foundation

/// How a sentence-transformers folder turns token vectors into one embedding: pooling, normalisation, length and prefixes.
struct SentenceConfiguration: Sendable, Equatable {
    let pooling: Pooling
    let isNormalized: Bool
    /// The longest input in tokens, `[CLS]` and `[SEP]` included; `nil` where the folder does not say.
    let tokenLimit: Int?
    /// Whether texts are lower-cased before the tokenizer sees them.
    let lowercases: Bool
    let queryPrefix: String
    let documentPrefix: String

    /// Reads `modules.json` and what it names, `sentence_bert_config.json` and `config_sentence_transformers.json`.
    ///
    /// - Parameter prefixes: where given, in the folder's own place.
    init(contentsOf folder: URL, prefixes: (query: String?, document: String?) = (nil, nil)) throws(ModelError) {
        let modulesURL = folder.appending(path: "modules.json")
        let modules = try ModelJSON.decode([Module].self, at: modulesURL)
        for module in modules { try module.check(path: modulesURL.path) }
        guard let poolingModule = modules.first(where: { $0.kind == Module.pooling }) else {
            throw .invalidField(
                path: modulesURL.path, field: "type", got: "no Pooling module", expected: "a Pooling module")
        }
        let prompts = try Self.prompts(in: folder)
        queryPrefix = prefixes.query ?? prompts.query
        documentPrefix = prefixes.document ?? prompts.document
        pooling = try Pooling(
            at: folder.appending(path: poolingModule.path).appending(path: "config.json"),
            hasPrefixes: !(queryPrefix + documentPrefix).isEmpty)
        isNormalized = modules.contains { $0.kind == Module.normalize }
        let limits = try ModelJSON.decodeIfPresent(
            Limits.self, at: folder.appending(path: "sentence_bert_config.json"))
        tokenLimit = limits?.maxSeqLength
        lowercases = limits?.doLowerCase ?? false
        if let tokenLimit, tokenLimit < 3 {
            throw .invalidField(
                path: folder.appending(path: "sentence_bert_config.json").path, field: "max_seq_length",
                got: "\(tokenLimit)", expected: "3 or more")
        }
    }

    private struct Limits: Decodable {
        let maxSeqLength: Int?
        let doLowerCase: Bool?
    }

    private struct Prompts: Decodable {
        let prompts: [String: String]?
        let defaultPromptName: String?
    }

    /// The words that go before queries and documents; a role without its own gets the default prompt.
    private static func prompts(in folder: URL) throws(ModelError) -> (query: String, document: String) {
        let url = folder.appending(path: "config_sentence_transformers.json")
        let file = try ModelJSON.decodeIfPresent(Prompts.self, at: url)
        let prompts = file?.prompts ?? [:]
        let standard = file?.defaultPromptName.flatMap { prompts[$0] } ?? ""
        return (
            query: prompts["query"] ?? standard,
            document: prompts["document"] ?? prompts["passage"] ?? standard
        )
    }
}

/// A line of `modules.json`.
private struct Module: Decodable {
    static let transformer = "Transformer"
    static let pooling = "Pooling"
    static let normalize = "Normalize"

    let path: String
    let type: String

    /// The class without its Python module, which has moved between releases.
    var kind: String { type.split(separator: ".").last.map(String.init) ?? type }

    func check(path file: String) throws(ModelError) {
        let known = [Self.transformer, Self.pooling, Self.normalize]
        guard known.contains(kind) else {
            throw .unsupported(path: file, field: "type", got: type, expected: known)
        }
        let isInside = !path.hasPrefix("/") && !path.split(separator: "/").contains("..")
        guard isInside else {
            throw .invalidField(path: file, field: "path", got: path, expected: "a folder inside the model's")
        }
        guard kind != Self.transformer || path.isEmpty else {
            throw .unsupported(
                path: file, field: "path", got: path, expected: ["a transformer in the model's own folder"])
        }
    }
}

/// How a text's token vectors become one vector.
package enum Pooling: String, Sendable, Codable {
    /// The vector of the first token, `[CLS]`.
    case cls
    /// The mean over all tokens.
    case mean
}

extension Pooling {
    /// Reads the pooling module's `config.json`.
    init(at url: URL, hasPrefixes: Bool) throws(ModelError) {
        let file = try ModelJSON.decode(File.self, at: url)
        guard file.includePrompt != false || !hasPrefixes else {
            throw .unsupported(path: url.path, field: "include_prompt", got: "false", expected: ["true"])
        }
        let modes = file.modes
        guard modes.count == 1, let pooling = Pooling(rawValue: modes[0]) else {
            throw .unsupported(
                path: url.path, field: "pooling_mode", got: modes.joined(separator: "+"), expected: ["cls", "mean"])
        }
        self = pooling
    }

    private struct File: Decodable {
        let poolingMode: String?
        let poolingModeClsToken: Bool?
        let poolingModeMeanTokens: Bool?
        let poolingModeMaxTokens: Bool?
        let poolingModeMeanSqrtLenTokens: Bool?
        let poolingModeWeightedmeanTokens: Bool?
        let poolingModeLasttoken: Bool?
        let includePrompt: Bool?

        /// The modes that are on; several mean that their vectors are joined.
        var modes: [String] {
            if let poolingMode { return [poolingMode] }
            let flags = [
                ("cls", poolingModeClsToken), ("mean", poolingModeMeanTokens), ("max", poolingModeMaxTokens),
                ("mean_sqrt_len", poolingModeMeanSqrtLenTokens),
                ("weightedmean", poolingModeWeightedmeanTokens), ("lasttoken", poolingModeLasttoken),
            ]
            return flags.compactMap { name, isOn in isOn == true ? name : nil }
        }
    }
}
