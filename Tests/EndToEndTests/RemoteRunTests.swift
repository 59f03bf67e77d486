import Foundation
import TestSupport
import Testing

/// The binary with a server of embeddings in the model's place.
@Suite struct RemoteRunTests {
    private let script: ScriptedServer.Script

    init() throws { script = try ScriptedServer.script("ok") }

    private func environment(_ more: [String: String] = [:]) -> [String: String] {
        ["DOCKET_EMBEDDING_URL": script.url, "DOCKET_EMBEDDING_MODEL": "scripted"].merging(more) { $1 }
    }

    @Test func pagesAreIngestedSearchedAndAnsweredFrom() throws {
        let desk = try Desk(Desk.handbook)
        let flags = ["--embedding-url", script.url, "--embedding-model", "scripted"]
        let ingest = try desk.run([Desk.binary.path, "ingest", "docs", "--json"] + flags, model: nil)
        #expect(ingest.status == 0 && ingest.errors == "", "\(ingest.errors)")
        #expect(try ingest.json().integer("embedded") == ingest.json().integer("chunks"))
        let search = try desk.docket("search", "--json", "promote the standby", model: nil, environment: environment())
        #expect(search.status == 0, "\(search.errors)")
        #expect(try search.json().objects("passages")[0].string("document") == "pg/failover")
        let again = try desk.docket("ingest", "--json", model: nil, environment: environment())
        #expect(try again.json().integer("embedded") == 0)
        try desk.folder.write(Desk.ticket(), to: "ticket.json")
        let resolve = try desk.docket("resolve", "--file", "ticket.json", model: nil, environment: environment())
        #expect(resolve.status == 0 && resolve.output.contains("pg_ctl promote"), "\(resolve.errors)")
        let status = try desk.docket("status", "--json", model: nil)
        #expect(
            try status.json().string("model").hasPrefix("endpoint \(script.url), model \"scripted\", 64 dimensions"))
    }

    @Test func theServersVectorsAreWritten() throws {
        let desk = try Desk(["texts.txt": "one\ntwo\n", "docket.yaml": "embedding_dimension: 64"])
        let run = try desk.docket("embed", "texts.txt", "-o", "rows.npy", "--json", environment: environment())
        #expect(run.status == 0, "\(run.errors)")
        #expect(try run.json().keys == ["rows", "dimension", "seconds", "documents_per_s", "tokens_per_s"])
        #expect(try run.json().isNull("tokens_per_s"))
        let array = try NumpyArray(desk.url.appending(path: "rows.npy"))
        #expect(array.shape == [2, 64])
        #expect(abs(array.row(0).reduce(0) { $0 + $1 * $1 } - 1) < 1e-5)
        #expect(try script.requests.map(\.dimensions) == [64, 64])
        let plain = try desk.docket("embed", "texts.txt", "-o", "rows.npy", environment: environment())
        #expect(plain.output.hasPrefix("2 rows of 64 in rows.npy") && !plain.output.contains("tokens"))
    }

    @Test func aHandbookIsMeasured() throws {
        let files = [
            "set/corpus.jsonl": "{\"_id\": \"a\", \"title\": \"\", \"text\": \"promote the standby\"}\n"
                + "{\"_id\": \"b\", \"title\": \"\", \"text\": \"raise the quota\"}\n",
            "set/queries.jsonl": "{\"_id\": \"q\", \"text\": \"standby\"}\n",
            "set/qrels/dev.tsv": "query-id\tcorpus-id\tscore\nq\ta\t1\n",
        ]
        let desk = try Desk(files)
        let run = try desk.docket("eval", "--set", "set", "--json", environment: environment())
        #expect(run.status == 0, "\(run.errors)")
        #expect(try run.json().object("dense").number("ndcg_at_10") == 1)
        let requests = try script.requests.count
        try script.perform(["noisy"])
        _ = try desk.docket("eval", "--set", "set", "--json", environment: environment())
        #expect(try script.requests.count == requests + 1, "embeddings are kept; the probe alone is sent again")
    }

    /// Both ways; the old index goes on serving.
    @Test func localAndRemoteVectorsNeverMeet() throws {
        let local = try Desk.ingested()
        for arguments in [["search", "quota"], ["ingest", "docs"]] {
            let run = try local.run([Desk.binary.path] + arguments, environment: environment())
            #expect(run.status == 4 && run.errors.contains("--change-model") && run.errors.contains(script.url))
        }
        #expect(try local.docket("search", "quota").status == 0)
        #expect(try local.docket("ingest", "--change-model", environment: environment()).status == 0)
        #expect(try local.docket("search", "quota").status == 4)
        #expect(try local.docket("search", "quota", environment: environment()).status == 0)
    }

    @Test func aServerThatChangesItsModelIsFoundOut() throws {
        let desk = try Desk(Desk.handbook)
        #expect(try desk.docket("ingest", "docs", environment: environment()).status == 0)
        try script.perform(["other"])
        let search = try desk.docket("search", "quota", environment: environment())
        #expect(search.status == 4 && search.errors.contains("the server's model has changed"), "\(search.errors)")
        #expect(try desk.docket("ingest", "--change-model", environment: environment()).status == 0)
        #expect(try desk.docket("search", "quota", environment: environment()).status == 0)
    }

    /// By the exit codes of `docket --help`: what the server cannot do, what is wrong with the texts, what is set wrongly.
    @Test(arguments: [
        ("401", 4, "DOCKET_EMBEDDING_KEY"), ("redirect=302", 4, "redirects are not followed"),
        ("404", 4, "/embeddings"),
        ("values=[0, 0]", 4, "length 0"), ("400", 3, "check the model's name"), ("422", 3, "told to say 422"),
    ])
    func aServersRefusalHasItsExitCode(_ step: String, _ status: Int32, _ message: String) throws {
        try script.perform([step])
        let desk = try Desk(Desk.handbook)
        let run = try desk.docket("ingest", "docs", environment: environment())
        #expect(run.status == status && run.output == "" && run.errors.contains(message), "\(run.errors)")
        #expect(run.errors.hasPrefix("docket: \(script.url): "))
        #expect(try script.requests.count == 1, "before any page is read")
    }

    @Test func aTextThatTheServerDoesNotTakeIsNamed() throws {
        let long = "# Long\n\nthe long page " + String(repeating: "a", count: 300)
        let desk = try Desk(["docs/a.md": "# A\n\nshort", "docs/b.md": long])
        try script.perform(["too-long=200"])
        let run = try desk.docket("ingest", "docs", environment: environment())
        #expect(run.status == 3 && run.errors.contains("begins \"Long the long page aaa"), "\(run.errors)")
    }

    @Test func anIngestThatFailsInTheMiddleKeepsWhatItHas() throws {
        var files = ["docs/a.md": "# A\n\nold words"]
        let desk = try Desk(files)
        #expect(try desk.docket("ingest", "docs", environment: environment()).status == 0)
        for number in 0..<200 { files["docs/p\(number).md"] = "# Page \(number)\n\nword\(number)" }
        for (path, text) in files { try desk.folder.write(text, to: path) }
        // The probe, and four requests of 32 texts.
        try script.perform(["ok", "ok", "ok", "ok", "ok", "403"])
        #expect(try desk.docket("ingest", "docs", environment: environment()).status == 4)
        try script.perform(["ok"])
        let search = try desk.docket("search", "--json", "words", environment: environment()).json()
        #expect(try search.integer("generation") == 1 && search.objects("passages").count == 1)
        let second = try desk.docket("ingest", "--json", environment: environment()).json()
        #expect(try second.integer("embedded") == 72 && second.integer("chunks") == 201)
    }

    @Test func theKeyIsSentAndShownNowhere() throws {
        let desk = try Desk(Desk.handbook)
        let key = environment(["DOCKET_EMBEDDING_KEY": "hunter2"])
        #expect(try desk.docket("ingest", "docs", environment: key).status == 0)
        #expect(try script.requests.allSatisfy { $0.authorization == "Bearer hunter2" })
        let names = try FileManager.default.subpathsOfDirectory(atPath: desk.url.path)
        for name in names {
            let bytes = (try? Data(contentsOf: desk.url.appending(path: name))) ?? Data()
            #expect(bytes.firstRange(of: Data("hunter2".utf8)) == nil, "\(name)")
        }
        try script.perform(["echo=401"])
        for arguments in [["search", "quota"], ["doctor"], ["doctor", "--json"]] {
            let run = try desk.run([Desk.binary.path] + arguments, environment: key)
            #expect(run.status == 4 && (run.output + run.errors).contains("no such key"))
            #expect(!(run.output + run.errors).contains("hunter2"))
        }
    }

    @Test(arguments: [
        (["--embedding-url", "http://x", "--model", "m"], [:], "not both"),
        (["--embedding-url", "http://x"], [:], "--embedding-model"),
        (["--embedding-model", "m"], [:], "embedding_url"),
        (["--embedding-url", "ftp://x", "--embedding-model", "m"], [:], "is no address"),
        (
            ["--embedding-url", "http://docket-test.invalid/v1", "--embedding-model", "m"],
            ["DOCKET_EMBEDDING_KEY": "hunter2"], "https"
        ),
        (
            ["--embedding-url", "http://127.0.0.1", "--embedding-model", "m"], ["DOCKET_EMBEDDING_KEY": "a b"],
            "is none"
        ),
        (["--config", "key.yaml"], [:], "unknown setting \"embedding_key\""),
    ])
    func aWrongSettingIsUsage(_ arguments: [String], _ environment: [String: String], _ message: String) throws {
        let desk = try Desk(Desk.handbook.merging(["key.yaml": "embedding_key: hunter2"]) { $1 })
        let run = try desk.run([Desk.binary.path, "ingest", "docs"] + arguments, environment: environment)
        #expect(run.status == 2 && run.output == "" && run.errors.contains(message), "\(run.errors)")
        #expect(!run.errors.contains("hunter2"))
    }

    @Test func doctorAsksTheServerOnce() throws {
        let desk = try Desk(Desk.handbook)
        #expect(try desk.docket("ingest", "docs", environment: environment()).status == 0)
        let sound = try desk.docket("doctor", "--json", model: nil, environment: environment())
        #expect(sound.status == 0, "\(sound.output)")
        #expect(try sound.json().object("model").string("is").hasPrefix("endpoint \(script.url), model \"scripted\""))
        let before = try script.requests.count
        try script.perform(["503"])
        let broken = try desk.docket("doctor", "--json", model: nil, environment: environment())
        #expect(broken.status == 4)
        #expect(try broken.json().object("model").string("problem").contains("status 503"))
        #expect(try script.requests.count == before + 1)
    }

    @Test func speedIsMeasuredOfFoldersOnly() throws {
        let desk = try Desk()
        let run = try desk.docket("bench", "embedding", "--embedding-url", script.url)
        #expect(run.status == 2 && run.errors.contains("--model"), "\(run.errors)")
    }
}
