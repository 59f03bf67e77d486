import Foundation

/// What stands directly in a folder, by the system's own call: Foundation's leaves out names that are not UTF-8.
///
/// Its pointers stay in this file. <https://man7.org/linux/man-pages/man3/readdir.3.html>
struct FolderEntries {
    enum Kind {
        case folder, link
        /// A regular file, or what only opening it tells.
        case file
    }

    struct Entry {
        /// With a replacement character for each byte sequence that is not UTF-8.
        let name: String
        let isUTF8: Bool
        let kind: Kind

        var isHidden: Bool { name.hasPrefix(".") }
    }

    let entries: [Entry]

    init(of path: String) throws(PageFault) {
        guard let stream = opendir(path) else { throw .unreadable(errno: errno) }
        defer { closedir(stream) }
        var entries: [Entry] = []
        errno = 0
        while let record = readdir(stream) {
            let (name, isUTF8) = Self.name(of: record)
            if name != ".", name != ".." {
                let kind = Self.kind(of: record) ?? Self.kind(ofFileAt: path + "/" + name)
                entries.append(Entry(name: name, isUTF8: isUTF8, kind: kind))
            }
            errno = 0
        }
        guard errno == 0 else { throw .unreadable(errno: errno) }
        self.entries = entries
    }

    private static func name(of record: UnsafeMutablePointer<dirent>) -> (String, isUTF8: Bool) {
        // A record ends with its name: the bytes behind it are not the record's, so it is never copied whole.
        guard let offset = MemoryLayout<dirent>.offset(of: \.d_name) else { return ("", false) }
        let start = UnsafeRawPointer(record).advanced(by: offset).assumingMemoryBound(to: UInt8.self)
        let bytes = UnsafeBufferPointer(start: start, count: strlen(UnsafePointer<CChar>(OpaquePointer(start))))
        if let name = String(validating: bytes, as: UTF8.self) { return (name, true) }
        return (String(decoding: bytes, as: UTF8.self), false)
    }

    /// `nil` on file systems that do not tell.
    private static func kind(of record: UnsafeMutablePointer<dirent>) -> Kind? {
        switch Int(record.pointee.d_type) {
        case Int(DT_UNKNOWN): nil
        case Int(DT_DIR): .folder
        case Int(DT_LNK): .link
        default: .file
        }
    }

    static func kind(ofFileAt path: String) -> Kind {
        var status = stat()
        guard lstat(path, &status) == 0 else { return .file }
        switch status.st_mode & S_IFMT {
        case S_IFDIR: return .folder
        case S_IFLNK: return .link
        default: return .file
        }
    }
}
