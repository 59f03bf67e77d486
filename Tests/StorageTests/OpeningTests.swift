import Foundation
import GRDB
import Storage
import Synchronization
import TestSupport
import Testing

@Suite struct OpeningTests {
    private let folder = try! TemporaryFolder()
    private var file: URL { folder.url.appending(path: Store.fileName) }

    @Test func aNewDatabaseIsEmptyAndSound() throws {
        let below = folder.url.appending(path: "not/yet/there")
        let store = try Store(in: below, creating: true)
        let counts = try store.counts()
        #expect(counts.documents == 0 && counts.chunks == 0 && counts.embeddings == 0)
        #expect(counts.tickets == 0 && counts.drafts == 0)
        #expect(try store.servingState().generation == 0)
        #expect(try store.servingGeneration() == nil)
        #expect(try store.currentDocuments() == [] && store.documents(ofGeneration: 0) == [])
        #expect(try store.tickets() == [])
        #expect(try !store.hasPendingChanges())
        #expect(try store.chunkerVersion() == 0)
        #expect(try store.integrityProblems() == [])
        #expect(store.byteCount > 0)
        #expect(FileManager.default.fileExists(atPath: store.path))
    }

    @Test func aDatabaseThatIsOpenedAgainIsTheSame() throws {
        let first = try Store(in: folder.url, creating: true).servingState()
        #expect(try Store(in: folder.url, creating: false).servingState() == first)
        #expect(try Store(in: folder.url, creating: true).servingState() == first)
    }

    @Test func twoDatabasesHaveTwoIdentities() throws {
        let identities = try (0..<8).map {
            try Store(in: folder.url.appending(path: "\($0)"), creating: true).servingState().identity
        }
        #expect(Set(identities).count == 8)
        #expect(identities.allSatisfy { $0 >= 0 })
    }

