import Documents
import Foundation
import Storage

/// A source whose folder is gone, and the folder in which every page of it is found again, or to which a link leads in
/// its place.
struct MovedSource: Hashable {
    /// The path of the folder that is gone.
    let old: String
    /// The path of the folder that takes its pages over.
    let new: String

    /// The sources that moved to one of the folders named to a run.
    ///
    /// Certain only: each stored page has a file at its own path that says its own id, and the folder has no page stored
    /// at that path. One page less, and nothing moves: the folder may be a copy, or another version of the pages.
    static func all(to named: [PageSource], stored: [StoredDocument]) -> [MovedSource] {
        let folders = named.filter { $0.scope.isEmpty && $0.isPresent }
        let pages = Dictionary(grouping: stored, by: \.source)
        return pages.keys.sorted().compactMap { old in
            let target = URL(filePath: old).resolvingSymlinksInPath().path
            let isGone = !FileManager.default.fileExists(atPath: old)
            let new = folders.first { folder in
                guard isGone else { return target != old && target == folder.root.path }
                let own = Set(pages[folder.root.path, default: []].map(\.path))
                // A folder around the old one is asked for what is gone from it.
                return !old.hasPrefix(folder.root.path + "/")
                    && pages[old, default: []].allSatisfy { !own.contains($0.path) && isFound($0, in: folder) }
            }
            return new.map { MovedSource(old: old, new: $0.root.path) }
        }
    }

    /// What to do about pages that were not taken over, since not all were found.
    func complaint(pageCount: Int) -> String {
        """
        the folder is gone, and \(pageCount) pages of \(new) have ids of its pages; where they replace them, make an \
        empty folder in its place and run `docket ingest \(old) \(new)`
        """
    }

    private static func isFound(_ page: StoredDocument, in folder: PageSource) -> Bool {
        guard let bytes = try? folder.bytes(of: page.path) else { return false }
        return (try? Document(parsing: bytes, path: page.path))?.id == page.id
    }
}
