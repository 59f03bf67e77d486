import Foundation
import TestSupport
import Testing

/// The commands of those who keep the pages: remove, rollback, drafts, verify, repair, backup, restore, lint.
@Suite struct KeeperRunTests {
    private func desk() throws -> Desk {
        let desk = try Desk.ingested()
        try desk.folder.write(Desk.ticket(more: "\"product\": \"postgresql\", \"version\": \"15\""), to: "t.json")
        _ = try desk.docket("ticket", "import", "t.json")
        #expect(try desk.docket("resolve", "4852").status == 0)
        return desk
    }

    @Test func aRemovedPageIsGoneAndItsDraftsAreNamed() throws {
        let desk = try desk()
        #expect(try desk.docket("drafts", "--stale").output == "")
        let run = try desk.docket("remove", "--json", "pg/failover")
        #expect(run.status == 0)
        #expect(try run.json().strings("removed") == ["pg/failover"])
        #expect(try desk.shown().allSatisfy { !$0.hasPrefix("pg/failover:") })
        let stale = try desk.docket("drafts", "--stale", "--json").json().objects("drafts")
        #expect(stale.count == 1)
        #expect(try stale.first?.objects("causes").first?.string("cause") == "removed")
        let again = try desk.docket("ingest", "docs")
        #expect(again.status == 0 && again.errors.contains("1 files passed over"), "\(again.errors)")
        #expect(try desk.docket("remove", "pg/failover").status == 1)
        #expect(try desk.docket("verify").status == 0)
    }

    @Test func aChangedPageMakesItsDraftsStale() throws {
        let desk = try desk()
        try desk.folder.write(Desk.handbook["docs/failover.md"]! + "\nMore words.\n", to: "docs/failover.md")
        _ = try desk.docket("ingest", "docs")
        let stale = try desk.docket("drafts", "--stale")
        #expect(stale.output.contains("stale: pg/failover changed"), "\(stale.output)")
        let shown = try desk.docket("ticket", "show", "4852").output
        #expect(shown.contains("drafted (draft 1, stale: pg/failover changed)"), "\(shown)")
        #expect(try desk.docket("rollback").output.hasPrefix("generation 1 of "))
        #expect(try desk.docket("drafts", "--stale").output == "", "what it cites is served again")
        let nothing = try desk.docket("rollback")
        #expect(nothing.status == 1 && nothing.errors.contains("docket rollback 2"), "\(nothing.errors)")
        #expect(try desk.docket("rollback", "2").status == 0)
        _ = try desk.docket("remove", "pg/failover")
        #expect(try desk.docket("rollback", "1", "--json").json().integer("documents") == 2, "without the removed one")
    }

    @Test func whatIsDamagedIsFoundMendedAndSound() throws {
        let desk = try desk()
        #expect(try desk.docket("verify").output.hasPrefix("sound: 3 documents, "))
        #expect(try desk.docket("repair").output == "nothing to mend\n")
        let postings = desk.indexes.appending(path: try desk.segment() + "/postings.docketindex")
        try Data("damaged".utf8).write(to: postings)
        let found = try desk.docket("verify")
        #expect(found.status == 5 && found.output.contains("index: ") && found.output.contains("docket repair"))
        let run = try desk.docket("repair", "--json")
        #expect(run.status == 0)
        #expect(try run.json().integer("generation") == 2)
        #expect(try desk.docket("verify", "--json").json().boolean("ok"))
    }

    @Test func aBackupComesBack() throws {
        let desk = try desk()
        let before = try desk.shown()
        #expect(try desk.docket("backup", "copy.sqlite").status == 0)
        _ = try desk.docket("remove", "pg/failover")
        let removed = try desk.shown()
        let first = try desk.docket("restore", "copy.sqlite")
        #expect(first.output.contains("\nstill removed: pg/failover\n"), "\(first.output)\(first.errors)")
        #expect(try desk.shown() == removed)
        let run = try desk.docket("restore", "copy.sqlite", "--undo-removals")
        #expect(run.output.hasPrefix("3 documents, 1 tickets, 1 drafts restored\n"), "\(run.output)\(run.errors)")
        #expect(try desk.shown() == before)
        #expect(try desk.docket("verify").status == 0)
        let missing = try desk.docket("restore", "nothing.sqlite")
        #expect(missing.status == 3 && missing.errors.contains("nothing.sqlite"))
        try desk.folder.write("no database", to: "text")
        #expect(try desk.docket("restore", "text").status == 4)
        #expect(try desk.shown() == before)
    }

    @Test func aPassageIsWidenedByWhatStandsAroundIt() throws {
        let sections = (0..<5).map { number in
            "## Part \(number)\n\n" + (0..<40).map { "word\(number)x\($0)" }.joined(separator: " ")
        }
        let desk = try Desk.ingested(["docs/a.md": "# A\n\n" + sections.joined(separator: "\n\n")])
        let run = try desk.docket("search", "--json", "--limit", "1", "--context", "1", "word2x5")
        let passage = try #require(try run.json().objects("passages").first)
        #expect(try passage.string("text").hasPrefix("## Part 2"))
        #expect(try passage.strings("before").map { $0.prefix(9) } == ["## Part 1"])
        #expect(try passage.strings("after").map { $0.prefix(9) } == ["## Part 3"])
        let first = try desk.docket("search", "--json", "--limit", "1", "--context", "9", "word0x5").json()
        #expect(try first.objects("passages").first?.strings("after").count == 4)
        #expect(try desk.docket("search", "--limit", "1", "--context", "1", "word2x5").output.contains("word3x39"))
        #expect(try desk.docket("search", "--context", "101", "word2x5").status == 2)
    }

    @Test func findingsAreLinesThatAnEditorCanFollow() throws {
        let desk = try Desk(["docs/a.md": "# A\n\n[gone](b.md)\n\n{{host}}\n"])
        let run = try desk.docket("lint", "docs")
        #expect(run.status == 5 && run.errors == "1 pages, 2 findings\n")
        #expect(run.output.hasPrefix("docs/a.md:3: dead-link: b.md: there is no such file\ndocs/a.md:5: undeclared"))
        #expect(try desk.docket("lint", "docs", "--only", "review").status == 0)
        #expect(try desk.docket("lint", "docs", "--skip", "dead-link", "--json").json().objects("findings").count == 1)
        #expect(try desk.docket("lint", "docs", "--only", "nonsense").status == 2)
        #expect(try desk.docket("lint", "missing").status == 3)
        #expect(try desk.docket("lint").status == 4)
    }
}