    @Test func aMissingDatabaseIsNotMadeByAsking() throws {
        #expect(throws: StorageError.noDatabase(path: file.path)) { try Store(in: folder.url, creating: false) }
        let nowhere = folder.url.appending(path: "none")
        #expect(throws: StorageError.noDatabase(path: nowhere.appending(path: Store.fileName).path)) {
            try Store(in: nowhere, creating: false)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == [])
    }

    @Test(arguments: [true, false]) func aForeignFileIsRefusedAndLeftAlone(creating: Bool) throws {
        let bytes = Array(repeating: Array("This is a letter, not a database.\n".utf8), count: 200).flatMap { $0 }
        try folder.write(bytes, to: Store.fileName)
        #expect(throws: StorageError.notADatabase(path: file.path)) { try Store(in: folder.url, creating: creating) }
        #expect(try Array(Data(contentsOf: file)) == bytes)
    }

    @Test(arguments: [true, false]) func anotherProgramsDatabaseIsRefused(creating: Bool) throws {
        try DatabaseQueue(path: file.path).write { db in try db.execute(sql: "CREATE TABLE bookmark (url TEXT)") }
        #expect(throws: StorageError.notADatabase(path: file.path)) { try Store(in: folder.url, creating: creating) }
        let tables = try DatabaseQueue(path: file.path).read { db in
            try String.fetchAll(db, sql: "SELECT name FROM sqlite_master")
        }
        #expect(tables == ["bookmark"])
    }

    /// What another program that uses GRDB, or marks its files, may have left under our name.
    @Test(arguments: [
        "CREATE TABLE bookmark (url TEXT); CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)",
        "CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY); INSERT INTO grdb_migrations VALUES ('v1')",
        "PRAGMA application_id = 7; PRAGMA user_version = 1",
    ])
    func aDatabaseWithoutOurMarkOrMigrationIsRefusedAndLeftAlone(_ sql: String) throws {
        try DatabaseQueue(path: file.path).write { db in try db.execute(sql: sql) }
        let bytes = try Data(contentsOf: file)
        for creating in [true, false] {
            #expect(throws: StorageError.notADatabase(path: file.path)) {
                try Store(in: folder.url, creating: creating)
            }
        }
        #expect(try Data(contentsOf: file) == bytes)
    }

    /// The mark came with the third migration: the older ones say whose file it is.
    @Test func ourDatabaseIsMarkedAlsoWhereItIsOlderThanTheMark() throws {
        _ = try Store(in: folder.url, creating: true)
        func mark() throws -> Int? {
            try DatabaseQueue(path: file.path).read { db in try Int.fetchOne(db, sql: "PRAGMA application_id") }
        }
        #expect(try mark() == 0x6463_6B74)
        try DatabaseQueue(path: file.path).write { db in
            try db.execute(
                sql: "PRAGMA application_id = 0; DELETE FROM grdb_migrations WHERE identifier LIKE '3:%'")
        }
        #expect(try Store(in: folder.url, creating: false).namedParts() == [])
        #expect(try mark() == 0x6463_6B74)
    }

    @Test(arguments: [true, false]) func aNewerDatabaseIsRefused(creating: Bool) throws {
        _ = try Store(in: folder.url, creating: true)
        try DatabaseQueue(path: file.path).write { db in
            try db.execute(sql: "INSERT INTO grdb_migrations (identifier) VALUES ('9: from the future')")
        }
        #expect(throws: StorageError.newerVersion(path: file.path)) { try Store(in: folder.url, creating: creating) }
    }

    /// One from before single pages were told apart from their folders has read the folders whole.
    @Test func theFoldersOfAnOlderDatabaseAreTakenForNamed() throws {
        do {
            let store = try Store(in: folder.url, creating: true)
            for (path, source) in [("a.md", "/one"), ("b.md", "/one"), ("c.md", "/two")] {
                try store.store(page("Words.", at: path, source: source), replacing: nil, narrowsAudience: false)
            }
        }
        try DatabaseQueue(path: file.path).write { db in
            try db.execute(sql: "DROP TABLE named_part; DELETE FROM grdb_migrations WHERE identifier LIKE '2:%'")
        }
        let parts = try Store(in: folder.url, creating: false).namedParts()
        #expect(parts == [NamedPart(source: "/one", scope: ""), NamedPart(source: "/two", scope: "")])
    }

    /// One from before PDFs were read: its chunks stay, and are on no page.
    @Test func theChunksOfAnOlderDatabaseAreOnNoPage() throws {
        do {
            let store = try Store(in: folder.url, creating: true)
            try store.store(page("Words.", at: "a.md"), replacing: nil, narrowsAudience: false)
        }
        try DatabaseQueue(path: file.path).write { db in
            try db.execute(
                sql: """
                    ALTER TABLE chunk DROP COLUMN page_number;
                    DELETE FROM grdb_migrations WHERE identifier LIKE '4:%'
                    """)
        }
        let store = try Store(in: folder.url, creating: false)
        #expect(try store.chunks([1]).map(\.page) == [nil])
        try store.store(page("One\u{C}Two", at: "b.pdf"), replacing: nil, narrowsAudience: false)
        #expect(try store.chunks([2]).map(\.page) == [1])
    }

    /// A kill between the making of the file and its first commit leaves no bytes.
    @Test func anEmptyFileIsANewDatabase() throws {
        try folder.write([], to: Store.fileName)
        #expect(try Store(in: folder.url, creating: false).servingState().generation == 0)
    }

    @Test func aFileWhereTheFolderShouldBeIsReported() throws {
        let path = try folder.write("x", to: "data")
        let error = #expect(throws: StorageError.self) { try Store(in: path, creating: true) }
        guard case .unusable(path.path, _)? = error else {
            Issue.record("got \(String(describing: error))")
            return
        }
    }

    @Test func aFolderWhereTheFileShouldBeIsReported() throws {
        try FileManager.default.createDirectory(at: file, withIntermediateDirectories: true)
        for creating in [true, false] {
            let error = #expect(throws: StorageError.self) { try Store(in: folder.url, creating: creating) }
            guard case .unusable(file.path, _)? = error else {
                Issue.record("got \(String(describing: error))")
                return
            }
        }
    }

    /// Damage is found by the check, and what a read meets of it is an error of this room.
    @Test func aDamagedDatabaseIsReported() throws {
        try fill()
        var bytes = try Data(contentsOf: file)
        let middle = bytes.count / 8192 * 4096
        bytes.replaceSubrange(middle..<middle + 8192, with: Data(repeating: 0xA5, count: 8192))
        try bytes.write(to: file)
        let store = try Store(in: folder.url, creating: false)
        let problems: [String]
        do { problems = try store.integrityProblems() } catch let error as StorageError { problems = ["\(error)"] }
        #expect(!problems.isEmpty)
    }

    /// Many pages; the store is closed at the end, so that its log is in the file.
    private func fill() throws {
        let store = try Store(in: folder.url, creating: true)
        for number in 0..<50 {
            let text = String(repeating: "word \(number) ", count: 200)
            try store.store(page(text, at: "\(number).md"), replacing: nil, narrowsAudience: false)
        }
    }

    /// As many processes do that start on a new machine together.
    @Test(arguments: 0..<40) func manyMayCreateTheDatabaseAtOnce(_: Int) throws {
        let identities = Mutex<[Result<Int, any Error>]>([])
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            let identity = Result { try Store(in: folder.url, creating: true).servingState().identity }
            identities.withLock { $0.append(identity) }
        }
        let seen = try identities.withLock { try $0.map { try $0.get() } }
        #expect(seen.count == 8 && Set(seen).count == 1)
    }
}
