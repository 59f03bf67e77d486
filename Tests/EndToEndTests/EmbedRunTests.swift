import Foundation
import TestSupport
import Testing

@Suite struct EmbedRunTests {
    /// A text with the reference's embedding.
    private struct Golden: Decodable {
        let text: String
        let embedding: [Float]

        static func all(_ path: String) throws -> [Golden] {
            let file = Repository.root.appending(path: "Tests/TextEmbeddingTests/Fixtures/" + path)
            return try Data(contentsOf: file).split(separator: UInt8(ascii: "\n"))
                .map { try JSONDecoder().decode(Golden.self, from: $0) }
        }
    }

    private func expectGolden(_ golden: [Golden], model: URL) throws {
        let desk = try Desk()
        let lines = try golden.map {
            String(decoding: try JSONSerialization.data(withJSONObject: ["text": $0.text, "more": 1]), as: UTF8.self)
        }
        try desk.folder.write(lines.joined(separator: "\n") + "\n", to: "texts.jsonl")
        let run = try desk.docket("embed", "texts.jsonl", "--output", "rows.npy", "--json", model: model)
        #expect(run.status == 0 && run.errors == "")
        let object = try run.json()
        #expect(object.keys == ["rows", "dimension", "seconds", "documents_per_s", "tokens_per_s"])
        let array = try NumpyArray(desk.url.appending(path: "rows.npy"))
        #expect(array.header.hasPrefix("{'descr': '<f4', 'fortran_order': False, 'shape': ("))
        #expect(try array.shape == [object.integer("rows"), object.integer("dimension")])
        #expect(try object.number("seconds") >= 0 && object.number("tokens_per_s") >= 0)
        #expect(array.shape == [golden.count, golden[0].embedding.count])
        for (index, text) in golden.enumerated() {
            let difference = zip(array.row(index), text.embedding).map { abs($0 - $1) }.max() ?? 1
            #expect(difference < 1e-4, "\(text.text.prefix(60))")
        }
    }

    @Test func theTinyModelGivesTheReferencesVectors() throws {
        try expectGolden(Golden.all("tiny-bert-mean/golden.jsonl"), model: Repository.tinyModel)
    }

    @Test(.enabled(if: Repository.hasModel, "needs models/all-MiniLM-L6-v2: scripts/fetch-model"))
    func allMiniLMGivesTheReferencesVectors() throws {
        try expectGolden(Golden.all("minilm.jsonl"), model: Repository.model)
    }

    @Test func aLineIsATextHoweverItEnds() throws {
        let desk = try Desk(["unix.txt": "one\n\ntwo\n", "windows.txt": "one\r\n\r\ntwo\r\n", "bare.txt": "one\n\ntwo"])
        for name in ["unix", "windows", "bare"] {
            let run = try desk.docket("embed", "\(name).txt", "-o", "\(name).npy")
            #expect(run.status == 0 && run.output.hasPrefix("3 rows of 48 in \(name).npy"))
        }
        let files = try ["unix", "windows", "bare"].map { try Data(contentsOf: desk.url.appending(path: "\($0).npy")) }
        #expect(files[1] == files[0] && files[2] == files[0])
        let input = try desk.docket("embed", "-", "-o", "input.npy", input: "one\n\ntwo\n")
        #expect(input.status == 0)
        #expect(try Data(contentsOf: desk.url.appending(path: "input.npy")) == files[0])
    }

    @Test(arguments: [
        (["none.txt", "-o", "a.npy"], 3, "none.txt"), (["empty.txt", "-o", "a.npy"], 3, "empty.txt"),
        (["latin.txt", "-o", "a.npy"], 3, "latin.txt:2: is not UTF-8"),
        (["bad.jsonl", "-o", "a.npy"], 3, "bad.jsonl:3: "),
        (["ok.txt", "-o", "none/a.npy"], 3, "none/a.npy"), (["ok.txt"], 2, "--output"),
        (["ok.txt", "-o", "a.npy", "--role", "poem"], 2, "poem"),
    ])
    func whatCannotBeEmbeddedSaysWhy(_ arguments: [String], status: Int, complaint: String) throws {
        let desk = try Desk([
            "ok.txt": "one\n", "empty.txt": "", "bad.jsonl": "{\"text\": \"a\"}\n\n{\"texts\": \"b\"}\n",
        ])
        try desk.folder.write(Array("one\ntw".utf8) + [0xF6, 0x0A], to: "latin.txt")
        let run = try desk.run([Desk.binary.path, "embed"] + arguments)
        #expect(run.status == Int32(status) && run.output == "")
        #expect(run.errors.contains(complaint), "\(run.errors)")
    }

    @Test func theEmbeddingOfManyTextsIsThatOfEach() throws {
        let texts = (0..<1_100).map { "text number \($0) \(String(repeating: "word ", count: $0 % 40))" }
        let desk = try Desk(["all.txt": texts.joined(separator: "\n"), "last.txt": texts[1_099]])
        _ = try desk.docket("embed", "all.txt", "-o", "all.npy")
        _ = try desk.docket("embed", "last.txt", "-o", "last.npy")
        let (all, last) = (
            try NumpyArray(desk.url.appending(path: "all.npy")), try NumpyArray(desk.url.appending(path: "last.npy"))
        )
        #expect(all.shape == [1_100, 48])
        #expect(zip(all.row(1_099), last.row(0)).allSatisfy { abs($0 - $1) < 1e-5 })
    }

    /// Texts are read a megabyte at a time: lines that end there, lines longer than that, and a stream, read twice.
    @Test func whereBlocksEndChangesNothing() throws {
        let texts = (0..<9).map { "text \($0) " + String(repeating: "word ", count: $0 == 4 ? 700_000 : 50_000 + $0) }
        let (unix, windows) = (texts.joined(separator: "\n"), texts.joined(separator: "\r\n") + "\r\n")
        let desk = try Desk(["unix.txt": unix, "windows.txt": windows])
        for name in ["unix", "windows"] {
            #expect(try desk.docket("embed", "\(name).txt", "-o", "\(name).npy").output.hasPrefix("9 rows of 48"))
        }
        let script = "cat windows.txt | \"$0\" embed - -o stream.npy"
        #expect(try desk.run(["/usr/bin/env", "bash", "-c", script, Desk.binary.path]).status == 0)
        let files = try ["unix", "windows", "stream"].map {
            try Data(contentsOf: desk.url.appending(path: "\($0).npy"))
        }
        #expect(files[1] == files[0] && files[2] == files[0])
    }

    @Test func aLineThatIsNoTextIsRefusedBeforeWorkBegins() throws {
        let desk = try Desk(["long.txt": "one\n" + String(repeating: "x", count: 18 << 20)])
        let run = try desk.docket("embed", "long.txt", "-o", "a.npy")
        #expect(run.status == 3 && run.errors.contains("long.txt:2: has more than 16777216 bytes"), "\(run.errors)")
        #expect(try !desk.folder.names.contains("a.npy"))
    }
}
