import ArgumentParser
import Configuration
import Retrieval
import Storage

struct SearchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search",
        abstract: "Find the passages that fit a question.",
        discussion: """
            Filters are hard: with --product or --version, a page for another product or version is never shown; pages \
            that name none apply to all. A product, platform or tag that no page has finds nothing, and the nearest \
            names are listed. With --relax, filters are given up one after the other where they leave nothing (tags, \
            then platform, then product, unless docket.yaml says otherwise; never the audience), which is said before \
            the passages. Exits with 1 when nothing is found.

            Examples:
              docket search "remaining connection slots are reserved" --product postgresql --version 15.4
              docket search "restore a dump" --tag backup --tag upgrade --version 17rc1
              docket search "pod stays pending" --product kubernetes --platform rhel-9 --relax
              docket search "too many clients" --explain
            """)

    @OptionGroup var shared: SharedOptions
    @OptionGroup var reader: ReaderOption
    @OptionGroup var limit: LimitOption
    @Argument(help: "What to look for.") var query: [String]
    @OptionGroup var filter: FilterOptions
    @Flag(help: "Give filters up in the declared order where they leave nothing.") var relax = false
    @Flag(help: "Say why each passage ranks where it does.") var explain = false
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
        let filters = filter.filters(audiences: try reader.visibleAudiences(configuration))
        let text = query.joined(separator: " ")
        let searcher = try configuration.searcher(reranks: true)
        let (result, relaxed) = try searcher.search(
            searcher.query(text), filters: filters, limit: limit.limit,
            relaxing: relax ? configuration.relaxationOrder : .none, explains: explain)
        let passages = try result.passages.map { passage in
            WidenedPassage(
                passage: passage,
                around: context > 0
                    ? try searcher.store.neighbours(
                        of: passage.chunk, count: context, audiences: filters.audiences) : nil)
        }
        let found = SearchOutput(
            query: text, filters: filters, relaxed: relaxed, result: result, passages: passages, explains: explain)
        if shared.json {
            Console.printJSON(configuration.marked(found.json))
        } else {
            configuration.sayWhetherModelIsMissing()
            for text in found.texts { Console.show(text) }
        }
        if !shared.json {
            for remark in found.remarks(isFoundByWordsOnly: configuration.usesLatentSemanticAnalysis) {
                Console.complain("docket: \(remark)")
            }
        }
        if result.passages.isEmpty { throw ExitStatus.nothingFound }
    }
}

/// What a search is narrowed by.
struct FilterOptions: ParsableArguments {
    @Option(help: "Only pages for this product, or for all.") var product: String?
    @Option(
        help: ArgumentHelp(
            "Only pages whose versions include this one, such as 15.4, 17rc1, 9.2p1 or 2024-05-01."))
    var version: String?
    @Option(help: "Only pages for this platform, or for all.") var platform: String?
    @Option(name: .customLong("tag"), help: "Only pages with this tag; given again, with all of them.")
    var tags: [String] = []

    private static let tagCountMax = 100

    func validate() throws {
        let values = [("product", product), ("version", version), ("platform", platform)] + tags.map { ("tag", $0) }
        for (name, value) in values where value?.allSatisfy(\.isWhitespace) ?? false {
            throw ValidationError("--\(name) is empty; leave it out to search without it")
        }
        guard tags.count <= Self.tagCountMax else { throw ValidationError("give at most \(Self.tagCountMax) tags") }
    }

    func filters(audiences: [String]) -> SearchFilters {
        var filters = SearchFilters(
            product: product, version: version, platform: platform, tags: tags, audiences: audiences)
        filters.refusesUnknownNames = true
        return filters
    }
}

extension Configuration {
    /// Which filters are given up where they leave nothing.
    var relaxationOrder: RelaxationOrder {
        relaxation.map { RelaxationOrder($0.map(Relaxation.init)) } ?? .standard
    }
}

extension Relaxation {
    fileprivate init(_ filter: Configuration.Relaxable) {
        self =
            switch filter {
            case .tags: .tags
            case .platform: .platform
            case .product: .product
            case .version: .version
            }
    }
}
