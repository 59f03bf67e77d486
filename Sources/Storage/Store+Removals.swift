import GRDB

/// The pages that were removed by name, while their files may still be there.
package struct RemovedPages: Sendable, Equatable {
    package fileprivate(set) var ids: Set<String> = []
    package fileprivate(set) var revisions: Set<String> = []
}

extension Store {
    /// What ingests pass over.
    package func removedPages() throws -> RemovedPages {
        try pool.read { db in
            var pages = RemovedPages()
            for row in try Row.fetchAll(db, sql: "SELECT * FROM removed_page") {
                let record = StoredRecord(row, of: "removed_page", key: "id")
                pages.ids.insert(try record.value("id"))
                pages.revisions.insert(try record.value("revision"))
            }
            return pages
        }
    }

    /// Takes pages out of every generation, before this returns, and keeps ingests from bringing them back.
    ///
    /// - Parameter sources: folders that are read by no ingest any more unless it names them; their pages may come back
    ///   then.
    package func remove(_ documents: [StoredDocument], forgetting sources: [String]) throws {
        try pool.write { db in
            try Self.remove(documents, db)
            for source in sources {
                try db.execute(sql: "DELETE FROM named_part WHERE source = ?", arguments: [source])
            }
            for document in documents where !sources.contains(document.source) {
                try db.execute(
                    sql: "INSERT OR REPLACE INTO removed_page (id, revision) VALUES (?, ?)",
                    arguments: [document.id, document.revision])
            }
        }
        FailPoint.removedPages.pass()
    }

    /// Lets ingests read a page again, by its id or its bytes.
    package func forgetRemoval(ofID id: String, revision: String) throws {
        try pool.write { db in
            try db.execute(sql: "DELETE FROM removed_page WHERE id = ? OR revision = ?", arguments: [id, revision])
        }
    }

    /// Takes over what was removed by name from another database: those pages are gone from every generation of this one.
    ///
    /// - Returns: the ids of the pages that this one had.
    @discardableResult package func keepRemoved(by other: Store) throws -> [String] {
        let rows = try other.pool.read { db in try Row.fetchAll(db, sql: "SELECT id, revision FROM removed_page") }
        return try pool.write { db in
            for row in rows {
                try db.execute(
                    sql: "INSERT OR REPLACE INTO removed_page (id, revision) VALUES (?, ?)",
                    arguments: [row["id"] as String, row["revision"] as String])
            }
            let isRemoved = "page IN (SELECT page FROM document JOIN removed_page USING (id))"
            let ids = try String.fetchAll(
                db, sql: "SELECT DISTINCT document.id FROM document JOIN removed_page USING (id) ORDER BY document.id")
            try db.execute(sql: "UPDATE document SET died = 0 WHERE \(isRemoved)")
            try Self.countChange(db)
            return ids
        }
    }
}
