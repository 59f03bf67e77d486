import Foundation

/// The folders and pages that were named to an ingest, this one or an earlier one. None is inside another.
struct KnownSources {
    private(set) var sources: [PageSource] = []
    private var roots: Set<String> = []
    private var rootByStart: [String: String] = [:]

    /// Those among `sources` that no other covers.
    init(_ sources: [PageSource]) {
        // What covers comes before what it covers.
        for source in sources.sorted(by: { $0.start.path < $1.start.path }) { append(source) }
    }

    /// The sources of a run that was given `urls`; one inside another belongs to it, however they were named.
    func naming(_ urls: [URL]) throws -> [PageSource] {
        var known = self
        // Folders come before what is in them, so that a folder named with its parent is a part of it.
        let named = try urls.map(Self.resolved).sorted { $0.path < $1.path }.map { url in
            let source = try PageSource(url, known: known)
            known.append(source)
            return source
        }
        return KnownSources(named).sources
    }

    private mutating func append(_ source: PageSource) {
        guard Self.pathsDown(to: source.start).allSatisfy({ rootByStart[$0] == nil }) else { return }
        sources.append(source)
        roots.insert(source.root.path)
        rootByStart[source.start.path] = source.root.path
    }

    /// The folder that a path belongs to: that of the source it is inside of, else the nearest one around it.
    func root(of url: URL) -> String? {
        let paths = Self.pathsDown(to: url)
        return paths.lazy.compactMap { rootByStart[$0] }.first ?? paths.last(where: roots.contains)
    }

    /// The path itself and the folders that it is in, from the outermost.
    private static func pathsDown(to url: URL) -> [String] {
        var path = ""
        return ["/"]
            + url.path.split(separator: "/").map { name in
                path += "/" + name
                return path
            }
    }

    /// Without symbolic links, also where the last component is gone.
    static func resolved(_ url: URL) -> URL {
        let url = url.standardizedFileURL
        guard !FileManager.default.fileExists(atPath: url.path) else { return url.resolvingSymlinksInPath() }
        return url.deletingLastPathComponent().resolvingSymlinksInPath().appending(path: url.lastPathComponent)
    }
}
