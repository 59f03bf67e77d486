import Foundation
import GRDB

/// What a repair does to records that say nothing of their own: all of it follows from other records.
extension Store {
    /// Makes SQLite's indexes anew from the tables, as far as these can be read.
    ///
    /// - Returns: whether the file is sound then, by SQLite's own check.
    package func rebuildIndexes() throws -> Bool {
        do {
            try pool.write { db in try db.execute(sql: "REINDEX") }
        } catch StorageError.damaged {
            return false
        }
        return try integrityProblems(comparingIndexes: true).isEmpty
    }

    /// Gives settings that cannot be read a value that is right or leads to a rebuilt index.
    ///
    /// - Returns: their names.
    package func mendSettings() throws -> [String] {
        try pool.write { db in
            var mended: [String] = []
            for (name, value) in Self.settingRemedies {
                do {
                    _ = try Self.setting(name, db)
                } catch is StorageError {
                    try db.execute(sql: "UPDATE setting SET value = \(value) WHERE name = ?", arguments: [name])
                    mended.append(name)
                }
            }
            if !mended.isEmpty { try Self.countChange(db) }
            return mended
        }
    }

    /// Another identity has no index yet; pages of an unknown chunker are cut again.
    private static let settingRemedies = [
        ("change_count", "1"), ("chunker_version", "0"), ("identity", "abs(random() % 4294967296)"),
        ("serving_generation", "(SELECT coalesce(max(id), 0) FROM generation WHERE chunk_count >= 0)"),
    ]

    /// Puts the bytes of a revision back where they were damaged since they were stored.
    package func mend(_ revision: String, bytes: [UInt8]) throws {
        try pool.write { db in
            try db.execute(
                sql: "UPDATE revision SET bytes = :bytes WHERE hash = :hash AND bytes <> :bytes",
                arguments: ["bytes": Data(bytes), "hash": revision])
        }
    }

    /// Deletes records that refer to pages, models or revisions that are not there, and follow from those that are; and of
    /// removed pages those that cannot be read. What nothing needs any more goes with them.
    ///
    /// - Returns: how many, of pages among them.
    package func deleteStrays() throws -> (count: Int, pageCount: Int) {
        try pool.write { db in
            let removed = try Row.fetchAll(db, sql: "SELECT * FROM document WHERE died = 0")
            let unreadable = removed.filter { (try? StoredDocument(row: $0)) == nil }
            for row in unreadable {
                try db.execute(
                    sql: "DELETE FROM document WHERE key = ?", arguments: [row["key"] as DatabaseValue])
            }
            var count = unreadable.count
            for sql in [
                "DELETE FROM chunk WHERE document_key NOT IN (SELECT key FROM document)",
                "DELETE FROM embedding WHERE model_id NOT IN (SELECT id FROM model)",
            ] {
                try db.execute(sql: sql)
                count += db.changesCount
            }
            try db.execute(sql: "DELETE FROM embedding WHERE text_hash NOT IN (SELECT text_hash FROM chunk)")
            try Self.forgetUnreferenced(db)
            return (count, unreadable.count)
        }
    }

    /// Keeps the citations of these drafts as their contents have them; of a revision that is not stored there is none to
    /// keep.
    package func mendCitations(ofDrafts numbers: [Int64]) throws {
        try pool.write { db in
            for draft in try Self.readableDrafts(db) where numbers.contains(draft.number) {
                try db.execute(sql: "DELETE FROM draft_citation WHERE draft_id = ?", arguments: [draft.number])
                for revision in draft.citedRevisions {
                    try db.execute(
                        sql: "INSERT INTO draft_citation SELECT ?, hash FROM revision WHERE hash = ?",
                        arguments: [draft.number, revision])
                }
            }
        }
    }

    /// Deletes single revisions of pages: no generation shows them any more.
    package func delete(_ documents: [StoredDocument]) throws {
        guard !documents.isEmpty else { return }
        try pool.write { db in
            for document in documents {
                let hashes = try Self.deleteDocuments(where: "key = ?", [document.key], db)
                try Self.forgetOrphans(among: hashes, db)
            }
            try Self.forgetUnreferenced(db)
            try Self.countChange(db)
        }
    }
}
