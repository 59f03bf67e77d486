/// What makes two embeddings comparable: vectors of different fingerprints never meet.
package struct ModelFingerprint: Codable, Sendable {
    /// The model folder's name, for people: it takes no part in equality, so that a moved folder is the same model.
    package let name: String
    /// SHA-256 of `model.safetensors`, lower-case hexadecimal.
    package let weightsDigest: String
    /// What else decides a text's vector: the vocabulary and its casing, the heads, the activation, the norms' ε.
    package let settings: [String]
    package let precision: Precision
    package let dimension: Int
    package let pooling: Pooling
    package let isNormalized: Bool
    /// The longest input in tokens; longer texts are cut.
    package let tokenLimit: Int
    package let queryPrefix: String
    package let documentPrefix: String
}

extension ModelFingerprint: Hashable {
    package static func == (a: Self, b: Self) -> Bool {
        a.weightsDigest == b.weightsDigest && a.settings == b.settings && a.precision == b.precision
            && a.dimension == b.dimension
            && a.pooling == b.pooling
            && a.isNormalized == b.isNormalized && a.tokenLimit == b.tokenLimit && a.queryPrefix == b.queryPrefix
            && a.documentPrefix == b.documentPrefix
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(weightsDigest)
        hasher.combine(dimension)
        hasher.combine(tokenLimit)
    }
}

extension ModelFingerprint: CustomStringConvertible {
    /// One line, such as `all-MiniLM-L6-v2, 384 dimensions, mean pooling, normalised, 256 tokens, sha256 53aa51172d14`.
    package var description: String { "\(name), \(facts(digestLength: 12))" }

    /// What indexes and caches are marked with: all but the name, so that equal fingerprints have equal keys.
    package var key: String { facts(digestLength: weightsDigest.count) }

    private func facts(digestLength: Int) -> String {
        var facts = ["\(dimension) dimensions", "\(pooling.rawValue) pooling"]
        if isNormalized { facts.append("normalised") }
        if precision == .int8 { facts.append("int8 (scheme \(CodedWeights.scheme))") }
        facts += ["\(tokenLimit) tokens", "sha256 \(weightsDigest.prefix(digestLength))"]
        if digestLength == weightsDigest.count { facts += settings }
        if !queryPrefix.isEmpty { facts.append("query prefix \(queryPrefix.debugDescription)") }
        if !documentPrefix.isEmpty { facts.append("document prefix \(documentPrefix.debugDescription)") }
        return facts.joined(separator: ", ")
    }
}
