import Documents
import Foundation

/// A folder of pages, and the part of it that a run looks at.
struct PageSource {
    /// The folder that paths are relative to; its absolute path identifies the source.
    let root: URL
    /// The part below the root, "" for all of it; a file's path for one page.
    let scope: String

    /// The sources of a run: a path inside a known source is a part of that source, any other folder is a new one.
    static func sources(for roots: [URL], known: Set<String>) throws -> [PageSource] {
        guard !roots.isEmpty else {
            guard !known.isEmpty else { throw RetrievalError.nothingIngested }
            return try known.sorted().map { path in
                try PageSource(URL(filePath: path, directoryHint: .isDirectory), known: known)
            }
        }
        return try roots.map { try PageSource($0, known: known) }
    }

    private init(_ url: URL, known: Set<String>) throws {
        let url = url.standardizedFileURL.resolvingSymlinksInPath()
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else {
            throw RetrievalError.noFolder(path: url.path)
        }
        let path = url.path
        if let root = known.filter({ path == $0 || path.hasPrefix($0 + "/") }).max(by: { $0.count < $1.count }) {
            self.root = URL(filePath: root, directoryHint: .isDirectory)
            scope = String(path.dropFirst(root.count + 1))
        } else {
            root = isFolder.boolValue ? url : url.deletingLastPathComponent()
            scope = isFolder.boolValue ? "" : url.lastPathComponent
        }
    }

    /// Whether this run answers for `path`: a page of the source outside the scope is left as it is.
    func covers(_ path: String) -> Bool {
        scope.isEmpty || path == scope || path.hasPrefix(scope + "/")
    }

    /// The paths of all pages in scope, relative to the root, sorted; hidden files and other formats are passed over.
    func pagePaths() throws -> [String] {
        let start = scope.isEmpty ? root : root.appending(path: scope)
        if isPage(start) { return [scope] }
        guard
            let files = FileManager.default.enumerator(
                at: start, includingPropertiesForKeys: [.isRegularFileKey], options: [.skipsHiddenFiles])
        else { throw RetrievalError.noFolder(path: start.path) }
        let prefix = root.path.hasSuffix("/") ? root.path.count : root.path.count + 1
        return files.compactMap { $0 as? URL }
            .filter { isPage($0) }
            .map { String($0.path.dropFirst(prefix)) }.sorted()
    }

    func bytes(of path: String) throws -> [UInt8] {
        Array(try Data(contentsOf: root.appending(path: path)))
    }

    private func isPage(_ url: URL) -> Bool {
        guard (try? DocumentFormat(ofPath: url.path)) != nil else { return false }
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) && !isFolder.boolValue
    }
}
