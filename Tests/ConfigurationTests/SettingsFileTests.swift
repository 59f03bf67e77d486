import Configuration
import Foundation
import TestSupport
import Testing

/// `docket.yaml`: what it may say, and how it is refused.
@Suite struct SettingsFileTests {
    private let folder = try! TemporaryFolder()
    private var path: String { folder.url.appending(path: "docket.yaml").path }

    @Test(arguments: ["", "# nothing\n", "---\n", "~\n", "{}\n"]) func aFileThatSaysNothingIsSilent(_ text: String)
        throws
    {
        let empty = try configuration(text)
        #expect(empty.audiences == ["public", "internal"] && empty.threads == 7)
    }

    @Test func everySettingIsRead() throws {
        let configuration = try configuration(
            """
            data: /d
            indexes: /i
            model: /m
            threads: 3
            audiences: [public, partners, internal]
            default_audience: partners
            relaxation: [platform, version]
            """)
        #expect(configuration.data.path == "/d" && configuration.indexes.path == "/i")
        #expect(configuration.model.path == "/m" && configuration.threads == 3)
        #expect(configuration.audiences == ["public", "partners", "internal"])
        #expect(configuration.defaultAudience == "partners")
        #expect(configuration.relaxation == [.platform, .version])
        #expect(try self.configuration("relaxation: []").relaxation == [])
        #expect(try self.configuration("threads: 1").relaxation == nil)
    }

    @Test(arguments: [
        ("audience", "; the audience is never given up"), ("platform, audience", "; the audience is never given up"),
        ("product, product", ""), ("colour", ""), ("Platform", ""),
    ])
    func whatCannotBeGivenUpIsRefusedWithItsLine(_ names: String, remark: String) {
        #expect(
            throws: ConfigurationError.badValue(
                setting: "relaxation in \(path):2", got: names,
                expected:
                    "a list of tags, platform, product, version, each at most once, the first to be given up first"
                    + remark)
        ) { try configuration("threads: 1\nrelaxation: [\(names)]") }
    }

    @Test(arguments: [
        "colour: red", "embedding_key: hunter2", "Data: /x", "1: x", "default-audience: public",
        "threads: 2\nzeta: 1\nalpha: 1\nomega: 1",
    ])
    func anUnknownSettingIsRefused(_ text: String) throws {
        let setting = text.contains("alpha") ? "alpha" : String(text.prefix { $0 != ":" })
        #expect(
            throws: ConfigurationError.unknownSetting(
                path: path, setting: setting,
                known: [
                    "data", "indexes", "model", "reranker", "threads", "precision", "audiences", "default_audience",
                    "relaxation", "embedding_url", "embedding_model", "embedding_query_prefix",
                    "embedding_document_prefix",
                    "embedding_dimension",
                ])
        ) { try configuration(text) }
    }

    @Test(arguments: [
        ("data: 5", "data", "5", "a path"),
        ("data: [a]", "data", "[\"a\"]", "a path"),
        ("data:", "data", "nothing", "a path"),
        ("data: ''", "data", "", "a path"),
        ("indexes: true", "indexes", "true", "a path"),
        ("model: ''", "model", "", "a path"),
        ("threads: two", "threads", "two", "a whole number"),
        ("threads: '2'", "threads", "2", "a whole number"),
        ("threads: 2.5", "threads", "2.5", "a whole number"),
        ("threads: true", "threads", "true", "a whole number"),
        ("default_audience: no", "default_audience", "false", "a name"),
        ("default_audience: [public]", "default_audience", "[\"public\"]", "a name"),
        ("audiences: public", "audiences", "public", "a list of names, the widest audience first"),
        ("audiences: [1, 2]", "audiences", "[1, 2]", "a list of names, the widest audience first"),
        ("audiences: []", "audiences", "[]", "one name or more, none empty or there twice"),
        ("audiences: [public, '']", "audiences", "[\"public\", \"\"]", "one name or more, none empty or there twice"),
        (
            "audiences: [public, internal, public]", "audiences", "[\"public\", \"internal\", \"public\"]",
            "one name or more, none empty or there twice"
        ),
    ])
    func aSettingOfAnotherTypeIsRefusedWithItsFile(text: String, setting: String, got: String, expected: String) {
        #expect(throws: ConfigurationError.badValue(setting: "\(setting) in \(path):1", got: got, expected: expected)) {
            try configuration(text)
        }
    }

    @Test(arguments: [
        ("data: [", 2, "did not find expected node content"),
        ("threads: 2\ndata: a: b", 2, "mapping values are not allowed in this context"),
        ("\tdata: x", 1, "found character that cannot start any token"),
        ("data: a\ndata: b", 1, "the key \"data\" occurs twice; keep one"),
        ("data: a\n---\ndata: b", 2, "but found another document"),
    ])
    func brokenYAMLIsRefusedWithItsFileAndLine(_ text: String, line: Int, problem: String) {
        let detail = "is not valid YAML: " + problem
        #expect(throws: ConfigurationError.invalidYAML(path: path, line: line, detail: detail)) {
            try configuration(text)
        }
    }

    /// Nothing of the parser's own wording around it, nor of Foundation's.
    @Test func whatIsNotUTF8IsRefusedWithItsLine() throws {
        let url = try folder.write(Array("threads: 2\n# gr".utf8) + [0xF6, 0x0A], to: "docket.yaml")
        let error = #expect(throws: ConfigurationError.self) {
            try Configuration(flags: Configuration.Layer(), environment: [:], file: url, processorCount: 1)
        }
        #expect(error?.description == "\(path):2: is not UTF-8; save the file as UTF-8")
    }

    @Test func aFileOverTheLimitIsRefused() throws {
        let comment = [UInt8](repeating: UInt8(ascii: "#"), count: 1 << 20)
        #expect(try configuration(String(decoding: comment, as: UTF8.self)).threads == 7)
        let url = try folder.write(comment + [0x0A], to: "docket.yaml")
        #expect(throws: ConfigurationError.tooLarge(path: path, expectedByteCountMax: 1 << 20)) {
            try Configuration(flags: Configuration.Layer(), environment: [:], file: url, processorCount: 1)
        }
    }

    @Test(arguments: ["- data", "data", "5"]) func whatIsNoMappingIsRefused(_ text: String) {
        let detail = "is not a mapping of settings, such as `threads: 2`"
        #expect(throws: ConfigurationError.invalidYAML(path: path, line: nil, detail: detail)) {
            try configuration(text)
        }
    }

    @Test func aFileThatCannotBeReadIsRefused() throws {
        for (name, code) in [("absent.yaml", ENOENT), (".", EISDIR)] {
            let url = folder.url.appending(path: name)
            #expect(throws: ConfigurationError.unreadable(path: url.path, errno: code)) {
                try Configuration(
                    flags: Configuration.Layer(), environment: [:], file: url, processorCount: 1)
            }
        }
    }

    /// A broken file is refused even where higher layers say everything.
    @Test func aFileIsCheckedEvenWhereItIsNotNeeded() throws {
        let url = try folder.write("threads: two", to: "docket.yaml")
        #expect(throws: ConfigurationError.self) {
            try Configuration(
                flags: Configuration.Layer(data: "/d", indexes: "/i", model: "/m", threads: 1), environment: [:],
                file: url, processorCount: 1)
        }
    }

    private func configuration(_ text: String) throws -> Configuration {
        let url = try folder.write(text, to: "docket.yaml")
        return try Configuration(flags: Configuration.Layer(), environment: [:], file: url, processorCount: 7)
    }
}
