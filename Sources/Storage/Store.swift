package import Foundation
import GRDB

/// The database: one SQLite file in the data directory, in write-ahead-log mode. It is the truth; indexes are rebuilt from it.
///
/// A write is a named method and one transaction. Readers never wait for a writer.
package final class Store: Sendable {
    package static let fileName = "docket.sqlite"
    /// How long a write waits for another process's, before it fails.
    static let busySeconds = 10.0

    package let path: String
    let pool: Connections

    /// Opens the database of a data directory.
    ///
    /// - Parameter creating: makes the directory and the database where there are none; otherwise that is
    ///   `StorageError.noDatabase`.
    package init(in folder: URL, creating: Bool) throws {
        let file = folder.appending(path: Self.fileName)
        path = file.path
        if !creating && !FileManager.default.fileExists(atPath: file.path) {
            throw StorageError.noDatabase(path: file.path)
        }
        if creating {
            do {
                try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            } catch {
                let detail = "the folder cannot be made; is there a file in its place, and may you write there?"
                throw StorageError.unusable(path: folder.path, detail: detail)
            }
        }
        var configuration = GRDB.Configuration()
        configuration.busyMode = .timeout(Self.busySeconds)
        configuration.foreignKeysEnabled = true
        try Self.refuseForeign(path, configuration)
        pool = try Self.connections(to: file.path, configuration)
    }

    /// Opens the file and brings its tables up to date.
    ///
    /// While other processes do so too, SQLite refuses at once what it would otherwise wait for: the change to a
    /// write-ahead log, for one (<https://www.sqlite.org/wal.html#sometimes_queries_return_sqlite_busy_in_wal_mode>).
    private static func connections(to path: String, _ configuration: GRDB.Configuration) throws -> Connections {
        let deadline = ContinuousClock.now + .seconds(busySeconds)
        while true {
            do {
                let pool = try Connections(path: path, configuration: configuration)
                try checkVersion(of: pool, path)
                try migrate(pool)
                return pool
            } catch StorageError.busy where ContinuousClock.now < deadline {
                Thread.sleep(forTimeInterval: secondsBetweenAttempts)
            }
        }
    }

    private static let secondsBetweenAttempts = 0.01

    private static func checkVersion(of pool: Connections, _ path: String) throws {
        guard try !pool.read(isForeign) else { throw StorageError.notADatabase(path: path) }
        guard try !pool.read(schema.hasBeenSuperseded) else { throw StorageError.newerVersion(path: path) }
    }

    /// Another program's database has tables, migrations or a mark of its own, and neither our mark nor our first
    /// migration, which is older than the mark.
    private static func isForeign(_ db: Database) throws -> Bool {
        let mark = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
        let applied = try schema.appliedIdentifiers(db)
        guard mark != applicationID, !applied.contains(schema.migrations[0]) else { return false }
        // Another process may be making our database, and have got no further than GRDB's own table.
        let sql = "SELECT count(*) FROM sqlite_master WHERE tbl_name <> 'grdb_migrations'"
        return try mark != 0 || !applied.isEmpty || Int.fetchOne(db, sql: sql) ?? 0 > 0
    }

    /// Looks at a database that has no write-ahead log before the first connection that may write: that one would give it
    /// such a log, and another program's file is to be left as it is.
    ///
    /// Its byte 18 is 1 (<https://www.sqlite.org/fileformat.html#file_format_version_numbers>).
    private static func refuseForeign(_ path: String, _ configuration: GRDB.Configuration) throws {
        guard let header = try? FileHandle(forReadingFrom: URL(filePath: path)).read(upToCount: 19),
            header.count == 19, header.starts(with: "SQLite format 3\0".utf8), header[18] == 1
        else { return }
        var configuration = configuration
        configuration.readonly = true
        let looking = try Connections(path: path, configuration: configuration)
        guard try !looking.read(isForeign) else { throw StorageError.notADatabase(path: path) }
    }

    /// GRDB looks for what is missing before its transaction begins, so that of two processes on a new file one makes the
    /// tables and the other finds them there. That one looks again; each turn needs a migration more to be recorded.
    private static func migrate(_ pool: Connections) throws {
        while try !pool.read(schema.hasCompletedMigrations) {
            let applied = try pool.read(schema.appliedIdentifiers)
            do {
                try pool.migrate(by: schema)
            } catch {
                guard try pool.read(schema.appliedIdentifiers) != applied else { throw error }
            }
        }
    }

    /// Bytes of the database and its log on disk.
    package var byteCount: Int {
        ["", "-wal"].map { suffix in
            (try? FileManager.default.attributesOfItem(atPath: path + suffix)[.size] as? Int) ?? 0
        }.reduce(0, +)
    }

    /// SQLite's own check of the whole file; empty when it is sound.
    ///
    /// - Parameter comparingIndexes: each record with its entries in the tables' indexes, too, which takes longer.
    package func integrityProblems(comparingIndexes: Bool = false) throws -> [String] {
        try pool.read { db in
            let check = comparingIndexes ? "integrity_check" : "quick_check"
            return try String.fetchAll(db, sql: "PRAGMA \(check)").filter { $0 != "ok" }
        }
    }
}
