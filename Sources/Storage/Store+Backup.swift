package import Foundation
import GRDB

extension Store {
    /// Writes all that the database holds at one moment to a file of its own, whole or not at all. Readers and writers go on.
    ///
    /// The copy may be read by those who may read the database, and is nobody else's while it is written.
    ///
    /// - Throws: `StorageError.unusable` for a file that cannot be written; `noPlaceForBackup` for one that is not to be
    ///   replaced by a backup.
    package func backUp(to url: URL) throws {
        let target = try BackupTarget(url, besides: path)
        let partial = "\(target.path).\(UUID().uuidString).partial"
        let descriptor = open(partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw StorageError.unusable(path: partial, detail: String(cString: strerror(errno)))
        }
        close(descriptor)
        defer { try? Self.removeDatabase(at: partial) }
        try pool.copy(toFile: partial, version: BackupTarget.version)
        var facts = stat()
        guard stat(path, &facts) == 0, chmod(partial, facts.st_mode & 0o777) == 0 else {
            throw StorageError.unusable(path: partial, detail: String(cString: strerror(errno)))
        }
        try Self.sync(partial)
        guard rename(partial, target.path) == 0 else {
            throw StorageError.unusable(path: target.path, detail: String(cString: strerror(errno)))
        }
        try Self.sync(URL(filePath: target.path).deletingLastPathComponent().path)
    }

    /// A copy of a backup, to be looked at and given to `replaceContent(with:)`: the backup stays as it is.
    ///
    /// - Parameter folder: where the copy is made.
    package convenience init(copying backup: URL, in folder: URL) throws {
        guard FileManager.default.fileExists(atPath: backup.path) else {
            throw StorageError.unusable(path: backup.path, detail: "there is no such file")
        }
        // An empty database would be made one of ours on opening.
        guard BackupTarget.hasMark(backup.path) else { throw StorageError.notADatabase(path: backup.path) }
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

    /// Whether nobody has given it an identity of its own since it was written as a backup.
    package func isBackup() throws -> Bool {
        try pool.read { db in try Int.fetchOne(db, sql: "PRAGMA user_version") == BackupTarget.version }
    }

    /// Gives the database another identity than any before, so that no index of its past is taken for its own. A generation
    /// that is not served is forgotten with its index.
    package func renewIdentity() throws {
        try pool.write { db in
            try db.execute(
                sql: "UPDATE setting SET value = abs(random() % 4294967296) WHERE name = 'identity'")
            try Self.forget("id <> \(Self.setting("serving_generation", db))", db)
            // It is no backup any more, but a database to be used.
            try db.execute(sql: "PRAGMA user_version = 0")
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
