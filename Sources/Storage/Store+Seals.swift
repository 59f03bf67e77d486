import Crypto
import Foundation
import GRDB

/// The tables whose records are sealed: nothing else in the database says what they have to be. What can be made anew, as
/// chunks, or has a hash of its own, as pages' bytes, needs no seal.
package enum SealedTable: String, CaseIterable, Sendable {
    case document, generation, ticket, event, draft

    /// The column that numbers its records.
    fileprivate var key: String {
        switch self {
        case .document: "key"
        case .generation, .event, .draft: "id"
        case .ticket: "sequence"
        }
    }

    /// What a seal is of: all but what is changed in place, as the end of a page's life.
    fileprivate var columns: [String] {
        switch self {
        case .document:
            ["key", "page", "id", "source", "path", "revision", "title", "audience", "front_matter", "born"]
        case .generation: ["id", "model_id", "created_at", "document_count", "chunk_count"]
        case .ticket: ["sequence", "id", "content"]
        case .event: ["id", "ticket_id", "at", "name", "draft_id"]
        case .draft: ["id", "ticket_id", "generation", "created_at", "content"]
        }
    }

    fileprivate var query: String {
        "SELECT \(columns.map { "\(rawValue).\($0)" }.joined(separator: ", ")) FROM \(rawValue)"
    }
}

/// A record that is not as it was written, or was never written by Docket.
package struct BrokenSeal: Sendable, Equatable {
    package let table: SealedTable
    package let key: Int64
    /// Whether there is a seal, and no record any more.
    package let isGone: Bool
}

extension Store {
    /// Seals a record that was written just now.
    static func seal(_ table: SealedTable, _ key: Int64, _ db: Database) throws {
        try seal(table, where: "\(table.rawValue).\(table.key) = ?", [key], db)
    }

    /// Seals all records that a condition holds for.
    static func seal(
        _ table: SealedTable, where condition: String, _ arguments: StatementArguments, _ db: Database
    ) throws {
        let insert = try db.cachedStatement(sql: "INSERT OR REPLACE INTO seal (record, key, checksum) VALUES (?, ?, ?)")
        for row in try Row.fetchAll(db, sql: "\(table.query) WHERE \(condition)", arguments: arguments) {
            let values = Array(row.databaseValues)
            try insert.execute(arguments: [table.rawValue, values[0], checksum(of: values)])
        }
    }

    /// The records of a table that are not what their seals say, in the order of their numbers.
    ///
    /// A generation or a page may go, and its seal with the next generation; tickets, events and drafts stay.
    package func brokenSeals(of table: SealedTable) throws -> [BrokenSeal] {
        try pool.read { db in
            let seals = try Row.fetchAll(
                db, sql: "SELECT key, checksum FROM seal WHERE record = ?", arguments: [table.rawValue])
            var checksums = Dictionary(
                seals.map { ($0["key"] as DatabaseValue, $0["checksum"] as DatabaseValue) },
                uniquingKeysWith: { first, _ in first })
            var broken: [BrokenSeal] = []
            let rows = try Row.fetchCursor(db, sql: table.query)
            while let row = try rows.next() {
                let values = Array(row.databaseValues)
                let sealed = checksums.removeValue(forKey: values[0])
                if sealed != Self.checksum(of: values).databaseValue {
                    broken.append(BrokenSeal(table: table, key: Int64.fromDatabaseValue(values[0]) ?? 0, isGone: false))
                }
            }
            guard table != .document, table != .generation else { return broken }
            let gone = checksums.keys.map {
                BrokenSeal(table: table, key: Int64.fromDatabaseValue($0) ?? 0, isGone: true)
            }
            return broken + gone.sorted { $0.key < $1.key }
        }
    }

    /// SHA-256 of values with their types and lengths.
    static func checksum(of values: [DatabaseValue]) -> Data {
        var hash = SHA256()
        for value in values {
            let (kind, bytes): (String, Data) =
                switch value.storage {
                case .null: ("null", Data())
                case .int64(let number): ("integer", Data("\(number)".utf8))
                case .double(let number): ("real", Data("\(number.bitPattern)".utf8))
                case .string(let text): ("text", Data(text.utf8))
                case .blob(let data): ("blob", data)
                }
            hash.update(data: Data("\(kind) \(bytes.count)\n".utf8) + bytes)
        }
        return Data(hash.finalize())
    }
}
