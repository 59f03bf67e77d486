import Foundation
import Testing

/// The committed models and the reference's answers.
enum Fixtures {
    /// A text with the reference's token ids and embedding.
    struct Golden: Decodable, Sendable {
        let text: String
        let ids: [Int32]
        let embedding: [Float]
    }

    /// A pair with the reference's token ids, token types and score.
    struct GoldenPair: Decodable, Sendable {
        let query: String
        let passage: String
        let ids: [Int32]
        let typeIds: [Int32]
        let logit: Float
    }

    /// Random-weight encoders: mean pooling with GELU, CLS with tanh GELU, mean with ReLU.
    static let tinyEncoders = ["tiny-bert-mean", "tiny-bert-cls", "tiny-bert-relu"]

    static func folder(_ name: String) throws -> URL {
        try #require(Bundle.module.url(forResource: "Fixtures", withExtension: nil)).appending(path: name)
    }

    static func golden(_ name: String) throws -> [Golden] { try lines(of: name + "/golden.jsonl") }

    /// all-MiniLM-L6-v2 by transformers 5 and torch 2.15 in fp32: odd Unicode, identifiers and long texts.
    static func miniLM() throws -> [Golden] { try lines(of: "minilm.jsonl") }

    static func lines<Line: Decodable>(of path: String) throws -> [Line] {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let data = try Data(contentsOf: folder(path))
        return try data.split(separator: UInt8(ascii: "\n")).map { try decoder.decode(Line.self, from: $0) }
    }

    /// The real model: `DOCKET_MODEL`, else `models/all-MiniLM-L6-v2` under the package.
    static let model: URL? = {
        let package = URL(filePath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let named = ProcessInfo.processInfo.environment["DOCKET_MODEL"].map { URL(filePath: $0) }
        let folder = named ?? package.appending(path: "models/all-MiniLM-L6-v2")
        return FileManager.default.fileExists(atPath: folder.appending(path: "config.json").path) ? folder : nil
    }()
}

/// A copy of a fixture that a test may damage; removed with the value.
final class ModelCopy {
    let folder: URL

    init(of name: String = "tiny-bert-mean") throws {
        folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.copyItem(at: Fixtures.folder(name), to: folder)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func url(_ file: String) -> URL { folder.appending(path: file) }

    func remove(_ file: String) throws { try FileManager.default.removeItem(at: url(file)) }

    func write(_ text: String, to file: String) throws { try Data(text.utf8).write(to: url(file)) }

    func replace(_ old: String, with new: String, in file: String) throws {
        let text = try String(contentsOf: url(file), encoding: .utf8)
        try #require(text.contains(old))
        try write(text.replacingOccurrences(of: old, with: new), to: file)
    }
}
