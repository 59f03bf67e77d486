import Foundation
import TestSupport
import Testing

/// The whole walk where there is no model folder: `--model lsa`.
@Suite struct NoModelRunTests {
    private static let line = "No model: embeddings by latent semantic analysis of these pages"

    private func desk() throws -> Desk {
        let desk = try Desk(Desk.handbook)
        #expect(try desk.docket("ingest", "docs", "--model", "lsa", model: nil).status == 0)
        return desk
    }

    private static let ticket = """
        {"id": "4852d6e6-a472-484f-b6bb-f73e18bfc7f2", "created_at": "2026-11-01T08:00:00Z", "requester": {"name": "A"}, \
        "subject": "promote the standby", "body": "primary lost, E4304", "product": "postgresql", "version": "15"}
        """

    @Test func everyOutputForPeopleSaysSo() throws {
        let desk = try desk()
        for command in [["ingest", "docs"], ["search", "standby"], ["status"], ["doctor"]] {
            let run = try desk.run([Desk.binary.path] + command, model: nil, environment: ["DOCKET_MODEL": "lsa"])
            #expect(run.status == 0, "\(run.errors)")
            #expect(run.output.hasPrefix(Self.line), "\(command): \(run.output)")
        }
        #expect(try desk.docket("status", model: nil).output.hasPrefix(Self.line), "whatever the settings say")
    }

    @Test func everyObjectForProgramsSaysSo() throws {
        let desk = try desk()
        for command in [["ingest", "docs"], ["search", "standby"], ["status"], ["doctor"]] {
            let run = try desk.run([Desk.binary.path] + command + ["--json", "--model", "lsa"], model: nil)
            #expect(try run.json().string("embedding") == "lsa", "\(command)")
        }
        let usual = try Desk.ingested()
        for command in [["ingest", "docs"], ["search", "standby"], ["status"]] {
            let keys = try usual.run([Desk.binary.path] + command + ["--json"]).json().keys
            #expect(!keys.contains("embedding"), "\(command)")
        }
    }

    @Test func aTicketIsAnsweredAndTheDraftSaysSo() throws {
        let desk = try desk()
        let run = try desk.docket(
            "resolve", "--file", "-", "--json", "--model", "lsa", input: Self.ticket, model: nil)
        #expect(run.status == 0, "\(run.errors) \(run.output)")
        #expect(try run.json().string("embedding") == "lsa")
        let text = try desk.docket("resolve", "--file", "-", "--model", "lsa", input: Self.ticket, model: nil)
        #expect(text.output.hasPrefix(Self.line))
    }

    @Test func aSetIsJudgedWithAFitOfItsOwn() throws {
        let desk = try Desk([
            "set/corpus.jsonl": """
            {"_id": "d1", "title": "Quota", "text": "disk quota exceeded on the volume"}
            {"_id": "d2", "text": "certificate expired yesterday"}
            """,
            "set/queries.jsonl": "{\"_id\": \"q1\", \"text\": \"quota exceeded\"}",
            "set/qrels/test.tsv": "q1\td1\t1\n",
        ])
        let arguments = ["eval", "--set", "set", "--split", "test", "--model", "lsa"]
        let run = try desk.run([Desk.binary.path] + arguments + ["--json"], model: nil)
        #expect(try run.json().keys == ["fused", "dense", "lexical", "over_dense", "over_lexical", "embedding"])
        #expect(try run.json().object("dense").number("ndcg_at_10") == 1)
        #expect(try desk.run([Desk.binary.path] + arguments, model: nil).output.hasPrefix(Self.line))
        #expect(!FileManager.default.fileExists(atPath: desk.url.appending(path: ".docket/evaluation").path))
    }

    @Test func theSettingMayStandInTheFileAndAFolderOfThatNameHasAPath() throws {
        let desk = try Desk(Desk.handbook)
        try desk.folder.write("model: lsa\n", to: "docket.yaml")
        #expect(try desk.docket("ingest", "docs", model: nil).output.hasPrefix(Self.line))
        let folder = try desk.docket("search", "standby", "--model", "./lsa", model: nil)
        #expect(folder.status == 4 && folder.errors.contains("/lsa/config.json"))
    }

    @Test func aMissingModelNamesBothRemedies() throws {
        let run = try Desk(Desk.handbook).docket("ingest", "docs", model: nil)
        #expect(run.status == 4)
        #expect(run.errors.contains("scripts/fetch-model") && run.errors.contains("--model lsa"))
    }

    @Test func anIndexThatAModelBuiltIsRefusedWithTheRemedy() throws {
        let desk = try Desk.ingested()
        for command in [["ingest", "docs"], ["search", "standby"]] {
            let run = try desk.run([Desk.binary.path] + command + ["--model", "lsa"], model: nil)
            #expect(run.status == 4 && run.output == "", "\(run.output)")
            #expect(run.errors.contains("--change-model") && run.errors.contains("never takes a model's place"))
        }
        #expect(try desk.docket("ingest", "--change-model", "--model", "lsa", model: nil).status == 0)
        #expect(try desk.docket("search", "standby", "--model", "lsa", model: nil).status == 0)
        let back = try desk.docket("search", "standby")
        #expect(back.status == 4 && back.errors.contains("built without a model"))
    }

    @Test func whatOnlyAModelCanDoSaysSo() throws {
        let desk = try desk()
        try desk.folder.write("a text\n", to: "texts.txt")
        for command in [["embed", "texts.txt", "--output", "rows.npy"], ["bench", "embedding", "--words", "1"]] {
            let run = try desk.run([Desk.binary.path] + command + ["--model", "lsa"], model: nil)
            #expect(run.status == 2, "\(command): \(run.errors)")
        }
        let run = try desk.docket("search", "standby", "--model", "lsa", "--precision", "int8", model: nil)
        #expect(run.status == 2 && run.errors.contains("precision"))
    }

    @Test func wordsThatNoPageHasFindNothing() throws {
        let run = try desk().docket("search", "zymurgy", "--model", "lsa", model: nil)
        #expect(run.status == 1 && run.errors.contains("none has a word of the query"), "\(run.errors)")
    }
}
