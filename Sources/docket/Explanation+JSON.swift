import Retrieval

extension PassageExplanation {
    var json: JSON {
        .object([
            (
                "parts",
                .array(parts.map { .object([("name", .string($0.name)), ("value", .rounded($0.value, places: 6))]) })
            ),
            ("terms", .array(terms.map(\.json))), ("identifiers", .strings(identifiers)),
            (
                "filters",
                .array(
                    filters.map {
                        .object([("filter", .string($0.filter.rawValue)), ("reason", .string($0.reason))])
                    })
            ),
        ])
    }
}

extension MatchedTerm {
    fileprivate var json: JSON {
        .object([
            ("term", .string(text)), ("word", .string(word)), ("lane", .string(isIdentifier ? "identifier" : "word")),
            ("idf", .rounded(inverseDocumentFrequency)), ("weight", .rounded(weight)),
            ("score", .rounded(score)), ("fields", .strings(fields.map(\.rawValue))),
        ])
    }
}

extension SearchCoverage {
    var json: JSON {
        var members: [(String, JSON)] = [
            ("documents", .integer(documentCount)), ("chunks", .integer(chunkCount)),
            (
                "candidates",
                .object([
                    ("dense", .integer(candidateCounts.dense)), ("lexical", .integer(candidateCounts.lexical)),
                ])
            ),
            ("unknown", .array(unknown.map(\.json))), ("model", .string(fingerprint)),
        ]
        if let visible {
            members.append(
                (
                    "visible",
                    .object([
                        ("documents", .integer(visible.documentCount)), ("chunks", .integer(visible.chunkCount)),
                    ])
                ))
        }
        return .object(members)
    }
}

extension UnknownName {
    fileprivate var json: JSON {
        .object([
            ("filter", .string(filter.rawValue)), ("name", .string(name)), ("nearest", .strings(known)),
        ])
    }
}
