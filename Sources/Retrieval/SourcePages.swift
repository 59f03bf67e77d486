import Foundation
import Storage

/// A source with what its folder and the database hold.
struct SourcePages {
    let source: PageSource
    let listing: PageListing
    /// Stored pages by their paths below the source's root; those of a source inside this one are now its own.
    let byPath: [String: StoredDocument]
    /// Stored pages that the run answers for and whose files are not there.
    let gone: [StoredDocument]
    /// Files that are passed over, since their pages were removed by name.
    let passedOver: Set<String>
    /// Removals that end: the page is named itself now, or its file is gone.
    let ended: [RemovedPage]

    /// - Parameters:
    ///   - removed: pages that were removed by name.
    ///   - moved: sources whose pages are found again; those that moved here are this one's.
    init(of source: PageSource, stored: [StoredDocument], removed: Set<RemovedPage>, moved: [MovedSource] = []) {
        self.source = source
        let listing = PageListing(of: source)
        self.listing = listing
        let root = source.root.path
        let taken = Set(moved.filter { $0.new == root }.map(\.old))
        let own = stored.compactMap { document -> (path: String, document: StoredDocument)? in
            if document.source == root || taken.contains(document.source) { return (document.path, document) }
            guard document.source.hasPrefix(root + "/") else { return nil }
            return (document.source.dropFirst(root.count + 1) + "/" + document.path, document)
        }.filter { source.covers($0.path) }
        // Where both sources have stored the file, the outer one's row is the page and the other is gone.
        let (outer, inner) = (own.filter { $0.document.source == root }, own.filter { $0.document.source != root })
        byPath = Dictionary((outer + inner).map { ($0.path, $0.document) }, uniquingKeysWith: { first, _ in first })
        let found = Set(listing.pages)
        func isUnknown(_ path: String) -> Bool {
            listing.unreadable.contains { $0.path.isEmpty || path == $0.path || path.hasPrefix($0.path + "/") }
        }
        let removals = removed.compactMap { page in
            source.path(ofFile: page.source + "/" + page.path).map { (path: $0, page: page) }
        }
        let chosen = Set(byPath.values.map(\.key))
        ended = removals.filter { path, _ in path == source.scope || !found.contains(path) && !isUnknown(path) }.map(
            \.page)
        passedOver = Set(removals.map(\.path)).intersection(found).subtracting([source.scope])
        gone = own.filter { path, document in
            !isUnknown(path) && (!found.contains(path) || !chosen.contains(document.key))
        }.map(\.document)
    }
}
