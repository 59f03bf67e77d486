import Crypto
package import Documents
import Foundation
import GRDB

/// A page as the database knows it, without its text.
package struct StoredDocument: Sendable, Equatable {
    /// The row: one revision of one document.
    package let key: Int64
    /// The same for every revision of a page, whatever became of its id and path.
    package let page: Int64
    package let id: String
    /// The ingested root that the page came from, and its path below it.
    package let source: String
    package let path: String
    package let revision: String
    package let title: String
    package let audience: String
    package let frontMatter: FrontMatter
}

/// What identifies the serving state: it differs after any change that a search must see.
package struct ServingState: Sendable, Equatable {
    /// A number drawn when the database was made: index files of another database are told apart by it.
    package let identity: Int
    package let generation: Int
    package let changeCount: Int
}

/// The serving state with its generation (`nil` before the first) and the pages that it shows, by key.
package struct ServedPages: Sendable, Equatable {
    package let state: ServingState
    package let generation: Generation?
    package let documents: [StoredDocument]
}

extension Store {
    /// The generation that searches read, 0 before the first, and how often what may be seen has changed.
    package func servingState() throws -> ServingState {
        try pool.read { db in try Self.servingState(db) }
    }

    static func servingState(_ db: Database) throws -> ServingState {
        ServingState(
            identity: try setting("identity", db), generation: try setting("serving_generation", db),
            changeCount: try setting("change_count", db))
    }

    /// A named integer, 0 where there is none.
    static func setting(_ name: String, _ db: Database) throws -> Int {
        let statement = try db.cachedStatement(sql: "SELECT name, value FROM setting WHERE name = ?")
        guard let row = try Row.fetchOne(statement, arguments: [name]) else { return 0 }
        let record = StoredRecord(row, of: "setting", key: "name")
        let value: Int = try record.value("value")
        guard (0...settingMax).contains(value) else {
            throw record.corrupt("its value is \(value), expected 0 to \(settingMax)")
        }
        return value
    }

    /// An identity has 32 bits, and counts of changes stay far below: a larger number is damage.
    private static let settingMax = Int(UInt32.max)

    /// The newest revision of every page, served or waiting for the next generation, by source and path.
    package func currentDocuments() throws -> [StoredDocument] {
        try pool.read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM document WHERE died IS NULL ORDER BY source, path")
                .map(StoredDocument.init(row:))
        }
    }

    /// The pages that a generation shows, by key.
    package func documents(ofGeneration generation: Int) throws -> [StoredDocument] {
        try pool.read { db in try Self.documents(ofGeneration: generation, db) }
    }

    private static func documents(ofGeneration generation: Int, _ db: Database) throws -> [StoredDocument] {
        let sql = """
            SELECT * FROM document WHERE born <= :generation AND (died IS NULL OR died > :generation) ORDER BY key
            """
        return try Row.fetchAll(db, sql: sql, arguments: ["generation": generation]).map(StoredDocument.init(row:))
    }

    /// What searches may see now, all of one moment; or what they would if `generation` were served.
    package func servedPages(of generation: Int? = nil) throws -> ServedPages {
        try pool.read { db in
            let serving = try Self.servingState(db)
            let state = ServingState(
                identity: serving.identity, generation: generation ?? serving.generation,
                changeCount: serving.changeCount)
            return ServedPages(
                state: state, generation: try Self.generation(state.generation, db),
                documents: try Self.documents(ofGeneration: state.generation, db))
        }
    }

    /// Takes pages out of every generation, the serving one included, before this returns.
    package func remove(_ documents: [StoredDocument]) throws {
        guard !documents.isEmpty else { return }
        try pool.write { db in try Self.remove(documents, db) }
        FailPoint.removedPages.pass()
    }

    static func remove(_ documents: [StoredDocument], _ db: Database) throws {
        for document in documents {
            // Every revision: the newest, and an older one that still serves, perhaps by another id or path.
            try db.execute(sql: "UPDATE document SET died = 0 WHERE page = ?", arguments: [document.page])
        }
        try countChange(db)
        FailPoint.removingPages.pass()
    }

    /// Whether the next generation would differ from the serving one.
    package func hasPendingChanges() throws -> Bool {
        try pool.read { db in
            let serving = try Self.servingState(db).generation
            return try Bool.fetchOne(
                db,
                sql: "SELECT EXISTS (SELECT 1 FROM document WHERE born > :serving OR died > :serving OR died = 0)",
                arguments: ["serving": serving]) ?? false
        }
    }

    /// The bytes of a page's revision, as `bytes(ofRevision:)`.
    ///
    /// - Throws: `StorageError.noRevision` where two generations have been served since the page was read, or it was
    ///   removed: whoever asks has to search again.
    package func bytes(of document: StoredDocument) throws -> [UInt8] {
        guard let bytes = try bytes(ofRevision: document.revision) else {
            throw StorageError.noRevision(document: document.id, revision: document.revision)
        }
        return bytes
    }

    /// The bytes of a stored revision; `nil` where nothing refers to it any more.
    ///
    /// - Throws: `StorageError.corruptRecord` where they are not those that were stored, by their SHA-256.
    package func bytes(ofRevision hash: String) throws -> [UInt8]? {
        try pool.read { db in
            try Row.fetchOne(db, sql: "SELECT * FROM revision WHERE hash = ?", arguments: [hash])
                .map(Self.revisionBytes)
        }
    }

    static func revisionBytes(_ row: Row) throws -> [UInt8] {
        let record = StoredRecord(row, of: "revision", key: "hash")
        let data: Data = try record.value("bytes")
        let bytes = Array(data)
        let got = Document.revision(of: bytes)
        guard try got == record.value("hash") else { throw record.corrupt("its bytes have the SHA-256 \(got)") }
        return bytes
    }

    static func countChange(_ db: Database) throws {
        try db.execute(sql: "UPDATE setting SET value = value + 1 WHERE name = 'change_count'")
    }
}

extension StoredDocument {
    init(row: Row) throws {
        let record = StoredRecord(row, of: "document", key: "id")
        key = try record.value("key")
        page = try record.value("page")
        id = try record.value("id")
        source = try record.value("source")
        path = try record.value("path")
        revision = try record.value("revision")
        title = try record.value("title")
        audience = try record.value("audience")
        frontMatter = try record.json("front_matter")
    }
}
