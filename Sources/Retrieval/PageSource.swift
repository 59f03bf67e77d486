import Documents
import Foundation

/// A folder of pages, and the part of it that a run looks at.
struct PageSource: Equatable {
    /// The folder that paths are relative to; its absolute path identifies the source.
    let root: URL
    /// The part below the root, "" for all of it; a file's path for one page.
    let scope: String

    /// What a walk through the files found.
    struct Listing {
        /// Paths of pages relative to the root, sorted.
        var pages: [String] = []
        /// Folders and files that could not be looked into, with the reason: what is below them is not known to be gone.
        var unreadable: [(path: String, reason: String)] = []
    }

    /// The sources of a run: a path inside a known source is a part of that source, any other folder is a new one.
    ///
    /// A source inside another one belongs to it, however they were named.
    static func sources(for roots: [URL], known: Set<String>) throws -> [PageSource] {
        guard !roots.isEmpty else {
            guard !known.isEmpty else { throw RetrievalError.nothingIngested }
            let outermost = known.filter { path in !known.contains { path.hasPrefix($0 + "/") } }
            return outermost.sorted().map {
                PageSource(root: $0, scope: "")
            }
        }
        var known = known
        var sources: [PageSource] = []
        // Folders come before what is in them, so that a folder named with its parent is a part of it.
        for url in roots.map(resolved).sorted(by: { $0.path < $1.path }) {
            let source = try PageSource(url, known: known)
            known.insert(source.root.path)
            if !sources.contains(where: { $0.root == source.root && $0.covers(source.scope) }) {
                sources.append(source)
            }
        }
        return sources
    }

    private static let goneMessage =
        "the folder is gone, and its pages are still served; bring it back, or make it anew, empty, to remove them"

    private init(root: String, scope: String) {
        self.root = URL(filePath: root, directoryHint: .isDirectory)
        self.scope = scope
    }

    /// - Parameter url: absolute, without symbolic links. What is gone from a source that is there can be named, too.
    private init(_ url: URL, known: Set<String>) throws {
        let path = url.path
        var isFolder: ObjCBool = false
        let isThere = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        if let root = known.filter({ path == $0 || path.hasPrefix($0 + "/") }).min(by: { $0.count < $1.count }),
            isThere || (path != root && FileManager.default.fileExists(atPath: root))
        {
            self.init(root: root, scope: String(path.dropFirst(root.count + 1)))
        } else if isThere {
            self.init(
                root: isFolder.boolValue ? path : url.deletingLastPathComponent().path,
                scope: isFolder.boolValue ? "" : url.lastPathComponent)
        } else {
            throw RetrievalError.noFolder(path: path)
        }
    }

    /// Without symbolic links, also where the last component is gone.
    private static func resolved(_ url: URL) -> URL {
        let url = url.standardizedFileURL
        guard !FileManager.default.fileExists(atPath: url.path) else { return url.resolvingSymlinksInPath() }
        return url.deletingLastPathComponent().resolvingSymlinksInPath().appending(path: url.lastPathComponent)
    }

    /// Whether the part that the run looks at is there.
    var isPresent: Bool {
        FileManager.default.fileExists(atPath: scope.isEmpty ? root.path : root.appending(path: scope).path)
    }

    /// Whether this run answers for `path`: a page of the source outside the scope is left as it is.
    func covers(_ path: String) -> Bool {
        scope.isEmpty || path == scope || path.hasPrefix(scope + "/")
    }

    /// Walks the scope; hidden files and files of other formats are passed over, save one that was named itself.
    func listing() -> Listing {
        let start = scope.isEmpty ? root : root.appending(path: scope)
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: start.path, isDirectory: &isFolder) else {
            return scope.isEmpty
                ? Listing(unreadable: [("", Self.goneMessage)]) : Listing()
        }
        guard isFolder.boolValue else { return Listing(pages: [scope]) }
        var listing = Listing()
        let files = FileManager.default.enumerator(
            at: start, includingPropertiesForKeys: nil, options: [.skipsHiddenFiles]
        ) { url, error in
            listing.unreadable.append((relativePath(of: url), reason(for: error)))
            return true
        }
        while let url = files?.nextObject() as? URL {
            if isPage(url) { listing.pages.append(relativePath(of: url)) }
        }
        listing.pages.sort()
        return listing
    }

    /// - Throws: `DocumentError.tooLarge` before reading; Foundation's error where the file cannot be read.
    func bytes(of path: String) throws -> [UInt8] {
        let url = root.appending(path: path).resolvingSymlinksInPath()
        let byteCount = try FileManager.default.attributesOfItem(atPath: url.path)[.size] as? Int ?? 0
        guard byteCount <= Document.byteCountMax else {
            throw DocumentError.tooLarge(
                path: path, gotByteCount: byteCount, expectedByteCountMax: Document.byteCountMax)
        }
        return Array(try Data(contentsOf: url))
    }

    private func relativePath(of url: URL) -> String {
        String(url.path.dropFirst(root.path.hasSuffix("/") ? root.path.count : root.path.count + 1))
    }

    private func isPage(_ url: URL) -> Bool {
        guard (try? DocumentFormat(ofPath: url.path)) != nil else { return false }
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) && !isFolder.boolValue
    }
}

/// What the system says about a file that cannot be read, without Foundation's wrapping.
func reason(for error: any Error) -> String {
    let error = error as NSError
    let cause = error.userInfo[NSUnderlyingErrorKey] as? NSError ?? error
    return cause.domain == NSPOSIXErrorDomain
        ? String(cString: strerror(Int32(cause.code))) : error.localizedDescription
}
