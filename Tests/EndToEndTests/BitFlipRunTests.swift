import Foundation
import TestSupport
import Testing

/// Single bits of the database's file, flipped at random: `docket verify` says so, or nothing that is stored has changed.
@Suite struct BitFlipRunTests {
    /// What may change unseen: counts of changes only have to differ, the next ingest reads its folders and its files anew
    /// and extracts its PDFs anew, and the texts of the schema are SQLite's own.
    private static let unguarded: Set<String> = [
        "setting change_count", "named_part", "extraction", "page_stamp", "sqlite_master", "sqlite_sequence",
        "grdb_migrations",
    ]

    /// Prints each table whose rows are not those of the sound file, settings by their names.
    private static let changes = """
        import sqlite3, sys
        def rows(path):
            database = sqlite3.connect(path)
            database.text_factory = bytes
            names = [b"sqlite_master"] + [n for (n,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            found = {}
            for name in (n.decode("utf-8", "replace") for n in names):
                for row in database.execute(f'SELECT * FROM "{name}"').fetchall():
                    key = f"setting {row[0].decode()}" if name == "setting" else name
                    found.setdefault(key, []).append(row)
            return {key: sorted(map(repr, value)) for key, value in found.items()}
        try:
            sound, other = rows(sys.argv[1]), rows(sys.argv[2])
            print("\\n".join(key for key in sorted({*sound, *other}) if sound.get(key) != other.get(key)))
        except Exception as error:
            print("unreadable", error)
        """

    private func desk() throws -> Desk {
        let desk = try Desk.ingested()
        try desk.folder.write(Desk.ticket(more: "\"product\": \"postgresql\", \"version\": \"15\""), to: "t.json")
        _ = try desk.docket("ticket", "import", "t.json")
        #expect(try desk.docket("resolve", "4852").status == 0)
        try desk.folder.write(Desk.handbook["docs/failover.md"]! + "\nMore words.\n", to: "docs/failover.md")
        #expect(try desk.docket("ingest").status == 0)
        #expect(try desk.docket("verify").status == 0)
        return desk
    }

    private func run(_ desk: Desk, _ script: String, _ arguments: String...) throws -> String {
        let run = try desk.run(["/usr/bin/env", "python3", "-c", script] + arguments)
        try #require(run.status == 0, "\(run.errors)")
        return run.output
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>) func aFlippedBitIsFoundOrChangesNothing(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let desk = try desk()
        // All in one file, without a log.
        _ = try run(
            desk, "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('pragma journal_mode = delete')",
            desk.database.path)
        let sound = try Data(contentsOf: desk.database)
        try desk.folder.write(Array(sound), to: "sound.sqlite")
        for _ in 0..<15 {
            var bytes = sound
            let place = Int.random(in: 0..<bytes.count, using: &random)
            bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: desk.database.path + suffix) }
            try bytes.write(to: desk.database)
            try desk.folder.write(Array(bytes), to: "flipped.sqlite")
            let verify = try desk.docket("verify")
            #expect(verify.signal == nil, "byte \(place): \(verify.errors)")
            guard verify.status == 0 else {
                #expect(verify.status == 5 || verify.status == 4, "byte \(place): \(verify.errors)")
                continue
            }
            let changes = try run(
                desk, Self.changes, desk.url.appending(path: "sound.sqlite").path,
                desk.url.appending(path: "flipped.sqlite").path)
            let changed = Set(changes.split(separator: "\n").map(String.init))
            #expect(changed.isSubset(of: Self.unguarded), "byte \(place) changes \(changed), unseen")
        }
    }

    @Test func aFileThatIsNoDatabaseAnyMoreIsADiscrepancyWithItsRemedy() throws {
        let desk = try desk()
        #expect(try desk.docket("backup", "copy.sqlite").status == 0)
        for damage in [0..<16, 0..<5000, 100..<9000] {
            var bytes = try Data(contentsOf: desk.url.appending(path: "copy.sqlite"))
            bytes.replaceSubrange(damage, with: Data(repeating: 7, count: damage.count))
            for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: desk.database.path + suffix) }
            try bytes.write(to: desk.database)
            let run = try desk.docket("verify", "--json")
            #expect(run.status == 5, "\(run.errors)")
            let found = try run.json().objects("discrepancies")
            #expect(try found.first?.string("part") == "database")
            let repair = try desk.docket("repair")
            #expect(repair.status == 5, "\(repair.errors)")
            if damage.lowerBound == 0 { #expect(run.output.contains("docket restore"), "\(run.output)") }
        }
        for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: desk.database.path + suffix) }
        #expect(try desk.docket("restore", "copy.sqlite").status == 0)
        #expect(try desk.docket("verify").status == 0)
    }
}
