package import Endpoints
package import LinearAlgebra
package import TextEmbedding

/// A model behind an endpoint: what goes before its texts, and a fingerprint that knows when the server's model is another.
///
/// A server can change its model and keep the name. So the fingerprint ends in a mark of the vector that the server gives
/// for one fixed text, and is another as soon as that vector is clearly another.
package struct RemoteEncoder: Sendable {
    /// Words of several kinds, so that two models hardly agree on them. It is never changed: stored fingerprints hold its
    /// marks.
    private static let probe =
        "Restart the database server after error E4304, then check its log for refused connections."

    /// What indexes and caches are marked with.
    package let fingerprint: String
    /// The length of an embedding.
    package let dimension: Int
    private let endpoint: EmbeddingEndpoint
    private let queryPrefix: String
    private let documentPrefix: String

    /// Asks the endpoint once.
    ///
    /// - Parameter known: fingerprints of which one is taken where it is of this endpoint and its mark is near: equal
    ///   models may differ by rounding, equal fingerprints may not.
    package init(
        _ endpoint: EmbeddingEndpoint, queryPrefix: String, documentPrefix: String, known: [String]
    ) throws(EndpointError) {
        let vector = try Self.probed(endpoint)
        var facts = [
            "endpoint \(endpoint.url)", "model \(endpoint.model.debugDescription)", "\(vector.count) dimensions",
        ]
        if !queryPrefix.isEmpty { facts.append("query prefix \(queryPrefix.debugDescription)") }
        if !documentPrefix.isEmpty { facts.append("document prefix \(documentPrefix.debugDescription)") }
        let stem = facts.joined(separator: ", ") + Self.mark
        let sketch = ProbeSketch(of: vector)
        let near = known.filter { $0.hasPrefix(stem) }.compactMap { ProbeSketch($0.dropFirst(stem.count)) }
            .filter(sketch.isNear).min { $0.difference(from: sketch) < $1.difference(from: sketch) }
        fingerprint = stem + "\(near ?? sketch)"
        dimension = vector.count
        self.endpoint = endpoint
        self.queryPrefix = queryPrefix
        self.documentPrefix = documentPrefix
    }

    /// A server that refuses the probe finds fault with what it is asked for, not with this text.
    private static func probed(_ endpoint: EmbeddingEndpoint) throws(EndpointError) -> [Float] {
        do throws(EndpointError) {
            return try endpoint.embeddings(of: [probe])[0]
        } catch {
            guard case .textRefused(let url, _, _, let status, let message) = error else { throw error }
            throw .refused(url: url, attempts: 1, status: status, message: message)
        }
    }

    /// What stands between a fingerprint's facts and its mark.
    private static let mark = ", probe "

    /// Digits of the mark that people see.
    private static let shownDigitCount = 16

    /// One line for people.
    package var description: String {
        String(fingerprint.dropLast(ProbeSketch.digitCount - Self.shownDigitCount))
    }

    /// Whether two fingerprints differ by the mark alone: one server, one name, another model.
    static func isChanged(_ fingerprint: String, from other: String) -> Bool {
        guard let (stem, sketch) = parts(of: fingerprint), let (otherStem, otherSketch) = parts(of: other) else {
            return false
        }
        return stem == otherStem && sketch != otherSketch
    }

    private static func parts(of fingerprint: String) -> (stem: Substring, sketch: ProbeSketch)? {
        guard let range = fingerprint.ranges(of: mark).last,
            let sketch = ProbeSketch(fingerprint[range.upperBound...])
        else { return nil }
        return (fingerprint[..<range.lowerBound], sketch)
    }

    /// `[texts, dimension]`, each row of length 1.
    package func embeddings(of texts: [String], as role: TextEncoder.Role) throws(EndpointError) -> Matrix {
        let prefix = role == .query ? queryPrefix : documentPrefix
        let vectors = try endpoint.embeddings(of: texts.map { prefix + $0 })
        return Matrix(rowCount: texts.count, columnCount: dimension, values: vectors.flatMap(\.self))
    }
}
