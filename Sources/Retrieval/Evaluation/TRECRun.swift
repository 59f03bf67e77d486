package import Foundation

/// Rankings as trec_eval reads them: `query Q0 unit rank score tag`, a line each
/// (<https://github.com/usnistgov/trec_eval>).
package struct TRECRun: Sendable, Equatable {
    /// By query, best first.
    package private(set) var rankings: [String: [Result]] = [:]
    /// The queries in the order in which they came.
    private var order: [String] = []

    package struct Result: Sendable, Equatable {
        package let unit: String
        package let score: Float
    }

    private static let tag = "docket"

    package init() {}

    /// Reads a run. As trec_eval does, it ranks by score alone, equal scores by unit from the last; ranks are not read.
    ///
    /// - Throws: `RetrievalError.badSet` with file and line.
    package init(reading file: URL) throws {
        for (number, line) in try JudgedLines.lines(of: file) {
            let fields = String(decoding: line, as: UTF8.self).split { $0 == " " || $0 == "\t" }
            guard fields.count == 6, let score = Float(fields[4]), score.isFinite else {
                throw RetrievalError.badSet(
                    path: file.path, line: number, detail: "expected query, Q0, unit, rank, score and tag")
            }
            append(Result(unit: Self.name(String(fields[2])), score: score), to: Self.name(String(fields[0])))
        }
        rankings = rankings.mapValues(Self.ranked)
    }

    /// Best first, as trec_eval has it: equal scores by unit, from the last.
    static func ranked(_ results: [Result]) -> [Result] {
        results.sorted { ($0.score, $0.unit) > ($1.score, $1.unit) }
    }

    /// Names as fields: blanks and percent signs as percent-encoded bytes (RFC 3986, section 2.1).
    private static func field(_ name: String) -> String {
        name.unicodeScalars.map { scalar in
            guard scalar == "%" || scalar.properties.isWhitespace else { return String(scalar) }
            return String(scalar).utf8.map { "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }.joined()
    }

    private static func name(_ field: String) -> String { field.removingPercentEncoding ?? field }

    /// - Parameter ranking: best first.
    mutating func append(_ ranking: [Result], to query: String) {
        for result in ranking { append(result, to: query) }
    }

    private mutating func append(_ result: Result, to query: String) {
        if rankings[query] == nil { order.append(query) }
        rankings[query, default: []].append(result)
    }

    /// Whether there is a ranking for any of the set's queries.
    package func hasQueries(of set: EvaluationSet) -> Bool { set.queries.contains { rankings[$0.id] != nil } }

    package func write(to file: URL) throws {
        var text = ""
        for query in order {
            for (place, result) in (rankings[query] ?? []).enumerated() {
                text += "\(Self.field(query)) Q0 \(Self.field(result.unit)) \(place + 1) \(result.score) \(Self.tag)\n"
            }
        }
        try Data(text.utf8).write(to: file, options: .atomic)
    }
}
