import Foundation
import TestSupport
import Testing

@Suite struct SearchRunTests {
    @Test func theObjectHasItsContract() throws {
        let desk = try Desk.ingested()
        let run = try desk.docket(
            "search", "--json", "promote", "the", "standby", "E4304", "--product", "postgresql", "--version", "15.4")
        #expect(run.status == 0 && run.errors == "")
        #expect(run.output.filter { $0 == "\n" }.count == 1, "one object on one line")
        let object = try run.json()
        #expect(object.keys == ["generation", "query", "filters", "relaxed", "passages", "coverage", "timings_ms"])
        #expect(try object.integer("generation") == 1)
        #expect(try object.string("query") == "promote the standby E4304")
        #expect(try object.strings("relaxed") == [])
        let filters = try object.object("filters")
        #expect(try filters.string("product") == "postgresql" && filters.string("version") == "15.4")
        #expect(try filters.isNull("platform") && filters.strings("audiences") == ["public", "internal"])
        #expect(try object.object("timings_ms").members.values.allSatisfy { $0 is NSNumber })
        let passages = try object.objects("passages")
        #expect(passages.count >= 2)
        for (index, passage) in passages.enumerated() {
            #expect(
                passage.keys == [
                    "rank", "chunk", "document", "revision", "title", "heading_path", "byte_range", "text", "score",
                    "scores", "ranks",
                ])
            #expect(try passage.integer("rank") == index + 1)
            #expect(try passage.integer("chunk") > 0)
            #expect(try passage.string("document") == "pg/failover" && passage.string("title") == "Failover")
            #expect(try passage.string("revision").wholeMatch(of: /[0-9a-f]{64}/) != nil)
            #expect(try passage.strings("heading_path").first == "Failover")
            let source = try desk.source("pg/failover")
            #expect(try Array(passage.string("text").utf8) == Array(source[passage.range("byte_range")]))
            let scores = try passage.object("scores")
            #expect(scores.keys == ["dense", "lexical", "fused"])
            #expect(try scores.number("fused") == passage.number("score"))
            _ = (try scores.number("dense"), try scores.number("lexical"))
        }
        #expect(try passages.map { try $0.number("score") } == passages.map { try $0.number("score") }.sorted(by: >))
    }

    @Test func withAndWithoutJSONTheOrderIsTheSame() throws {
        let desk = try Desk.ingested()
        let objects = try desk.docket("search", "--json", "memory quota", "--limit", "4").json().objects("passages")
        let text = try desk.docket("search", "memory quota", "--limit", "4").output
        let lines = text.matches(of: /(?m)^ *(\d+)  ([0-9.]+)  (.+)$/)
        #expect(lines.map { Int($0.1) } == [1, 2, 3, 4])
        #expect(
            try lines.map { String($0.3) } == objects.map { try $0.strings("heading_path").joined(separator: " › ") })
        #expect(try desk.docket("search", "memory quota", "--limit", "4").output == text)
    }

    @Test(arguments: [
        (["--product", "redis"], ["redis/quota"]), (["--product", "REDIS"], ["redis/quota"]),
        (["--product", "postgresql", "--version", "13"], ["pg/failover-old"]),
        (["--platform", "windows"], []), (["--platform", "LINUX"], ["pg/failover", "pg/failover-old", "redis/quota"]),
        (["--as", "public"], ["pg/failover", "pg/failover-old"]),
        (["--product", "redis", "--as", "public"], []), (["--product", "postgresql", "--version", "99"], []),
        (["--product", "nginx"], []), (["--product", "redis", "--platform", "windows"], []),
    ])
    func filtersAreHard(_ filters: [String], _ documents: [String]) throws {
        let desk = try Desk.ingested()
        let run = try desk.run([Desk.binary.path, "search", "--json", "memory quota standby"] + filters)
        let found = try run.json().objects("passages").map { try $0.string("document") }
        #expect(Set(found).sorted() == documents)
        #expect(run.status == (documents.isEmpty ? 1 : 0))
        let text = try desk.run([Desk.binary.path, "search", "memory quota standby"] + filters)
        #expect(text.status == run.status)
        if documents.isEmpty {
            #expect(text.output == "")
            #expect(text.errors.contains(filters[1]), "it says which filter nothing passes: \(text.errors)")
        }
    }

    @Test(arguments: ["", "   "]) func anEmptyQueryFindsNothing(_ query: String) throws {
        let run = try Desk.ingested().docket("search", query)
        #expect(run.status == 1 && run.output == "")
    }

    @Test(arguments: [
        ["search", "x", "--version", "soon"], ["search", "x", "--limit", "0"], ["search", "x", "--limit", "1001"],
        ["search", "x", "--limit", "many"], ["search"], ["search", "x", "--as", "nobody"],
        ["search", "x", "--as", ""], ["search", "x", "--product", ""], ["search", "x", "--platform", " "],
        ["search", "x", "--tag", "a", "--tag", ""], ["search", "x", "--version", ""],
        ["search", "x", "--version", "1:2.4-3"], ["search", "x", "--version", "2024-02-30"],
        ["search", "x", "--threads", "0"],
    ])
    func aWrongValueIsAUsageError(_ arguments: [String]) throws {
        let run = try Desk.ingested().run([Desk.binary.path] + arguments)
        #expect(run.status == 2)
        #expect(run.output == "" && !run.errors.isEmpty)
    }

    @Test func withoutADatabaseOrAnIndexTheFirstStepIsNamed() throws {
        let desk = try Desk(Desk.handbook)
        let none = try desk.docket("search", "standby")
        #expect(none.status == 4 && none.errors.contains("docket ingest FOLDER"))
        #expect(!FileManager.default.fileExists(atPath: desk.database.path), "a search makes no database")
        try desk.folder.write(Desk.ticket(), to: "t.json")
        #expect(try desk.docket("ticket", "import", "t.json").status == 0)
        let empty = try desk.docket("search", "standby")
        #expect(empty.status == 4 && empty.errors.contains("docket ingest FOLDER"))
    }

    @Test func peopleSeeWordsAndProgramsSeeTheSource() throws {
        let table = "<table><tr><th>Code</th></tr><tr><td>E4304 &amp; more</td></tr></table>"
        let desk = try Desk.ingested(["docs/a.html": "<h1>Codes</h1><p>The <b>codes</b>:</p>\(table)"])
        let text = try desk.docket("search", "codes").output
        #expect(text.contains("E4304 & more") && !text.contains("<"))
        let json = try desk.docket("search", "--json", "codes").json().objects("passages")
        #expect(try json.contains { try $0.string("text").contains("<td>E4304 &amp; more</td>") })
    }

    @Test func textFromPagesCannotCommandTheTerminal() throws {
        let desk = try Desk.ingested(["docs/a.md": "# Evil\n\n\u{1b}]0;title\u{7} words \u{9b}31m and more"])
        let run = try desk.docket("search", "words")
        #expect(run.status == 0)
        #expect(
            !run.output.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || (0x7F...0x9F).contains($0.value) })
        #expect(
            try desk.docket("search", "--json", "words").json().objects("passages")[0].string("text").contains(
                "\u{1b}]0;"))
    }

    /// A reader that goes away ends the program without a word.
    @Test func aClosedPipePrintsNoError() throws {
        let desk = try Desk()
        let subject = String(repeating: "long subject ", count: 150)
        let tickets = (0..<400).map { number in
            Desk.ticket(id: String(format: "00000000-0000-4000-8000-%012d", number), subject: subject)
                .split(separator: "\n").joined()
        }
        try desk.folder.write(tickets.joined(separator: "\n"), to: "tickets.jsonl")
        #expect(try desk.docket("ticket", "import", "tickets.jsonl").status == 0)
        let script = #""$0" ticket list --json | head -n 1 >/dev/null; echo "${PIPESTATUS[0]}""#
        let run = try desk.run(["/bin/bash", "-c", script, Desk.binary.path])
        #expect(run.errors == "")
        #expect(run.output == "141\n", "ended by SIGPIPE")
    }

    @Test func flagsWinOverTheEnvironmentAndThatOverTheFile() throws {
        let desk = try Desk.ingested()
        try desk.folder.write("data: file\n", to: "docket.yaml")
        func path(_ arguments: String..., environment: [String: String] = [:]) throws -> String {
            let run = try desk.run([Desk.binary.path, "search", "x"] + arguments, environment: environment)
            return String(run.errors.split(separator: "/docket.sqlite").first?.split(separator: "/").last ?? "")
        }
        #expect(try path() == "file")
        #expect(try path(environment: ["DOCKET_DATA": "environment"]) == "environment")
        #expect(try path("--data", "flag", environment: ["DOCKET_DATA": "environment"]) == "flag")
        try desk.folder.write("audiences: [everyone, staff]\nunknown: 1\n", to: "docket.yaml")
        let run = try desk.docket("search", "x")
        #expect(run.status == 2 && run.errors.contains("docket.yaml") && run.errors.contains("unknown"))
        #expect(try desk.docket("search", "x", "--config", "none.yaml").status == 3)
    }

    /// Whoever is named nobody is staff, and does not see what was made for fewer.
    @Test func anAudienceBelowInternalHasToBeAskedFor() throws {
        let desk = try Desk(["docs/a.md": page("audience: internal", "# A\n\nwords"), "docs/b.md": "# B\n\nwords"])
        try desk.folder.write("audiences: [public, internal, secret]\n", to: "docket.yaml")
        #expect(try desk.docket("ingest", "docs").status == 0)
        func found(_ arguments: String...) throws -> Set<String> {
            let run = try desk.run([Desk.binary.path, "search", "--json", "words"] + arguments)
            return Set(try run.json().objects("passages").map { try $0.string("document") })
        }
        #expect(try found() == ["a"], "a page that names no audience has the narrowest")
        #expect(try found("--as", "secret") == ["a", "b"])
    }

    @Test func audiencesWithoutAnInternalOneAreReadAsTheNarrowest() throws {
        let desk = try Desk(["docs/a.md": page("audience: everyone", "# A\n\nwords"), "docs/b.md": "# B\n\nwords"])
        try desk.folder.write("audiences: [everyone, staff]\n", to: "docket.yaml")
        #expect(try desk.docket("ingest", "docs").status == 0)
        #expect(try desk.shown().count == 2)
        let run = try desk.docket("search", "--json", "--as", "everyone", "words")
        #expect(try run.json().objects("passages").map { try $0.string("document") } == ["a"])
    }

    @Test func aRerankerOrdersThePassagesAndSaysSo() throws {
        let desk = try Desk.ingested()
        let reranker = Repository.tinyModel.appending(path: "../tiny-cross-encoder").standardizedFileURL.path
        let run = try desk.docket("search", "--json", "connection timeout", "--reranker", reranker)
        let passages = try run.json().objects("passages")
        let scores = try passages.map { try $0.object("scores").number("reranked") }
        #expect(scores.count > 1 && scores == scores.sorted(by: >))
        #expect(try passages.map { try $0.number("score") } == scores)
        let named = try desk.docket("search", "timeout", environment: ["DOCKET_RERANKER": "nowhere"])
        #expect(named.status == 4 && named.errors.contains("nowhere/config.json"), "\(named.errors)")
        let plain = try desk.docket("search", "--json", "timeout").json().objects("passages")
        #expect(try plain.allSatisfy { try $0.object("scores").keys.contains("reranked") == false })
    }
}
