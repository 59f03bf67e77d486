import Tickets

/// The sections that a draft cites, numbered in order of appearance, with the bytes cited of each.
struct SourceList {
    private struct Source {
        let document: String
        let revision: String
        let headingPath: [String]
        let path: String?
        let audience: String?
        var byteRange: Range<Int>
        var page: Int?
    }
    /// The widest audience.
    private let customers: String?
    private var sources: [Source] = []

    init(customers: String?) { self.customers = customers }

    mutating func number(of citation: Citation) -> Int {
        if let index = sources.firstIndex(where: {
            $0.document == citation.document && $0.revision == citation.revision
                && $0.headingPath == citation.headingPath
        }) {
            let old = sources[index].byteRange
            if citation.byteRange.lowerBound < old.lowerBound { sources[index].page = citation.page }
            sources[index].byteRange =
                min(old.lowerBound, citation.byteRange.lowerBound)..<max(old.upperBound, citation.byteRange.upperBound)
            return index + 1
        }
        sources.append(
            Source(
                document: citation.document, revision: citation.revision, headingPath: citation.headingPath,
                path: citation.path, audience: citation.audience, byteRange: citation.byteRange,
                page: citation.page))
        return sources.count
    }

    /// What a resolver has to know before forwarding the draft.
    var warning: String? {
        let narrow = sources.enumerated().filter { isNarrow($0.element) }.map { "[\($0.offset + 1)]" }
        guard !narrow.isEmpty else { return nil }
        return "A customer may not see all of this: \(narrow.joined(separator: ", ")) "
            + (narrow.count == 1 ? "is not a public page." : "are not public pages.")
    }

    private func isNarrow(_ source: Source) -> Bool { source.audience.map { $0 != customers } ?? false }

    var lines: [String] {
        sources.enumerated().map { index, source in
            let mark = source.audience.flatMap { isNarrow(source) ? " [\($0)]" : nil } ?? ""
            let place = source.headingPath.joined(separator: " › ")
            let bytes = "bytes \(source.byteRange.lowerBound)–\(source.byteRange.upperBound)"
            let path = (source.path.map { $0 + ", " } ?? "") + (source.page.map { "page \($0), " } ?? "")
            return "[\(index + 1)]\(mark) \(source.document): \(place) "
                + "(\(path)\(bytes), revision \(source.revision.prefix(8)))"
        }
    }
}
