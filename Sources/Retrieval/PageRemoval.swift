package import Foundation
package import Storage

/// What a removal took out of every search.
package struct RemovalSummary: Sendable, Equatable {
    /// Pages, in the order of their sources and paths.
    package let removed: [StoredDocument]
    /// Folders that no ingest reads any more unless it names them.
    package let forgotten: [String]
}

extension Ingester {
    /// Those of the folders and pages that were named that ingests still read by themselves: others were removed since.
    package static func stillNamed(_ roots: [URL], in store: Store) throws -> [URL] {
        let starts = try store.namedParts().map { $0.scope.isEmpty ? $0.source : $0.source + "/" + $0.scope }
        return roots.filter { root in
            let path = KnownSources.resolved(root).path
            return starts.contains { path == $0 || path.hasPrefix($0 + "/") || $0.hasPrefix(path + "/") }
        }
    }

    /// Takes pages out of every search, in every process, before this returns. Ingests pass over files with their ids or
    /// their bytes, wherever these are, until one names such a file itself.
    ///
    /// It does not wait for an ingest: one that has read such a page already does not store it any more.
    ///
    /// - Parameters:
    ///   - names: ids of pages, or files and folders whose pages are meant; a folder that was ingested is forgotten.
    ///   - coversAll: whether a name may be a folder above ingested ones.
    /// - Throws: `RetrievalError.noPage` for a name that means no page, `coversIngestedFolders` for one that means more
    ///   than a folder that was ingested; nothing is removed then.
    package static func remove(
        _ names: [String], from store: Store, coversAll: Bool = false
    ) throws -> RemovalSummary {
        let lock = try DatabaseLock(.switch, besides: URL(filePath: store.path))
        defer { lock.release() }
        // What is served, and what the next generation will show: a page may have another id or path there.
        let current = try store.currentDocuments()
        let currentPages = Set(current.map(\.page))
        let served = try store.documents(ofGeneration: store.servingState().generation)
        let sources = Set(try store.namedParts().map(\.source))
        var chosen: Set<Int64> = []
        var forgotten: Set<String> = []
        for name in names {
            guard !name.allSatisfy(\.isWhitespace) else { throw RetrievalError.noPage(name: name) }
            let path = KnownSources.resolved(URL(filePath: name)).path
            let pages = (current + served).filter { page in
                let file = page.source + "/" + page.path
                return page.id == name || file == path || file.hasPrefix(path + "/")
            }
            let below = sources.filter { $0 == path || $0.hasPrefix(path + "/") }
            guard !pages.isEmpty || !below.isEmpty else { throw RetrievalError.noPage(name: name) }
            guard coversAll || below.allSatisfy({ $0 == path }) else {
                throw RetrievalError.coversIngestedFolders(
                    name: name, folders: below.sorted(), pageCount: Set(pages.map(\.page)).count)
            }
            chosen.formUnion(pages.map(\.page))
            forgotten.formUnion(below)
        }
        let removed = (current + served.filter { !currentPages.contains($0.page) }).filter { chosen.contains($0.page) }
        try store.remove(removed, forgetting: forgotten.sorted())
        return RemovalSummary(removed: removed, forgotten: forgotten.sorted())
    }
}
