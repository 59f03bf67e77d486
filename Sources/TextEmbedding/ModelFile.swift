import Foundation
import IndexFiles

/// Maps a file of a model folder.
func mapModelFile(at url: URL) throws(ModelError) -> MappedFile {
    do {
        return try MappedFile(at: url)
    } catch {
        throw .unreadable(error)
    }
}

/// The small JSON files of a model folder: read whole, decoded strictly by type. Their keys are in snake case.
enum ModelJSON {
    /// The largest of them in the wild, `config.json` with its label tables, has some 100 kB.
    static let byteCountMax = 16 << 20

    /// The decoded file, or `nil` where it does not exist.
    static func decodeIfPresent<Value: Decodable>(_ type: Value.Type, at url: URL) throws(ModelError) -> Value? {
        guard FileManager.default.fileExists(atPath: url.path) else { return nil }
        return try decode(type, at: url)
    }

    static func decode<Value: Decodable>(_ type: Value.Type, at url: URL) throws(ModelError) -> Value {
        let file = try mapModelFile(at: url)
        guard file.byteCount <= byteCountMax else {
            throw .invalidField(
                path: url.path, field: "size", got: "\(file.byteCount) bytes", expected: "at most \(byteCountMax)")
        }
        let data = unsafe file.withBytes { bytes in unsafe Data(bytes) }
        return try decode(type, from: data, path: url.path, keys: .convertFromSnakeCase)
    }

    static func decode<Value: Decodable>(
        _ type: Value.Type, from data: Data, path: String, keys: JSONDecoder.KeyDecodingStrategy
    ) throws(ModelError) -> Value {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = keys
        do {
            return try decoder.decode(type, from: data)
        } catch {
            throw .malformed(path: path, reason: reason(for: error))
        }
    }

    /// Names the field that a decoding error is about.
    private static func reason(for error: any Error) -> String {
        switch error {
        case DecodingError.keyNotFound(let key, let context): "\(name(context.codingPath + [key])) is missing"
        case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
            "\(name(context.codingPath)): \(context.debugDescription)"
        case DecodingError.dataCorrupted(let context): "\(name(context.codingPath)): \(context.debugDescription)"
        default: "\(error)"
        }
    }

    private static func name(_ path: [any CodingKey]) -> String {
        path.isEmpty ? "JSON" : path.map { snakeCase($0.stringValue) }.joined(separator: ".")
    }

    /// The key as the file spells it: `hiddenSize` is `hidden_size` there.
    private static func snakeCase(_ key: String) -> String {
        key.reduce(into: "") { $0 += $1.isUppercase ? "_" + $1.lowercased() : String($1) }
    }
}
