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
}
