import Documents
import Foundation
import IndexFiles

/// A folder of pages, and the part of it that a run looks at.
struct PageSource: Equatable {
    /// The folder that paths are relative to; its absolute path identifies the source.
    let root: URL
    /// The part below the root, "" for all of it; a file's path for one page.
    let scope: String

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

    /// The bytes of a page as they are stored: the file's own, of HTML in UTF-8, or a PDF's text.
    ///
    /// - Throws: `DocumentError`, where it is too large before it is read; `PageFault`; `PDFError`; Foundation's error where the disk fails.
    func bytes(of path: String) throws -> [UInt8] {
        let (file, handle) = try opened(path)
        let format = try DocumentFormat(ofPath: path)
        if format == .pdf { return try PDFText(of: file, path: path).bytes }
        let bytes = Array(try handle.readToEnd() ?? Data())
        return format == .html ? try htmlInUTF8(bytes, path: path) : bytes
    }

    /// What a page's file is like now.
    ///
    /// - Throws: as `file(of:)`.
    func stamp(of path: String) throws(PageFault) -> FileStamp {
        let file = try file(of: path)
        guard let stamp = FileStamp(of: file) else { throw .unreadable(errno: errno) }
        return stamp
    }

    /// The SHA-256 of a PDF's file, in lower-case hexadecimal; `nil` for other formats, whose pages are their bytes.
    ///
    /// - Throws: as `bytes(of:)`.
    func hashOfPDF(at path: String) throws -> String? {
        guard Self.isPDF(path) else { return nil }
        return Document.revision(of: Array(try opened(path).handle.readToEnd() ?? Data()))
    }

    private static func isPDF(_ path: String) -> Bool { (try? DocumentFormat(ofPath: path)) == .pdf }

    /// A page's file, not larger than it may be.
    private func opened(_ path: String) throws -> (file: URL, handle: FileHandle) {
        let file = try file(of: path)
        // What another process has put in place of the file is not waited for.
        let descriptor = open(file.path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
        guard descriptor >= 0 else { throw PageFault.unreadable(errno: errno) }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw PageFault.unreadable(errno: errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw PageFault.notARegularFile }
        let byteCountMax = Self.isPDF(path) ? PDFText.fileByteCountMax : Document.byteCountMax
        guard status.st_size <= byteCountMax else {
            throw DocumentError.tooLarge(
                path: path, gotByteCount: Int(status.st_size), expectedByteCountMax: byteCountMax)
        }
        return (file, handle)
    }

    /// The regular file that a page is, behind the links that lead to it.
    ///
    /// - Throws: `PageFault` where there is none, or it is not in the source's folder.
    func file(of path: String) throws(PageFault) -> URL {
        let file = URL(filePath: try resolved(path), directoryHint: .notDirectory)
        var status = stat()
        guard stat(file.path, &status) == 0 else { throw .unreadable(errno: errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notARegularFile }
        return file
    }

    /// Where `path` leads through symbolic links.
    ///
    /// - Throws: `PageFault` where it leads nowhere, or out of the source's folder: whoever may put a link there need
    ///   not be allowed to read, and to show to all readers, what this process can read.
    func resolved(_ path: String) throws(PageFault) -> String {
        let root = try Self.realPath(self.root.path)
        let target = try Self.realPath(self.root.appending(path: path).path)
        // By bytes: Swift's own prefixes hold names for equal that are two files.
        let isInside = target == root || target.utf8.starts(with: (root == "/" ? root : root + "/").utf8)
        guard isInside else { throw .linkOutOfFolder(to: target) }
        return target
    }

    private static func realPath(_ path: String) throws(PageFault) -> String {
        guard let resolved = realpath(path, nil) else { throw .unreadable(errno: errno) }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}

/// What the system says about a file that cannot be read, without Foundation's wrapping.
func reason(for error: any Error) -> String {
    let error = error as NSError
    let cause = error.userInfo[NSUnderlyingErrorKey] as? NSError ?? error
    return cause.domain == NSPOSIXErrorDomain
        ? String(cString: strerror(Int32(cause.code))) : error.localizedDescription
}
