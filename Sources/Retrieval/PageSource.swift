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

    private static let goneMessage =
        "the folder is gone, and its pages are still served; bring it back, or make it anew, empty, to remove them"

    init(root: String, scope: String) {
        self.root = URL(filePath: root, directoryHint: .isDirectory)
        self.scope = scope
    }

    /// A path inside a known source is a part of that source, any other folder is a new one.
    ///
    /// - Parameter url: absolute, without symbolic links. What is gone from a source that is there can be named, too.
    init(_ url: URL, known: KnownSources) throws {
        let path = url.path
        var isFolder: ObjCBool = false
        let isThere = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        if let root = known.root(of: url), isThere || (path != root && FileManager.default.fileExists(atPath: root)) {
            self.init(root: root, scope: String(path.dropFirst(root.count + 1)))
        } else if isThere {
            self.init(
                root: isFolder.boolValue ? path : url.deletingLastPathComponent().path,
                scope: isFolder.boolValue ? "" : url.lastPathComponent)
        } else {
            throw RetrievalError.noFolder(path: path)
        }
    }

    /// The folder or the page that the run looks at.
    var start: URL { scope.isEmpty ? root : root.appending(path: scope) }

    var isPresent: Bool { FileManager.default.fileExists(atPath: start.path) }

    /// Whether this run answers for `path`: a page of the source outside the scope is left as it is.
    func covers(_ path: String) -> Bool {
        scope.isEmpty || path == scope || path.hasPrefix(scope + "/")
    }

    /// Walks the scope; hidden files and files of other formats are passed over, save one that was named itself.
    func listing() -> Listing {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: start.path, isDirectory: &isFolder) else {
            let isRootThere = FileManager.default.fileExists(atPath: root.path)
            return isRootThere ? Listing() : Listing(unreadable: [("", Self.goneMessage)])
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

    /// The bytes of a page as they are stored: the file's own, or a PDF's text.
    ///
    /// - Throws: `DocumentError.tooLarge` before reading; `PDFError`; Foundation's error where the file cannot be read.
    func bytes(of path: String) throws -> [UInt8] {
        let url = root.appending(path: path).resolvingSymlinksInPath()
        let isPDF = (try? DocumentFormat(ofPath: path)) == .pdf
        let byteCountMax = isPDF ? PDFText.fileByteCountMax : Document.byteCountMax
        let byteCount = try FileManager.default.attributesOfItem(atPath: url.path)[.size] as? Int ?? 0
        guard byteCount <= byteCountMax else {
            throw DocumentError.tooLarge(path: path, gotByteCount: byteCount, expectedByteCountMax: byteCountMax)
        }
        return isPDF ? try PDFText(of: url, path: path).bytes : Array(try Data(contentsOf: url))
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
