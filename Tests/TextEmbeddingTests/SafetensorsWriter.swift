import Foundation

/// A safetensors file taken apart, so that a test can write it again with other names, types or offsets.
struct SafetensorsParts {
    struct Part {
        var type: String
        var shape: [Int]
        var bytes: Data
    }

    var parts: [String: Part] = [:]

    init(contentsOf url: URL) throws {
        let data = try Data(contentsOf: url)
        let length = data.prefix(8).enumerated().reduce(0) { $0 | Int($1.element) << (8 * $1.offset) }
        let header = try JSONSerialization.jsonObject(with: data[8..<8 + length]) as? [String: [String: Any]] ?? [:]
        for (name, entry) in header where name != "__metadata__" {
            guard let type = entry["dtype"] as? String, let shape = entry["shape"] as? [Int],
                let offsets = entry["data_offsets"] as? [Int]
            else { continue }
            parts[name] = Part(
                type: type, shape: shape, bytes: data[8 + length + offsets[0]..<8 + length + offsets[1]])
        }
    }

    /// Rounds every fp32 tensor to half the bits.
    mutating func halve(to type: String, _ half: (Float) -> UInt16) {
        for (name, part) in parts where part.type == "F32" {
            var bytes = Data()
            for start in stride(from: part.bytes.startIndex, to: part.bytes.endIndex, by: 4) {
                let word = (0..<4).reduce(UInt32(0)) { $0 | UInt32(part.bytes[start + $1]) << (8 * $1) }
                let value = half(Float(bitPattern: word))
                bytes.append(UInt8(truncatingIfNeeded: value))
                bytes.append(UInt8(truncatingIfNeeded: value >> 8))
            }
            parts[name] = Part(type: type, shape: part.shape, bytes: bytes)
        }
    }

    /// - Parameter padding: spaces after the header, which move the tensors off their alignment.
    func data(padding: Int = 0) throws -> Data {
        var header: [String: Any] = ["__metadata__": ["format": "pt"]]
        var body = Data()
        for (name, part) in parts.sorted(by: { $0.key < $1.key }) {
            header[name] = [
                "dtype": part.type, "shape": part.shape,
                "data_offsets": [body.count, body.count + part.bytes.count],
            ]
            body += part.bytes
        }
        var text = try JSONSerialization.data(withJSONObject: header, options: .sortedKeys)
        while text.count % 4 != padding % 4 { text.append(UInt8(ascii: " ")) }
        return Self.lengthBytes(UInt64(text.count)) + text + body
    }

    static func lengthBytes(_ length: UInt64) -> Data {
        Data((0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) })
    }
}
