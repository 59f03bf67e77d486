import ArgumentParser
import Configuration
import Foundation
import Retrieval
import Storage

struct SearchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search",
        abstract: "Find the passages that fit a question.",
        discussion: """
            Filters are hard: with --product or --version, a page for another product or version is never shown; pages \
            that name none apply to all. Exits with 1 when nothing is found.

            Example:
              docket search "remaining connection slots are reserved" --product postgresql --version 15.4
            """)

    @OptionGroup var shared: SharedOptions
    @OptionGroup var reader: ReaderOption
    @OptionGroup var limit: LimitOption
    @Argument(help: "What to look for.") var query: [String]
    @Option(help: "Only pages for this product, or for all.") var product: String?
    @Option(help: "Only pages whose versions include this one.") var version: String?
    @Option(help: "Only pages for this platform, or for all.") var platform: String?
    @Option(
        help: ArgumentHelp(
            "Show so many parts of the page before and behind each passage, too.", valueName: "count"))
    var context = 0
    @Option(
        help: ArgumentHelp(
            "A cross-encoder's folder, which orders the best passages anew (DOCKET_RERANKER; default none).",
            valueName: "folder"))
    var reranker: String?

    private static let contextMax = 100

    func validate() throws {
        guard (0...Self.contextMax).contains(context) else {
            throw ValidationError("--context takes a number from 0 to \(Self.contextMax)")
        }
    }

    func run() throws {
        let configuration = try shared.configuration(reranker: reranker)
        let filters = SearchFilters(
            product: product, version: version, platform: platform,
            audiences: try reader.visibleAudiences(configuration))
        let text = query.joined(separator: " ")
        let searcher = try configuration.searcher(reranks: true)
        let result = try searcher.search(text, filters: filters, limit: limit.limit)
        let passages = try result.passages.map { passage in
            Widened(
                passage: passage,
                by: context > 0
                    ? try searcher.store.neighbours(
                        of: passage.chunk, count: context, audiences: filters.audiences) : nil)
        }
        if shared.json {
            Console.printJSON(configuration.marked(json(result, passages, query: text, filters: filters)))
        } else {
            configuration.sayWhetherModelIsMissing()
            for passage in passages { Console.show(passage.text) }
            if result.passages.isEmpty {
                Console.complain("docket: nothing found: \(reason(text, filters, configuration))")
            }
        }
        if result.passages.isEmpty { throw ExitStatus.nothingFound }
    }

    /// A model ranks every page that passes the filters, so that nothing is found where none passes; without one, a page
    /// is only found by its words.
    private func reason(_ query: String, _ filters: SearchFilters, _ configuration: Configuration) -> String {
        if query.allSatisfy(\.isWhitespace) { return "the query is empty" }
        let named = [("product", filters.product), ("version", filters.version), ("platform", filters.platform)]
            .compactMap { name, value in value.map { "\(name) \($0)" } }
        let audiences = "audience \(filters.audiences.joined(separator: " or "))"
        return "no page passes the filters (\((named + [audiences]).joined(separator: ", ")))"
            + (configuration.usesLatentSemanticAnalysis ? ", or none has a word of the query" : "")
    }

    /// A passage with the parts of its page around it, where they were asked for.
    private struct Widened {
        let passage: Passage
        let around: (before: [StoredChunk], after: [StoredChunk])?

        init(passage: Passage, by around: (before: [StoredChunk], after: [StoredChunk])?) {
            (self.passage, self.around) = (passage, around)
        }

        var json: JSON {
            guard let around else { return .object(passage.members) }
            return .object(
                passage.members + [
                    ("before", .strings(around.before.map(\.text))), ("after", .strings(around.after.map(\.text))),
                ])
        }

        var text: String {
            guard let around else { return passage.text }
            let (before, after) = (around.before.map(\.text), around.after.map(\.text))
            return ([passage.heading] + before + [passage.chunk.text] + after).joined(separator: "\n\n") + "\n"
        }
    }

    private func json(_ result: SearchResult, _ passages: [Widened], query: String, filters: SearchFilters) -> JSON {
        .object([
            ("generation", .integer(result.generation)), ("query", .string(query)), ("filters", filters.json),
            ("relaxed", .array([])), ("passages", .array(passages.map(\.json))),
            ("timings_ms", result.timings.json),
        ])
    }
}

extension SearchFilters {
    fileprivate var json: JSON {
        .object([
            ("product", .optional(product)), ("version", .optional(version)), ("platform", .optional(platform)),
            ("audiences", .strings(audiences)),
        ])
    }
}

extension StageTimings {
    /// Milliseconds by stage and in all; a stage that ran several times is summed.
    var json: JSON {
        var names: [String] = []
        var sums: [String: Double] = [:]
        for (name, milliseconds) in stages {
            if sums[name] == nil { names.append(name) }
            sums[name, default: 0] += milliseconds
        }
        let members = names.map { ($0, JSON.rounded(sums[$0] ?? 0, places: 3)) }
        return .object(members + [("total", .rounded(total, places: 3))])
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
        members += [("text", .string(chunk.text)), ("score", .rounded(scores.ranking)), ("scores", scores.json)]
        return members
    }

    /// Rank, score, and where it stands.
    fileprivate var heading: String {
        let place = (chunk.headingPath.isEmpty ? [document.title] : chunk.headingPath).joined(separator: " › ")
        return String(format: "%2d  %.3f  ", rank, scores.ranking)
            + "\(place)\n           \(document.path)\(chunk.page.map { ", page \($0)" } ?? "")"
    }

    /// The same, and how it begins, without the marks of the page's format.
    fileprivate var text: String {
        let words = chunk.searchText.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let excerpt = words.count > 240 ? words.prefix(240) + "…" : words[...]
        return "\(heading)\n           \(excerpt)\n"
    }
}

extension PassageScores {
    fileprivate var json: JSON {
        let lanes = [("dense", dense), ("lexical", lexical), ("fused", fused)].map { ($0.0, JSON.rounded($0.1)) }
        return .object(lanes + (reranked.map { [("reranked", .rounded($0))] } ?? []))
    }
}
