import Foundation
import TestSupport
import Testing

/// A record damaged behind Docket's back, and what a command and doctor say about it.
struct DamagedRecord: CustomTestStringConvertible {
    let sql: String
    let command: [String]
    let words: [String]

    var testDescription: String { sql }

    static let restore = "restore a copy of the database"

    static let all = [
        DamagedRecord(
            sql: "update chunk set range_end = 0", command: ["search", "standby"],
            words: ["the chunk record ", "its byte range ", restore]),
        DamagedRecord(
            sql: "update chunk set range_end = 99999", command: ["resolve", "4852"],
            words: ["the chunk record ", "is not within", restore]),
        DamagedRecord(
            sql: "update chunk set range_start = 'x'", command: ["search", "standby"],
            words: ["its range_start is text, expected Int", restore]),
        DamagedRecord(
            sql: "update chunk set heading_path = '[1'", command: ["search", "standby"],
            words: ["its heading_path is not the JSON", restore]),
        DamagedRecord(
            sql: "update document set front_matter = '[]'", command: ["search", "standby"],
            words: ["the document record pg/failover", "front_matter", restore]),
        DamagedRecord(
            sql: "update setting set value = 'abc' where name = 'change_count'", command: ["search", "standby"],
            words: ["the setting record change_count ", "is text", restore]),
        DamagedRecord(
            sql: "update setting set value = 9223372036854775807 where name = 'serving_generation'",
            command: ["ingest"], words: ["the setting record serving_generation ", restore]),
        DamagedRecord(
            sql: "update revision set bytes = cast(replace(bytes, 'standby', 'primary') as blob)",
            command: ["resolve", "4852"], words: ["the revision record ", "its bytes have the SHA-256 ", restore]),
        DamagedRecord(
            sql: "update revision set bytes = cast(x'ff' || substr(bytes, 2) as blob)", command: ["resolve", "4852"],
            words: ["the revision record ", "its bytes have the SHA-256 ", restore]),
        DamagedRecord(
            sql: "update ticket set content = '{}'", command: ["ticket", "list"],
            words: ["the ticket record 4852d6e6-", restore]),
        DamagedRecord(
            sql: "update event set name = 7", command: ["ticket", "show", "4852"],
            words: ["the event record 1 ", restore]),
    ]
}

@Suite struct DamageRunTests {
    private func desk() throws -> Desk {
        let desk = try Desk.ingested()
        try desk.folder.write(Desk.ticket(more: "\"product\": \"postgresql\", \"version\": \"15\""), to: "t.json")
        _ = try desk.docket("ticket", "import", "t.json")
        return desk
    }

    private func sqlite(_ desk: Desk, _ sql: String) throws {
        let script =
            "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.executescript(sys.argv[2]); c.commit(); c.close()"
        let run = try desk.run(["/usr/bin/env", "python3", "-c", script, desk.database.path, sql])
        try #require(run.status == 0, "\(run.errors)")
    }

    @Test(arguments: DamagedRecord.all) func aDamagedRecordIsNamedWithItsRemedy(_ record: DamagedRecord) throws {
        let desk = try desk()
        try sqlite(desk, record.sql)
        let run = try desk.run([Desk.binary.path] + record.command)
        #expect(run.signal == nil && run.status == 4 && run.output == "", "\(run.errors)")
        for words in record.words { #expect(run.errors.contains(words), "\(run.errors)") }
        #expect(!run.errors.contains("DecodingError") && !run.errors.contains("dataCorrupted"), "\(run.errors)")
        let doctor = try desk.docket("doctor")
        #expect(doctor.status == 4 && doctor.output.contains("WRONG  database"), "\(doctor.output)")
        for words in record.words { #expect(doctor.output.contains(words), "\(doctor.output)") }
    }

    @Test(arguments: ["x'00'", "'text'", "7", "zeroblob(196)"])
    func aDamagedEmbeddingIsMadeAgain(_ vector: String) throws {
        let desk = try desk()
        let before = try desk.shown()
        try sqlite(desk, "update embedding set vector = \(vector)")
        let doctor = try desk.docket("doctor")
        #expect(doctor.status == 4 && doctor.output.contains("docket repair"), "\(doctor.output)")
        #expect(try desk.shown() == before, "the index has its own")
        let run = try desk.docket("repair", "--json")
        #expect(run.status == 0, "\(run.errors)")
        #expect(try run.json().integer("embeddings") == before.count)
        #expect(try desk.docket("doctor").status == 0)
        #expect(try desk.shown() == before)
        #expect(try desk.docket("ingest", "--json").json().integer("embedded") == 0)
    }

    /// The chunker of another version cuts stored bytes again: not what somebody put in their place.
    @Test func damagedBytesAreNotCutAgain() throws {
        let desk = try desk()
        let before = try desk.shown()
        try sqlite(
            desk,
            """
            update revision set bytes = cast(bytes || '!' as blob)
                where hash = (select revision from document where id = 'redis/quota');
            update setting set value = 0 where name = 'chunker_version';
            """)
        let run = try desk.docket("ingest")
        #expect(run.status == 6 && run.errors.contains("failed: redis/quota.md: the revision record "))
        #expect(try desk.shown() == before)
    }
}
