import Crypto
import Foundation
import GRDB

/// The pages that were removed by name, while their files may still be there.
package struct RemovedPages: Sendable, Equatable {
    package fileprivate(set) var ids: Set<String> = []
    package fileprivate(set) var revisions: Set<String> = []
}

/// What a backup's pages are kept from, by what was removed or narrowed since.
package struct KeptRemovals: Sendable, Equatable {
    /// Ids of pages that were removed by name.
    package fileprivate(set) var removed: [String] = []
    /// Ids of pages that are for fewer readers now: nobody sees them until an ingest has read them.
    package fileprivate(set) var narrowed: [String] = []

    package init() {}

    package mutating func append(_ other: KeptRemovals) {
        removed += other.removed
        narrowed += other.narrowed
    }
}

extension Store {
    /// Pages of fewer bytes are stubs, which say no more than that there is a page: their words are nobody's alone.
    package static let tellingByteCountMin = 64

    /// What ingests pass over.
    package func removedPages() throws -> RemovedPages {
        try pool.read { db in
            var pages = RemovedPages()
            for row in try Row.fetchAll(db, sql: "SELECT * FROM removed_page WHERE audience IS NULL") {
                let record = StoredRecord(row, of: "removed_page", key: "id")
                pages.ids.insert(try record.value("id"))
                pages.revisions.insert(try record.value("revision"))
            }
            return pages
        }
    }

    /// Takes pages out of every generation, before this returns, and keeps ingests from bringing them back.
    ///
    /// - Parameter folders: ingested ones that are read by no ingest any more unless it names them; their pages may come
    ///   back then.
    package func remove(_ documents: [StoredDocument], forgetting folders: [String]) throws {
        try pool.write { db in
            try Self.remove(documents, db)
            for folder in folders {
                try db.execute(sql: "DELETE FROM named_part WHERE source = ?", arguments: [folder])
            }
            for document in documents {
                try db.execute(
                    sql: "INSERT OR REPLACE INTO removed_page (id, revision, folder) VALUES (?, ?, ?)",
                    arguments: [
                        document.id, document.revision, folders.contains(document.source) ? document.source : nil,
                    ])
            }
            try Self.sealRemovals(db)
        }
        FailPoint.removedPages.pass()
    }

    /// Lets ingests read a page again, by its id or its bytes.
    package func forgetRemoval(ofID id: String, revision: String) throws {
        try pool.write { db in
            try db.execute(sql: "DELETE FROM removed_page WHERE id = ? OR revision = ?", arguments: [id, revision])
            try Self.sealRemovals(db)
        }
    }

    /// A page that is stored is for those readers that it says, and is withheld no more.
    static func forgetWithheld(_ id: String, _ db: Database) throws {
        try db.execute(sql: "DELETE FROM removed_page WHERE id = ? AND audience IS NOT NULL", arguments: [id])
        if db.changesCount > 0 { try sealRemovals(db) }
    }

    /// Lets ingests read pages again that were removed with these folders, with folders in them, or around them.
    package func forgetRemovals(withFolders folders: [String]) throws {
        guard !folders.isEmpty else { return }
        let sql = "SELECT DISTINCT folder FROM removed_page WHERE folder IS NOT NULL"
        let removed = try pool.read { db in try String.fetchAll(db, sql: sql) }
        let named = removed.filter { other in
            folders.contains { $0 == other || $0.hasPrefix(other + "/") || other.hasPrefix($0 + "/") }
        }
        guard !named.isEmpty else { return }
        try pool.write { db in
            for folder in named {
                try db.execute(sql: "DELETE FROM removed_page WHERE folder = ?", arguments: [folder])
            }
            try Self.sealRemovals(db)
        }
    }

    /// Takes over from another database what was removed by name, and keeps from readers what they may not see there: those
    /// pages are gone from every generation of this one.
    ///
    /// - Parameter isNarrower: whether the first audience is for fewer readers than the second.
    @discardableResult
    package func keepRemoved(
        by other: Store, isNarrower: (String, String) -> Bool
    ) throws -> KeptRemovals {
        let removals = try other.pool.read { db in try Row.fetchAll(db, sql: "SELECT * FROM removed_page") }
        let others = try other.currentDocuments()
        let otherRevisions = Set(others.map(\.revision))
        var audiences = Dictionary(others.map { ($0.id, $0.audience) }) { first, _ in first }
        for row in removals { if let audience = row["audience"] as String? { audiences[row["id"]] = audience } }
        return try pool.write { db in
            for row in removals where (row["audience"] as String?) == nil {
                try db.execute(
                    sql: "INSERT OR REPLACE INTO removed_page (id, revision, folder) VALUES (?, ?, ?)",
                    arguments: [row["id"] as String, row["revision"] as String, row["folder"] as String?])
            }
            var kept = KeptRemovals()
            let sql = """
                SELECT document.*, id IN (SELECT id FROM removed_page WHERE audience IS NULL) AS is_removed,
                    revision IN (SELECT revision FROM removed_page WHERE audience IS NULL)
                        AND length(bytes) >= ? AS has_removed_words
                FROM document JOIN revision ON hash = revision WHERE died IS NULL ORDER BY id
                """
            var gone: [StoredDocument] = []
            for row in try Row.fetchAll(db, sql: sql, arguments: [Self.tellingByteCountMin]) {
                let document = try StoredDocument(row: row)
                if row["is_removed"] || row["has_removed_words"] && !otherRevisions.contains(document.revision) {
                    kept.removed.append(document.id)
                } else if let audience = audiences[document.id], isNarrower(audience, document.audience) {
                    kept.narrowed.append(document.id)
                    // Whoever restores once more has to know it still.
                    try db.execute(
                        sql: "INSERT OR REPLACE INTO removed_page (id, revision, audience) VALUES (?, ?, ?)",
                        arguments: [document.id, document.revision, audience])
                } else {
                    continue
                }
                gone.append(document)
            }
            if !gone.isEmpty { try Self.remove(gone, db) }
            try Self.sealRemovals(db)
            return kept
        }
    }

    /// Seals what was removed by name, as a whole: nothing else says what ingests have to pass over.
    static func sealRemovals(_ db: Database) throws {
        try db.execute(
            sql: "INSERT OR REPLACE INTO seal (record, key, checksum) VALUES ('removed_page', 0, ?)",
            arguments: [removalChecksum(db)])
    }

    /// Whether the pages that were removed by name are those that Docket wrote down.
    package func areRemovalsSealed() throws -> Bool {
        try pool.read { db in
            let sql = "SELECT checksum FROM seal WHERE record = 'removed_page' AND key = 0"
            let seal = try Row.fetchOne(db, sql: sql)?["checksum"] as DatabaseValue?
            return try seal == Self.removalChecksum(db).databaseValue
        }
    }

    private static func removalChecksum(_ db: Database) throws -> Data {
        let rows = try Row.fetchAll(db, sql: "SELECT id, revision, folder, audience FROM removed_page ORDER BY id")
        return checksum(of: rows.flatMap { Array($0.databaseValues) })
    }
}
