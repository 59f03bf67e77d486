import GRDB

/// What a page's file was like when it was read, in the words of whoever looked at it, and the revision that it was then.
package struct PageStamp: Sendable, Equatable {
    package let stamp: String
    package let revision: String

    package init(stamp: String, revision: String) { (self.stamp, self.revision) = (stamp, revision) }
}

extension Store {
    /// The stamps of a source's pages, by path.
    package func pageStamps(ofSource source: String) throws -> [String: PageStamp] {
        try pool.read { db in
            let sql = "SELECT path, stamp, revision FROM page_stamp WHERE source = ?"
            let pairs = try Row.fetchAll(db, sql: sql, arguments: [source]).map { row in
                let record = StoredRecord(row, of: "page_stamp", key: "path")
                let stamp = PageStamp(stamp: try record.value("stamp"), revision: try record.value("revision"))
                return (try record.value("path") as String, stamp)
            }
            return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
        }
    }

    /// Keeps the stamps of pages, by path, in place of what was kept of these.
    package func setPageStamps(_ stamps: [String: PageStamp], ofSource source: String) throws {
        guard !stamps.isEmpty else { return }
        try pool.write { db in
            let insert = try db.cachedStatement(
                sql: "INSERT OR REPLACE INTO page_stamp (source, path, stamp, revision) VALUES (?, ?, ?, ?)")
            for (path, stamp) in stamps {
                try insert.execute(arguments: [source, path, stamp.stamp, stamp.revision])
            }
        }
    }
}
