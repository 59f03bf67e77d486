import GRDB

/// A page that was removed by name while its file stays: an ingest passes it over.
package struct RemovedPage: Sendable, Hashable {
    /// The ingested folder, an absolute path, and the page's path below it.
    package let source: String
    package let path: String

    package init(source: String, path: String) {
        self.source = source
        self.path = path
    }
}

extension Store {
    /// The pages that an ingest passes over.
    package func removedPages() throws -> Set<RemovedPage> {
        try pool.read { db in
            Set(
                try Row.fetchAll(db, sql: "SELECT * FROM removed_page").map { row in
                    let record = StoredRecord(row, of: "removed_page", key: "path")
                    return RemovedPage(source: try record.value("source"), path: try record.value("path"))
                })
        }
    }

    /// Takes pages out of every generation, before this returns, and keeps ingests from bringing them back.
    ///
    /// - Parameter sources: folders that are read by no ingest any more unless it names them.
    package func remove(_ documents: [StoredDocument], forgetting sources: [String]) throws {
        try pool.write { db in
            try Self.remove(documents, db)
            for source in sources {
                try db.execute(sql: "DELETE FROM named_part WHERE source = ?", arguments: [source])
            }
            for document in documents where !sources.contains(document.source) {
                try db.execute(
                    sql: "INSERT OR IGNORE INTO removed_page (source, path) VALUES (?, ?)",
                    arguments: [document.source, document.path])
            }
        }
    }

    /// Lets ingests read these pages again.
    package func forgetRemoval(of pages: [RemovedPage]) throws {
        guard !pages.isEmpty else { return }
        try pool.write { db in
            for page in pages {
                try db.execute(
                    sql: "DELETE FROM removed_page WHERE source = ? AND path = ?", arguments: [page.source, page.path])
            }
        }
    }
}
