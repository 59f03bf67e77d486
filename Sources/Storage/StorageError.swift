/// Why the database cannot be used, or refused a change.
package enum StorageError: Error, Equatable, Sendable {
    case noDatabase(path: String)
    case notADatabase(path: String)
    case newerVersion(path: String)
    case unusable(path: String, detail: String)
    case damaged(path: String, detail: String)
    case noPlaceForBackup(path: String, detail: String)
    case busy(path: String)
    /// - `source`: the absolute path of the folder whose page has the id, and the page's path below it.
    case duplicateDocument(id: String, source: String, path: String)
    case removedPage(id: String)
    case noTicket(id: String)
    case noRevision(document: String, revision: String)
    case ambiguousTicket(prefix: String, got: Int)
    case corruptRecord(table: String, key: String, detail: String)
}

extension StorageError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .noDatabase(let path):
            "\(path): there is no database yet; run `docket ingest FOLDER` first, or name the data directory with --data"
        case .notADatabase(let path):
            "\(path): is not a database of Docket's; move it away, or name another data directory with --data"
        case .newerVersion(let path):
            "\(path): was written by a newer version of Docket; use that version, or another data directory (--data)"
        case .unusable(let path, let detail): "\(path): the database cannot be used: \(detail)"
        case .damaged(let path, let detail):
            "\(path): the database is damaged: \(detail); `docket repair` may mend it, else move it away and put the last "
                + "backup in its place with `docket restore FILE`: tickets and drafts are nowhere else"
        case .noPlaceForBackup(let path, let detail):
            "\(path): no backup is written there: \(detail); name another file"
        case .busy(let path): "\(path): another process is writing to the database; try again when it is done"
        case .duplicateDocument(let id, let source, let path):
            "the document id \"\(id)\" is already used by \(source)/\(path); give one of the two another `id`"
        case .removedPage(let id): "the page \(id) was removed; name its file to `docket ingest` to bring it back"
        case .noTicket(let id): "there is no ticket \(id); `docket ticket list` shows those there are"
        case .noRevision(let document, _):
            "the page \(document) was replaced while its words were being cited; run the command again"
        case .ambiguousTicket(let prefix, let got):
            "\(got) tickets begin with \(prefix); give more of the id"
        case .corruptRecord(let table, let key, let detail):
            "the \(table) record \(key) cannot be read: \(detail); \(remedy(forDamageIn: table))"
        }
    }
}

/// Embeddings are made again from the text; pages can be read again from their folders; tickets are nowhere else.
private func remedy(forDamageIn table: String) -> String {
    switch table {
    case "embedding": "run `docket repair` to embed its text again"
    case "revision": "run `docket ingest --reread` to read its file again, or restore a copy of the database"
    case "ticket", "event", "draft": "restore a copy of the database"
    default: "restore a copy of the database, or move it away, ingest again and import the tickets again"
    }
}
