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

    /// - Parameter moved: sources whose pages are found again; those that moved here are this one's.
    init(of source: PageSource, stored: [StoredDocument], moved: [MovedSource] = []) {
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
        let chosen = Set(byPath.values.map(\.key))
        gone = own.filter { path, document in
            let isUnknown = listing.unreadable.contains {
                $0.path.isEmpty || path == $0.path || path.hasPrefix($0.path + "/")
            }
            return !isUnknown && (!found.contains(path) || !chosen.contains(document.key))
        }.map(\.document)
    }
}
