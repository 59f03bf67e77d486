import Foundation

/// A file that a backup may be written to: none of a database that is used, which would lose what its log has.
struct BackupTarget {
    /// Backups have it in their headers, and no database that is used does
    /// (<https://www.sqlite.org/fileformat.html#user_version_number>).
    static let version = 1
    /// What stands beside a database that is used, or was.
    private static let companions = ["-wal", "-shm", "-journal", ".ingest-lock"]

    /// Absolute, without symbolic links: what is replaced is the file that the name leads to.
    let path: String

    /// - Parameter database: the path of the database that is backed up.
    /// - Throws: `StorageError.noPlaceForBackup`.
    init(_ url: URL, besides database: String) throws {
        path = Self.resolved(url.path)
        let folder = Self.resolved(URL(filePath: database).deletingLastPathComponent().path)
        guard !path.hasPrefix(folder + "/") else {
            throw StorageError.noPlaceForBackup(path: path, detail: "it is in the data directory itself")
        }
        for suffix in Self.companions where FileManager.default.fileExists(atPath: path + suffix) {
            let detail = "\(path + suffix) stands beside it, so it is a database that is used"
            throw StorageError.noPlaceForBackup(path: path, detail: detail)
        }
        guard !Self.hasMark(path) || Self.number(at: 60, of: path) == Self.version else {
            throw StorageError.noPlaceForBackup(path: path, detail: "it is a database of Docket's, and no backup")
        }
    }

    /// Whether the header of a file has our mark (<https://www.sqlite.org/fileformat.html#application_id>).
    static func hasMark(_ path: String) -> Bool { number(at: 68, of: path) == applicationID }

    /// A big-endian number of 32 bits in the header of a database; `nil` of a file that has none.
    private static func number(at offset: Int, of path: String) -> Int? {
        let header = Array((try? FileHandle(forReadingFrom: URL(filePath: path)).read(upToCount: 100)) ?? Data())
        guard header.count == 100 else { return nil }
        return header[offset..<(offset + 4)].reduce(0) { $0 << 8 | Int($1) }
    }

    /// Of a file that is not there yet the folder is resolved.
    private static func resolved(_ path: String) -> String {
        if let found = realpath(path, nil) {
            defer { free(found) }
            return String(cString: found)
        }
        let url = URL(filePath: path)
        let folder = url.deletingLastPathComponent().path
        guard folder != path, folder != "/" else { return path }
        return resolved(folder) + "/" + url.lastPathComponent
    }
}
