import Foundation
import Retrieval

/// Columns of an explanation: what a small terminal shows without breaking lines.
private let columnCount = 80
private let margin = String(repeating: " ", count: 11)

extension Passage {
    /// Why it ranks where it does, for people; `nil` where that was not asked.
    var explained: String? {
        guard let explanation else { return nil }
        var lines = [
            line("score", explanation.summands(of: scores.fused), separator: " "),
            line(
                "ranks",
                [
                    lane("by meaning", ranks.dense, "cosine", scores.dense),
                    lane("by words", ranks.lexical, "BM25", scores.lexical),
                ]),
        ]
        if let reranked = scores.reranked {
            lines.append(line("order", [String(format: "by the cross-encoder, %.3f", reranked)]))
        }
        lines += explanation.wordLines(of: scores.lexical)
        lines += explanation.filters.map { line($0.filter.rawValue, [$0.reason]) }
        return lines.joined(separator: "\n")
    }

    private func lane(_ name: String, _ rank: Int?, _ unit: String, _ score: Float) -> String {
        (rank.map { "\(name) \($0)." } ?? "not \(name)") + String(format: " (\(unit) %.3f)", score)
    }
}

extension PassageExplanation {
    /// Words beyond this many are only counted.
    private static let wordCountMax = 16

    /// A part that would show as nothing but zeros is not shown.
    private static let shownMin: Float = 0.000_5

    /// `1.021 = meaning 0.701`, `- crowd 0.105`, `+ words 0.425`.
    fileprivate func summands(of sum: Float) -> [String] {
        parts.enumerated().filter { $0 == 0 || abs($1.value) >= Self.shownMin }.map { place, part in
            let isNegative = part.value < 0
            let sign = place == 0 ? String(format: "%.3f = ", sum) + (isNegative ? "-" : "") : isNegative ? "- " : "+ "
            return sign + part.name + String(format: " %.3f", abs(part.value))
        }
    }

    /// For each set of fields the words that stand there, with their shares of BM25: `in title, body: many 18 %, clients 12 %`.
    fileprivate func wordLines(of total: Float) -> [String] {
        guard !terms.isEmpty else { return [line("words", ["none of the query's"])] }
        let shown = terms.prefix(Self.wordCountMax)
        var places: [String] = []
        for term in shown where !places.contains(term.place) { places.append(term.place) }
        let more = terms.count > shown.count ? ["and \(terms.count - shown.count) more"] : []
        return places.enumerated().map { number, place in
            let words = shown.filter { $0.place == place }.map { $0.share(of: total) }
            return line(number == 0 ? "words" : "", ["in \(place)"] + words + (number == places.count - 1 ? more : []))
        }
    }
}

extension MatchedTerm {
    fileprivate var place: String { fields.map(\.rawValue).joined(separator: ", ") }

    /// Identifiers stand between backticks.
    fileprivate func share(of total: Float) -> String {
        (isIdentifier ? "`\(text)`" : word) + String(format: " %.0f %%", 100 * score / total)
    }
}

extension SearchResult {
    /// What was searched and how long it took, for people.
    var explanation: String {
        let documents = coverage.visible.map { " of \($0.documentCount)" } ?? ""
        let chunks = coverage.visible.map { " of \($0.chunkCount)" } ?? ""
        let stages = timings.sums.map { $0.name + String(format: " %.2f", $0.milliseconds) }
        return [
            line(
                "passed", ["\(coverage.documentCount)\(documents) pages", "\(coverage.chunkCount)\(chunks) passages"]),
            line(
                "looked at",
                ["\(coverage.candidateCounts.dense) by meaning", "\(coverage.candidateCounts.lexical) by words"]),
            line("generation", ["\(generation)"]), line("model", coverage.shortModel),
            line("took", stages + [String(format: "%.2f ms in all", timings.total)]),
        ].joined(separator: "\n")
    }
}

extension SearchCoverage {
    /// The parts of the fingerprint that tell a model from others, digests by their first digits.
    fileprivate var shortModel: [String] {
        fingerprint.components(separatedBy: ", ").filter { !$0.hasPrefix("vocabulary ") }.prefix(6)
            .map { $0.hasPrefix("sha256 ") ? String($0.prefix(19)) : $0 }
    }
}

/// `label: item; item`, broken between items where a line is full.
private func line(_ label: String, _ items: [String], separator: String = "; ") -> String {
    let labelWidth = max(12, label.count + 2)
    let indent = margin + String(repeating: " ", count: labelWidth)
    var lines: [String] = []
    var current = margin + (label.isEmpty ? "" : label + ":").padding(toLength: labelWidth, withPad: " ", startingAt: 0)
    for (place, item) in items.enumerated() {
        let text = place < items.count - 1 ? item + separator : item
        if current.count > indent.count, current.count + text.count > columnCount {
            lines.append(current.trimmingTrailingSpaces)
            current = indent
        }
        current += text
    }
    return (lines + [current.trimmingTrailingSpaces]).joined(separator: "\n")
}

extension String {
    fileprivate var trimmingTrailingSpaces: String { String(reversed().drop { $0 == " " }.reversed()) }
}
