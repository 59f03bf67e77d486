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
    let pool: DatabasePool

    /// Opens the database of a data directory.
    ///
    /// - Parameter creating: makes the directory and the database where there are none; otherwise that is
    ///   `StorageError.noDatabase`.
    package init(in folder: URL, creating: Bool) throws {
        let file = folder.appending(path: Self.fileName)
        path = file.path
        if creating {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } else if !FileManager.default.fileExists(atPath: file.path) {
            throw StorageError.noDatabase(path: file.path)
        }
        do {
            var configuration = GRDB.Configuration()
            configuration.busyMode = .timeout(Self.busySeconds)
            configuration.foreignKeysEnabled = true
            pool = try DatabasePool(path: file.path, configuration: configuration)
            guard try !pool.read(schema.hasBeenSuperseded) else { throw StorageError.newerVersion(path: file.path) }
            if try !pool.read(schema.hasCompletedMigrations) { try schema.migrate(pool) }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_NOTADB {
            throw StorageError.notADatabase(path: file.path)
        } catch let error as DatabaseError {
            throw StorageError.unusable(path: file.path, detail: error.message ?? "\(error)")
        }
    }

    /// Bytes of the database and its log on disk.
    package var byteCount: Int {
        ["", "-wal"].map { suffix in
            (try? FileManager.default.attributesOfItem(atPath: path + suffix)[.size] as? Int) ?? 0
        }.reduce(0, +)
    }

    /// SQLite's own check of the whole file; empty when it is sound.
    package func integrityProblems() throws -> [String] {
        try pool.read { db in
            try String.fetchAll(db, sql: "PRAGMA quick_check").filter { $0 != "ok" }
        }
    }
}

/// A value as JSON text with sorted keys, and back.
func jsonText(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
}

func decoded<Value: Decodable>(_ type: Value.Type, _ text: String, table: String, key: String) throws -> Value {
    do {
        return try JSONDecoder().decode(type, from: Data(text.utf8))
    } catch {
        throw StorageError.corruptRecord(table: table, key: key, detail: "\(error)")
    }
}
