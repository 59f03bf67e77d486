import Foundation
import TestSupport
import Testing

/// `docket search --relax`, `--tag` and `--explain`.
@Suite struct ExplainRunTests {
    private static let tagged = [
        "docs/a.md": page(
            "product: redis\nplatforms: [linux]\ntags: [backup, cache]", "# Dump\n\nSave a dump (E4304)."),
        "docs/b.md": page("product: redis\ntags: [cache]\nversions: \">=6 <8\"", "# Load\n\nLoad a dump."),
        "docs/c.md": page("product: nginx\nplatforms: [bsd]", "# Logs\n\nRotate the logs."),
    ]

    private func found(_ desk: Desk, _ arguments: String...) throws -> (JSONObject, [String]) {
        let run = try desk.run([Desk.binary.path, "search", "--json", "dump E4304"] + arguments)
        let object = try run.json()
        return (object, try object.objects("passages").map { try $0.string("document") }.sorted())
    }

    @Test func aPageHasToHaveAllTags() throws {
        let desk = try Desk.ingested(Self.tagged)
        #expect(try found(desk, "--tag", "cache").1 == ["a", "b"])
        #expect(try found(desk, "--tag", "Cache", "--tag", "backup").1 == ["a"])
        let (object, none) = try found(desk, "--tag", "cashe")
        #expect(none == [])
        let unknown = try object.object("coverage").objects("unknown")
        #expect(try unknown.map { try $0.string("name") } == ["cashe"])
        #expect(try unknown[0].string("filter") == "tags" && unknown[0].strings("nearest").first == "cache")
        let text = try desk.docket("search", "dump", "--tag", "cashe")
        #expect(text.status == 1 && text.output == "")
        #expect(text.errors.contains("no page has the tag cashe; pages have cache, backup"))
    }

    @Test func whatIsGivenUpIsSaid() throws {
        let desk = try Desk.ingested(Self.tagged)
        let arguments = ["--product", "nginx", "--platform", "linux", "--tag", "cache"]
        let strict = try desk.run([Desk.binary.path, "search", "logs"] + arguments)
        #expect(strict.status == 1 && strict.output == "")
        let run = try desk.run([Desk.binary.path, "search", "logs", "--relax"] + arguments)
        let note = "nothing found with all filters; searched without tag cache, platform linux"
        #expect(run.status == 0 && run.errors == "docket: \(note)\n" && run.output.hasPrefix(note + "\n"))
        let json = try desk.run([Desk.binary.path, "search", "--json", "logs", "--relax"] + arguments).json()
        #expect(try json.strings("relaxed") == ["tags", "platform"])
        #expect(try json.object("filters").strings("tags") == ["cache"], "the filters are those that were asked")
    }

    @Test func theOrderIsTheConfigurations() throws {
        let desk = try Desk.ingested(Self.tagged)
        func relaxed(_ settings: String) throws -> [String] {
            try desk.folder.write(settings, to: "docket.yaml")
            return try found(
                desk, "--relax", "--product", "redis", "--version", "9", "--tag", "cache", "--platform", "bsd"
            ).0
                .strings("relaxed")
        }
        #expect(try relaxed("relaxation: [version]\n") == ["version"])
        #expect(try relaxed("relaxation: [platform, version]\n") == ["platform"])
        #expect(try relaxed("relaxation: []\n") == [])
        try desk.folder.write("threads: 1\nrelaxation: [platform, audience]\n", to: "docket.yaml")
        let run = try desk.docket("search", "dump")
        #expect(run.status == 2 && run.errors.contains("docket.yaml:2") && run.errors.contains("never given up"))
    }

    @Test func noReaderSeesMoreByRelaxing() throws {
        let desk = try Desk.ingested()
        let run = try desk.docket(
            "search", "quota", "--relax", "--as", "public", "--product", "redis", "--platform", "linux")
        #expect(
            run.status == 0 && !run.output.contains("quota.md") && run.errors.contains("platform linux, product redis"))
    }

    @Test func everyPassageSaysWhy() throws {
        let desk = try Desk.ingested(Self.tagged)
        let (object, _) = try found(desk, "--explain", "--product", "redis", "--version", "7.2")
        for passage in try object.objects("passages") {
            let explanation = try passage.object("explanation")
            #expect(explanation.keys == ["parts", "terms", "identifiers", "filters"])
            let sum = try explanation.objects("parts").reduce(0) { try $0 + $1.number("value") }
            #expect(try abs(sum - passage.object("scores").number("fused")) < 0.001)
            for term in try explanation.objects("terms") {
                #expect(term.keys == ["term", "word", "lane", "idf", "weight", "score", "fields"])
            }
            let filters = try explanation.objects("filters").map { try $0.string("filter") }
            #expect(filters == ["product", "version", "audience"])
        }
        #expect(
            try object.object("coverage").keys == [
                "documents", "chunks", "candidates", "unknown", "model", "visible",
            ])
    }

    @Test func theExplanationIsReadInASmallTerminal() throws {
        let desk = try Desk.ingested(Self.tagged)
        let run = try desk.docket("search", "dump E4304", "--explain", "--product", "redis", "--version", "7.2")
        let plain = try desk.docket("search", "dump E4304", "--product", "redis", "--version", "7.2")
        #expect(run.status == 0)
        for words in [
            "score:", "meaning", "by words 1.", "`e4304`", "version:    >=6 <8 contains 7.2", "names no versions",
            "passed:     2 of 3 pages", "generation: 1", "took:",
        ] { #expect(run.output.contains(words), "\(words) in \(run.output)") }
        #expect(run.output.split(separator: "\n").allSatisfy { $0.count <= 100 })
        #expect(!plain.output.contains("score:"))
    }
}
