import Foundation

/// The body of a request to `/embeddings` (<https://platform.openai.com/docs/api-reference/embeddings/create>).
struct EmbeddingRequest: Encodable {
    let model: String
    let input: [String]
    let encodingFormat = "float"
    /// Left out where it is `nil`: many servers know no such field.
    let dimensions: Int?

    private enum CodingKeys: String, CodingKey {
        case model, input, dimensions
        case encodingFormat = "encoding_format"
    }

    /// JSON has a form for every text.
    var bytes: [UInt8] { (try? JSONEncoder().encode(self)).map(Array.init) ?? [] }
}

/// The vectors of an answer, each of length 1, in the order of the texts.
struct EmbeddingAnswer {
    /// No model known gives more numbers.
    static let dimensionMax = 16_384

    let vectors: [[Float]]

    /// What an answer has, and what it should have.
    struct Fault: Error {
        let got: String
        let expected: String
    }

    private struct Body: Decodable {
        let data: [Item]

        struct Item: Decodable {
            let index: Int
            let embedding: [Float]
        }
    }

    /// - Parameter dimension: the length that the vectors must have; any, but the same for all, where `nil`.
    init(_ bytes: [UInt8], textCount: Int, dimension: Int?) throws(Fault) {
        let items = try Self.items(in: bytes)
        guard items.count == textCount else {
            throw Fault(got: "\(items.count) vectors", expected: "\(textCount)")
        }
        var vectors = [[Float]](repeating: [], count: textCount)
        let length = dimension ?? items.first?.embedding.count ?? 0
        for item in items {
            guard vectors.indices.contains(item.index), vectors[item.index].isEmpty else {
                throw Fault(got: "the index \(item.index)", expected: "each from 0 to \(textCount - 1) once")
            }
            vectors[item.index] = try Self.normalized(item.embedding, length: length)
        }
        self.vectors = vectors
    }

    private static func items(in bytes: [UInt8]) throws(Fault) -> [Body.Item] {
        do {
            return try JSONDecoder().decode(Body.self, from: Data(bytes)).data
        } catch let error as DecodingError {
            throw Fault(got: place(of: error), expected: "{\"data\": [{\"index\": …, \"embedding\": [numbers]}]}")
        } catch {
            throw Fault(got: "no JSON", expected: "a JSON object")
        }
    }

    private static func place(of error: DecodingError) -> String {
        switch error {
        case .dataCorrupted(let context) where context.codingPath.isEmpty: "no valid JSON"
        case .keyNotFound(let key, let context): "no \(path(context.codingPath + [key]))"
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            "something else in \(path(context.codingPath))"
        @unknown default: "no vectors"
        }
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        keys.isEmpty
            ? "the whole body" : keys.map { $0.intValue.map { "\($0)" } ?? $0.stringValue }.joined(separator: "/")
    }

    /// Scales to length 1, as the models of folders do: servers differ in whether they scale, and who reads the vectors
    /// should not have to know.
    private static func normalized(_ vector: [Float], length: Int) throws(Fault) -> [Float] {
        guard (1...dimensionMax).contains(length) else {
            throw Fault(got: "vectors of \(length) numbers", expected: "1 to \(dimensionMax)")
        }
        guard vector.count == length else {
            throw Fault(got: "a vector of \(vector.count) numbers", expected: "\(length) in each")
        }
        guard vector.allSatisfy(\.isFinite) else {
            throw Fault(got: "a vector with a number that is not finite", expected: "finite numbers")
        }
        let size = vector.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
        guard size > 0 else { throw Fault(got: "a vector of length 0", expected: "a direction") }
        return vector.map { Float(Double($0) / size) }
    }
}
