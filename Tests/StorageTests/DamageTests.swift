import Foundation
import GRDB
import Storage
import Testing

/// Records damaged behind the store's back.
@Suite struct DamageTests {
    private let desk = try! Desk()

    private func damage(_ sql: String) throws { try desk.raw { db in try db.execute(sql: sql) } }

    private func damaged() throws -> [StorageError] {
        try desk.store.damagedRecords(fingerprint: Desk.model, dimension: 4)
    }

    @Test func aSoundDatabaseHasNoDamage() throws {
        _ = try desk.store.store(ticket(), at: Date())
        try desk.put("# A\n\nOne.\n\n## B\n\nTwo.")
        try desk.put("", at: "empty.md")
        try desk.serve()
        #expect(try damaged() == [])
    }

    @Test(arguments: [
        ("range_end = 0", "its byte range 5 to 0 is not within its page's bytes"),
        ("range_start = -1", "its byte range -1 to 9 is not within its page's bytes"),
        ("range_end = 10", "its byte range 5 to 10 is not within its page's bytes"),
        ("range_end = 9223372036854775807", "its byte range 5 to 9223372036854775807 is not within its page's bytes"),
        ("range_end = 'far'", "its range_end is text, expected Int"),
        ("heading_path = '{}'", "its heading_path is not the JSON that belongs there"),
        ("heading_path = x'ff'", "its heading_path is bytes, expected String"),
        ("ordinal = 1.5", "its ordinal is a number, expected Int"),
    ])
    func aDamagedChunkIsAnError(_ change: String, detail: String) throws {
        let page = try desk.put("# A\n\nOne.")
        try desk.serve()
        let id = try #require(desk.chunkIDs(of: page).last)
        try damage("UPDATE chunk SET range_start = 5")
        #expect(try desk.store.chunks([id]).map(\.text) == ["One."])
        try damage("UPDATE chunk SET \(change)")
        let error = StorageError.corruptRecord(table: "chunk", key: "\(id)", detail: detail)
        #expect(throws: error) { try desk.store.chunks([id]) }
        #expect(try damaged() == [error])
    }

    @Test(arguments: ["text", "5", "1.5", "x'00'", "zeroblob(15)", "zeroblob(17)", "'sixteen letters!'"])
    func anEmbeddingOfAnotherLengthCountsAsMissing(_ value: String) throws {
        try desk.put("# A\n\nOne.", at: "a.md")
        try desk.put("# B\n\nTwo.", at: "b.md")
        try desk.serve()
        #expect(try desk.store.unembeddedChunks(fingerprint: Desk.model, dimension: 4) == [])
        try damage(
            "UPDATE embedding SET vector = \(value == "text" ? "'abc'" : value) WHERE text_hash = (SELECT text_hash FROM chunk ORDER BY id)"
        )
        #expect(try damaged().count == 1)
        #expect(throws: StorageError.self) {
            try desk.store.forEachCurrentChunk(fingerprint: Desk.model, dimension: 4) { _, _ in }
        }
        let missing = try desk.store.unembeddedChunks(fingerprint: Desk.model, dimension: 4)
        #expect(missing.map(\.searchText) == ["One."])
        try desk.store.store(embeddings: [(missing[0].textHash, [1, 2, 3, 4])], fingerprint: Desk.model)
        #expect(try damaged() == [])
    }

    @Test(arguments: ["identity", "serving_generation", "change_count", "chunker_version"])
    func aDamagedSettingIsAnError(_ name: String) throws {
        for value in ["'abc'", "1.5", "x'01'", "-1", "9223372036854775807"] {
            try damage("UPDATE setting SET value = \(value) WHERE name = '\(name)'")
            let found = try #require(try damaged().first)
            guard case .corruptRecord("setting", name, _) = found else {
                Issue.record("\(value): \(found)")
                continue
            }
            #expect(throws: found) {
                _ = try desk.store.servingState()
                _ = try desk.store.chunkerVersion()
            }
        }
    }

    @Test func damagedBytesAreNotGivenOutAndAreMendedWhereTheirPageIsStoredAgain() throws {
        let page = try desk.put("One.")
        try desk.serve()
        try damage("UPDATE revision SET bytes = CAST('Two.' AS BLOB)")
        for read in [{ try desk.store.bytes(ofRevision: page.revision) }, { try desk.store.bytes(of: page) }] {
            let got = #expect(throws: StorageError.self) { _ = try read() }
            guard case .corruptRecord("revision", page.revision, let said)? = got else {
                Issue.record("got \(String(describing: got))")
                return
            }
            #expect(said.hasPrefix("its bytes have the SHA-256 "))
        }
        #expect(try damaged().count == 1)
        #expect(try desk.store.chunks(desk.chunkIDs(of: page)).count == 1, "a search does not ask for it")
        try desk.put("One.")
        #expect(try desk.store.bytes(ofRevision: page.revision) == Array("One.".utf8))
        #expect(try damaged() == [])
    }

    @Test(arguments: [
        ("UPDATE document SET front_matter = 'x'", "front_matter is not the JSON"),
        ("UPDATE document SET page = 'x'", "page is text, expected Int64"),
        ("UPDATE document SET title = x'ff'", "title is bytes, expected String"),
    ])
    func aDamagedPageIsAnErrorWhoeverReadsIt(_ sql: String, _ words: String) throws {
        try desk.put("One.", at: "pg/a.md")
        try desk.serve()
        try damage(sql)
        for read in [
            { _ = try desk.store.currentDocuments() }, { _ = try desk.store.servedPages() },
            { _ = try desk.store.documents(ofGeneration: 1) },
        ] {
            let error = #expect(throws: StorageError.self) { try read() }
            guard case .corruptRecord("document", "pg/a", let detail)? = error else {
                Issue.record("got \(String(describing: error))")
                return
            }
            #expect(detail.contains(words), "\(detail)")
        }
        #expect(try damaged().count == 1)
    }

    @Test func theCheckNamesEveryKindOfDamageAndStopsCounting() throws {
        for number in 0..<120 { try desk.put("Page \(number).", at: "\(number).md") }
        try desk.serve()
        try damage("UPDATE chunk SET ordinal = 'x' WHERE id = 1; UPDATE event SET name = 'x'")
        #expect(try damaged().count == 1)
        try damage("UPDATE chunk SET ordinal = 'x'")
        #expect(try damaged().count == 100)
    }
}
