import Foundation
import GRDB

/// A row of a table, read so that a damaged value is an error that names it; GRDB's own subscripts end the program.
struct StoredRecord {
    let row: Row
    let table: String
    /// What names the row in a complaint.
    let key: String

    /// - Parameter column: the column that names the row.
    init(_ row: Row, of table: String, key column: String) {
        self.row = row
        self.table = table
        let name: DatabaseValue = row[column]
        key =
            switch name.storage {
            case .string(let text): text
            case .int64(let number): "\(number)"
            default: "without \(column)"
            }
    }

    /// - Throws: `StorageError.corruptRecord` where the column holds another type, or nothing.
    func value<Value: DatabaseValueConvertible>(_ column: String, as type: Value.Type = Value.self) throws -> Value {
        let stored: DatabaseValue = row[column]
        // GRDB itself would round numbers, and read bytes as text and text as bytes.
        let isOfType =
            switch stored.storage {
            case .int64: Value.self is any FixedWidthInteger.Type
            case .string: Value.self == String.self
            case .blob: Value.self == Data.self
            case .null, .double: false
            }
        guard isOfType, let value = Value.fromDatabaseValue(stored) else {
            throw corrupt("its \(column) is \(Self.kind(of: stored)), expected \(type)")
        }
        return value
    }

    /// `nil` where the column holds nothing.
    func optional<Value: DatabaseValueConvertible>(_ column: String, as type: Value.Type = Value.self) throws -> Value?
    {
        let stored: DatabaseValue = row[column]
        return stored.isNull ? nil : try value(column, as: type)
    }

    /// A value that is kept as JSON text.
    func json<Value: Decodable>(_ column: String, as type: Value.Type = Value.self) throws -> Value {
        let text: String = try value(column)
        do {
            return try JSONDecoder().decode(type, from: Data(text.utf8))
        } catch {
            throw corrupt("its \(column) is not the JSON that belongs there")
        }
    }

    func corrupt(_ detail: String) -> StorageError { .corruptRecord(table: table, key: key, detail: detail) }

    private static func kind(of value: DatabaseValue) -> String {
        switch value.storage {
        case .null: "empty"
        case .int64: "a whole number"
        case .double: "a number"
        case .string: "text"
        case .blob: "bytes"
        }
    }
}

/// A value as JSON text with sorted keys.
func jsonText(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
}
