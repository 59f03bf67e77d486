import Documents
import Storage

/// A name that a filter asks for and no page that the reader may see has.
package struct UnknownName: Sendable, Equatable {
    package let filter: FilterName
    package let name: String
    /// Names that pages have, the one that is spelt most alike first.
    package let known: [String]

    /// How many of the known names are listed.
    package static let knownCountMax = 12
    /// How many of them there are in all.
    package let knownCount: Int
}

extension IndexSnapshot {
    /// The products, platforms and tags of the filters that no visible page has. A version is never unknown: it is
    /// compared, not looked up.
    ///
    /// - Complexity: one pass over the pages where one of these filters is asked.
    func unknownNames(in filters: SearchFilters) -> [UnknownName] {
        guard filters.product != nil || filters.platform != nil || !filters.tags.isEmpty else { return [] }
        let pages = frontMatter(visibleTo: filters.audiences)
        let asked: [(FilterName, [String], [String])] = [
            (.product, [filters.product].compactMap { $0 }, pages.compactMap(\.product)),
            (.platform, [filters.platform].compactMap { $0 }, pages.flatMap(\.platforms)),
            (.tags, filters.tags, pages.flatMap(\.tags)),
        ]
        return asked.flatMap { name, values, known in
            let known = Set(known.map { $0.lowercased() })
            return values.filter { !known.contains($0.lowercased()) }.map { UnknownName(name, $0, among: known) }
        }
    }
}

extension UnknownName {
    fileprivate init(_ filter: FilterName, _ name: String, among known: Set<String>) {
        let ranked = known.map { (editDistance(name.lowercased(), $0), $0) }.sorted { $0 < $1 }.map(\.1)
        self.init(
            filter: filter, name: name, known: Array(ranked.prefix(Self.knownCountMax)), knownCount: ranked.count)
    }
}

extension UnknownName: CustomStringConvertible {
    /// `no page is for product postgress; pages are for postgresql, nginx`
    package var description: String {
        let isTag = filter == .tags
        let names = known.joined(separator: ", ") + (knownCount > known.count ? " …" : "")
        return "no page \(isTag ? "has the tag" : "is for \(filter.rawValue)") \(name); "
            + (known.isEmpty
                ? "no page names a \(isTag ? "tag" : filter.rawValue)"
                : "pages \(isTag ? "have" : "are for") \(names)")
    }
}
