import Foundation
import Retrieval
import Storage

/// What a search prints.
struct SearchOutput {
    let query: String
    let filters: SearchFilters
    let relaxed: [Relaxation]
    let result: SearchResult
    let passages: [WidenedPassage]
    let explains: Bool

    var json: JSON {
        .object(
            [
                ("generation", .integer(result.generation)), ("query", .string(query)), ("filters", filters.json),
                ("relaxed", .strings(relaxed.map(\.rawValue))), ("passages", .array(passages.map(\.json))),
                ("coverage", result.coverage.json), ("timings_ms", result.timings.json),
            ])
    }

    /// For people; nothing where nothing is found, unless why was asked.
    var texts: [String] {
        let notes = relaxed.isEmpty || passages.isEmpty ? [] : [relaxationNote + "\n"]
        return notes + passages.map(\.text) + (explains ? [result.explanation] : [])
    }

    private var relaxationNote: String {
        "nothing found with all filters; searched without "
            + relaxed.map { filters.description(of: $0) }.joined(separator: ", ")
    }

    /// What to say on standard error, a line each.
    ///
    /// A model ranks every page that passes the filters, so that nothing is found where none passes; without one, a page
    /// is only found by its words.
    func remarks(isFoundByWordsOnly: Bool) -> [String] {
        let unknown = result.coverage.unknown.map(\.description)
        guard result.passages.isEmpty else { return relaxed.isEmpty ? [] : [relaxationNote] + unknown }
        if query.allSatisfy(\.isWhitespace) { return ["nothing found: the query is empty"] }
        let reason =
            "nothing found: no page passes the filters (\(filters.text))"
            + (isFoundByWordsOnly ? ", or none has a word of the query" : "")
            + (relaxed.isEmpty ? "" : ", not even without \(relaxed.map(\.rawValue).joined(separator: " and "))")
        return [reason] + unknown
    }
}

/// A passage with the parts of its page around it, where they were asked for.
struct WidenedPassage {
    let passage: Passage
    let around: (before: [StoredChunk], after: [StoredChunk])?

    var json: JSON {
        let widening: [(String, JSON)] =
            around.map { around in
                [("before", .strings(around.before.map(\.text))), ("after", .strings(around.after.map(\.text)))]
            } ?? []
        let explanation = passage.explanation.map { [("explanation", $0.json)] } ?? []
        return .object(passage.members + widening + explanation)
    }

    /// Rank, score, place and words, as in the page where it was widened, else how they begin; then why it ranks there.
    var text: String {
        let why = passage.explained.map { "\n" + $0 } ?? ""
        guard let around else { return "\(passage.heading)\n           \(passage.excerpt)\(why)\n" }
        let parts = around.before.map(\.text) + [passage.chunk.text] + around.after.map(\.text)
        return ([passage.heading] + parts).joined(separator: "\n\n") + "\(why)\n"
    }
}

extension SearchFilters {
    fileprivate var json: JSON {
        .object([
            ("product", .optional(product)), ("version", .optional(version)), ("platform", .optional(platform)),
            ("tags", .strings(tags)), ("audiences", .strings(audiences)),
        ])
    }

    /// `platform linux`, `tag backup and tag cache`.
    fileprivate func description(of relaxation: Relaxation) -> String {
        let (name, values): (String, [String]) =
            switch relaxation {
            case .tags: ("tag", tags)
            case .platform: ("platform", [platform ?? ""])
            case .product: ("product", [product ?? ""])
            case .version: ("version", [version ?? ""])
            }
        return values.map { "\(name) \($0)" }.joined(separator: " and ")
    }

    fileprivate var text: String {
        let named = [Relaxation.product, .version, .platform, .tags].filter { $0.applies(to: self) }
        return (named.map(description) + ["audience \(audiences.joined(separator: " or "))"]).joined(separator: ", ")
    }
}

extension StageTimings {
    /// Milliseconds by stage, in order; a stage that ran several times is summed.
    var sums: [(name: String, milliseconds: Double)] {
        var names: [String] = []
        var sums: [String: Double] = [:]
        for (name, milliseconds) in stages {
            if sums[name] == nil { names.append(name) }
            sums[name, default: 0] += milliseconds
        }
        return names.map { ($0, sums[$0] ?? 0) }
    }

    /// By stage and in all.
    var json: JSON {
        .object((sums + [("total", total)]).map { ($0.0, JSON.rounded($0.1, places: 3)) })
    }
}

extension Passage {
    fileprivate var members: [(String, JSON)] {
        var members: [(String, JSON)] = [
            ("rank", .integer(rank)), ("chunk", .integer(Int(chunk.id))), ("document", .string(document.id)),
            ("revision", .string(document.revision)), ("title", .string(document.title)),
            ("heading_path", .strings(chunk.headingPath)),
            ("byte_range", .array([.integer(chunk.byteRange.lowerBound), .integer(chunk.byteRange.upperBound)])),
        ]
        if let page = chunk.page { members.append(("page", .integer(page))) }
        members += [
            ("text", .string(chunk.text)), ("score", .rounded(scores.ranking)), ("scores", scores.json),
            ("ranks", .object([("dense", .optional(ranks.dense)), ("lexical", .optional(ranks.lexical))])),
        ]
        return members
    }

    /// Rank, score, and where it stands.
    fileprivate var heading: String {
        let place = (chunk.headingPath.isEmpty ? [document.title] : chunk.headingPath).joined(separator: " › ")
        return String(format: "%2d  %.3f  ", rank, scores.ranking)
            + "\(place)\n           \(document.path)\(chunk.page.map { ", page \($0)" } ?? "")"
    }

    /// How it begins, without the marks of the page's format.
    fileprivate var excerpt: String {
        let words = chunk.searchText.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return words.count > 240 ? words.prefix(240) + "…" : words
    }
}

extension PassageScores {
    fileprivate var json: JSON {
        let lanes = [("dense", dense), ("lexical", lexical), ("fused", fused)].map { ($0.0, JSON.rounded($0.1)) }
        return .object(lanes + (reranked.map { [("reranked", .rounded($0))] } ?? []))
    }
}
