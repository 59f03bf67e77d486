package import Foundation
import GRDB

extension Store {
    /// Writes all that the database holds at one moment to a file of its own, whole or not at all. Readers and writers go on.
    ///
    /// Who may read the database may read the file, and nobody else.
    ///
    /// - Throws: `StorageError.unusable` for a file that cannot be written, that stands in the data directory, or that is a
    ///   database in use.
    package func backUp(to url: URL) throws {
        try refuseDatabaseInUse(at: url)
        let partial = url.path + ".\(UUID().uuidString).partial"
        defer { try? Self.removeDatabase(at: partial) }
        try Self.makeEmptyFile(at: partial, as: path)
        try pool.copy(toFile: partial)
        try Self.sync(partial)
        guard rename(partial, url.path) == 0 else {
            throw StorageError.unusable(path: url.path, detail: String(cString: strerror(errno)))
        }
        try Self.sync(url.deletingLastPathComponent().path)
    }

    private func refuseDatabaseInUse(at url: URL) throws {
        let (file, own) = (url.resolvingSymlinksInPath(), URL(filePath: path).resolvingSymlinksInPath())
        guard file.deletingLastPathComponent().path != own.deletingLastPathComponent().path else {
            throw StorageError.unusable(
                path: url.path, detail: "it stands in the data directory; name a file elsewhere")
        }
        let beside = ["-wal", "-shm", ".ingest-lock"].map { file.path + $0 }
        if let sign = beside.first(where: FileManager.default.fileExists) {
            throw StorageError.unusable(
                path: url.path, detail: "a database in use stands there (\(sign)); name another file")
        }
    }

    /// With the permissions of another file, before there is anything to be read.
    private static func makeEmptyFile(at path: String, as other: String) throws {
        let mode = try FileManager.default.attributesOfItem(atPath: other)[.posixPermissions] as? Int ?? 0o600
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode_t(mode))
        guard descriptor >= 0 else {
            throw StorageError.unusable(path: path, detail: String(cString: strerror(errno)))
        }
        fchmod(descriptor, mode_t(mode))
        close(descriptor)
    }

    /// A copy of a backup, to be looked at and given to `replaceContent(with:)`: the backup stays as it is.
    ///
    /// - Parameter folder: where the copy is made.
    package convenience init(copying backup: URL, in folder: URL) throws {
        guard FileManager.default.fileExists(atPath: backup.path) else {
            throw StorageError.unusable(path: backup.path, detail: "there is no such file")
        }
        // An empty database would be made one of ours on opening.
        guard Self.hasMark(backup) else { throw StorageError.notADatabase(path: backup.path) }
        let log = try? FileManager.default.attributesOfItem(atPath: backup.path + "-wal")[.size] as? Int
        guard (log ?? 0) == 0 else {
            let detail = "it is in use, and part of it stands in its log; make a backup of it with `docket backup`"
            throw StorageError.unusable(path: backup.path, detail: detail)
        }
        do {
            try FileManager.default.copyItem(at: backup, to: folder.appending(path: Self.fileName))
        } catch {
            throw StorageError.unusable(path: backup.path, detail: "it cannot be copied to \(folder.path)")
        }
        do {
            try self.init(in: folder, creating: false)
        } catch StorageError.notADatabase {
            throw StorageError.notADatabase(path: backup.path)
        } catch StorageError.newerVersion {
            throw StorageError.newerVersion(path: backup.path)
        }
        if let problem = try integrityProblems().first {
            throw StorageError.unusable(path: backup.path, detail: "\(problem); it is damaged, take another backup")
        }
    }

    /// Whether the header of the file has our mark (<https://www.sqlite.org/fileformat.html#application_id>).
    private static func hasMark(_ file: URL) -> Bool {
        let header = Array((try? FileHandle(forReadingFrom: file).read(upToCount: 100)) ?? Data())
        guard header.count == 100 else { return false }
        return header[68..<72].reduce(0) { $0 << 8 | Int($1) } == applicationID
    }

    /// Gives the database another identity than any before, so that no index of its past is taken for its own.
    package func renewIdentity() throws {
        try pool.write { db in
            try db.execute(
                sql: "UPDATE setting SET value = abs(random() % 4294967296) WHERE name = 'identity'")
            try Self.countChange(db)
        }
    }

    /// Puts what another database holds in the place of all that this one does, in one transaction.
    package func replaceContent(with other: Store) throws { try other.pool.copy(to: pool) }

    private static func removeDatabase(at path: String) throws {
        for suffix in ["", "-wal", "-shm", "-journal"] where unlink(path + suffix) != 0 && errno != ENOENT {
            throw StorageError.unusable(path: path + suffix, detail: String(cString: strerror(errno)))
        }
    }

    private static func sync(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw StorageError.unusable(path: path, detail: String(cString: strerror(errno)))
        }
        fsync(descriptor)
        close(descriptor)
    }
}
