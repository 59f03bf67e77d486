import GRDB

/// The connections to the database: one that writes, several that read. GRDB's errors become the room's own here.
struct Connections: Sendable {
    private let pool: DatabasePool
    private let path: String

    init(path: String, configuration: GRDB.Configuration) throws {
        self.path = path
        pool = try translated(path) { try DatabasePool(path: path, configuration: configuration) }
    }

    /// Reads one immutable state of the database; never waits for a writer.
    func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
        try translated(path) { try pool.read(body) }
    }

    /// Asks the connection that writes, always the same one, without a transaction.
    func withoutTransaction<Value>(_ body: (Database) throws -> Value) throws -> Value {
        try translated(path) { try pool.writeWithoutTransaction(body) }
    }

    /// Writes in one transaction, undone whole when `body` throws.
    func write<Value>(_ body: (Database) throws -> Value) throws -> Value {
        try translated(path) { try pool.write(body) }
    }

    /// Copies the whole database over another one, of one moment and in one transaction
    /// (<https://www.sqlite.org/backup.html>).
    func copy(to other: Connections) throws {
        try translated(other.path) { try pool.backup(to: other.pool) }
    }

    /// The same to an empty file, which has no log: all is in it when this returns. What SQLite's own check finds there is
    /// an error.
    ///
    /// - Parameter version: what the file's header says that the database's does not.
    func copy(toFile path: String, version: Int) throws {
        try translated(path) {
            var configuration = GRDB.Configuration()
            configuration.journalMode = .default
            let file = try DatabaseQueue(path: path, configuration: configuration)
            try pool.backup(to: file)
            try file.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA user_version = \(version)") }
            let problem = try file.read { db in try String.fetchOne(db, sql: "PRAGMA quick_check") }
            try file.close()
            guard problem == "ok" else { throw StorageError.unusable(path: path, detail: problem ?? "it is empty") }
        }
    }

    func migrate(by migrator: DatabaseMigrator) throws {
        try translated(path) { try migrator.migrate(pool) }
    }
}

private func remedy(for error: DatabaseError) -> String {
    switch error.resultCode {
    // SQLite keeps its log beside the database, and readers share it.
    case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM:
        """
        ; its folder and files must be writable, also to search: let this user write there, or copy them and name the \
        copy with --data
        """
    case .SQLITE_FULL: "; make room on its disk"
    default: ""
    }
}

/// The statements are always the same: one that SQLite refuses as such meets tables that are not ours any more.
extension DatabaseError {
    fileprivate var isOfDamage: Bool { resultCode == .SQLITE_CORRUPT || resultCode == .SQLITE_ERROR }
}

private func translated<Value>(_ path: String, _ body: () throws -> Value) throws -> Value {
    do {
        return try body()
    } catch let error as DatabaseError where error.resultCode == .SQLITE_NOTADB {
        throw StorageError.notADatabase(path: path)
    } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
        throw StorageError.busy(path: path)
    } catch let error as DatabaseError where error.isOfDamage {
        throw StorageError.damaged(path: path, detail: error.message ?? "\(error.resultCode)")
    } catch let error as DatabaseError {
        throw StorageError.unusable(path: path, detail: (error.message ?? "\(error.resultCode)") + remedy(for: error))
    } catch let error as RowDecodingError {
        throw StorageError.damaged(path: path, detail: "\(error)")
    }
}
