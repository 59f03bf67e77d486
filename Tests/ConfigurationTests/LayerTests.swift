import Configuration
import Foundation
import TestSupport
import Testing

/// Flags win over the environment, the environment over the file, the file over the defaults.
@Suite struct LayerTests {
    private let folder = try! TemporaryFolder()
    private var here: String { FileManager.default.currentDirectoryPath }

    @Test func silenceEverywhereGivesTheDefaults() throws {
        let configuration = try configuration()
        #expect(configuration.data.path == here + "/.docket")
        #expect(configuration.indexes.path == here + "/.docket/indexes")
        #expect(configuration.model.path == here + "/models/all-MiniLM-L6-v2")
        #expect(configuration.audiences == ["public", "internal"])
        #expect(configuration.defaultAudience == "internal")
        #expect(configuration.threads == 7, "all processors")
    }

    /// Each bit says whether flags, environment and file name the setting.
    @Test(arguments: 0..<8) func theFirstLayerThatSpeaksWins(speakers: Int) throws {
        let (flags, environment, file) = (speakers & 1 > 0, speakers & 2 > 0, speakers & 4 > 0)
        let configuration = try configuration(
            flags: Configuration.Layer(
                data: flags ? "/flag/data" : nil, indexes: flags ? "/flag/indexes" : nil,
                model: flags ? "/flag/model" : nil, threads: flags ? 1 : nil, reranker: flags ? "/flag/reranker" : nil),
            environment: environment
                ? [
                    "DOCKET_DATA": "/env/data", "DOCKET_INDEXES": "/env/indexes", "DOCKET_MODEL": "/env/model",
                    "DOCKET_THREADS": "2", "DOCKET_RERANKER": "/env/reranker",
                ] : [:],
            file: file
                ? """
                data: /file/data
                indexes: /file/indexes
                model: /file/model
                threads: 3
                reranker: /file/reranker
                """ : nil)
        let winner = flags ? "/flag" : environment ? "/env" : file ? "/file" : nil
        #expect(configuration.data.path == (winner.map { $0 + "/data" } ?? here + "/.docket"))
        #expect(configuration.indexes.path == (winner.map { $0 + "/indexes" } ?? here + "/.docket/indexes"))
        #expect(configuration.model.path == (winner.map { $0 + "/model" } ?? here + "/models/all-MiniLM-L6-v2"))
        #expect(configuration.reranker?.path == winner.map { $0 + "/reranker" })
        #expect(configuration.threads == (flags ? 1 : environment ? 2 : file ? 3 : 7))
    }

    /// Two data directories must not come to share a folder of indexes. Each layer says `data`, `indexes`, both or nothing.
    @Test(arguments: 0..<64) func indexesCountOnlyWhereNoHigherLayerNamesTheData(cases: Int) throws {
        let names = ["flag", "env", "file"]
        let says = (0..<3).map { (data: cases >> (2 * $0) & 1 > 0, indexes: cases >> (2 * $0 + 1) & 1 > 0) }
        let configuration = try configuration(
            flags: Configuration.Layer(
                data: says[0].data ? "/flag" : nil, indexes: says[0].indexes ? "/flag-indexes" : nil),
            environment: [
                "DOCKET_DATA": says[1].data ? "/env" : "", "DOCKET_INDEXES": says[1].indexes ? "/env-indexes" : "",
            ],
            file: (says[2].data ? "data: /file\n" : "") + (says[2].indexes ? "indexes: /file-indexes\n" : ""))
        var expected: String?
        for layer in 0..<3 {
            if expected == nil, says[layer].indexes { expected = "/\(names[layer])-indexes" }
            if expected == nil, says[layer].data { expected = "/\(names[layer])/indexes" }
        }
        #expect(configuration.indexes.path == expected ?? here + "/.docket/indexes")
    }

    @Test func aPrecisionThatWasSetForAModelElsewhereIsNotThatOfNone() throws {
        let configuration = try configuration(
            flags: Configuration.Layer(model: "lsa"), environment: ["DOCKET_PRECISION": "int8"])
        #expect(configuration.usesLatentSemanticAnalysis)
    }

    @Test func theModelStandsBesideTheData() throws {
        #expect(
            try configuration(flags: Configuration.Layer(data: "/srv/docket/data")).model.path
                == "/srv/docket/models/all-MiniLM-L6-v2")
    }

    @Test func noModelIsNamedByOneWordInEveryLayerAndAFolderByAPath() throws {
        let cases: [(Configuration, Bool)] = [
            (try configuration(), false), (try configuration(flags: Configuration.Layer(model: "lsa")), true),
            (try configuration(environment: ["DOCKET_MODEL": "lsa"]), true),
            (try configuration(file: "model: lsa\n"), true), (try configuration(file: "model: ./lsa\n"), false),
            (try configuration(flags: Configuration.Layer(model: "./lsa")), false),
            (try configuration(flags: Configuration.Layer(model: "m"), environment: ["DOCKET_MODEL": "lsa"]), false),
        ]
        for (index, (configuration, isNone)) in cases.enumerated() {
            #expect(configuration.usesLatentSemanticAnalysis == isNone, "case \(index)")
        }
    }

    @Test func noModelHasNoPrecision() {
        #expect(throws: ConfigurationError.self) {
            try configuration(flags: Configuration.Layer(model: "lsa", precision: "int8"))
        }
    }

    @Test func anEmptyVariableIsSilent() throws {
        let environment = ["DOCKET_DATA": "", "DOCKET_INDEXES": "", "DOCKET_MODEL": "", "DOCKET_THREADS": ""]
        #expect(try configuration(environment: environment) == configuration())
    }

    @Test func relativePathsOfFlagsAndEnvironmentAreTakenFromTheWorkingDirectory() throws {
        let configuration = try configuration(
            flags: Configuration.Layer(data: "some/../data/./x//"), environment: ["DOCKET_MODEL": "../model"],
            file: "threads: 1\n")
        #expect(configuration.data.path == here + "/data/x")
        #expect(configuration.indexes.path == here + "/data/x/indexes")
        let parent = URL(filePath: here).deletingLastPathComponent()
        #expect(configuration.model.path == parent.appending(path: "model").path)
    }

    @Test func relativePathsOfTheFileAreTakenFromItsFolder() throws {
        let configuration = try configuration(file: "data: data\nindexes: ../indexes\nmodel: /models/m\n")
        let folder = folder.url.standardizedFileURL
        #expect(configuration.data.path == folder.appending(path: "data").path)
        #expect(configuration.indexes.path == folder.deletingLastPathComponent().appending(path: "indexes").path)
        #expect(configuration.model.path == "/models/m")
    }

    @Test(arguments: ["data", "indexes", "model"]) func anEmptyPathIsRefusedRatherThanTakenForThisFolder(_ name: String)
    {
        let flags = Configuration.Layer(
            data: name == "data" ? "" : nil, indexes: name == "indexes" ? "" : nil, model: name == "model" ? "" : nil)
        #expect(throws: ConfigurationError.badValue(setting: name, got: "", expected: "a path")) {
            try configuration(flags: flags)
        }
    }

    @Test(arguments: ["two", "2.0", " 2", "0x2", "99999999999999999999"])
    func threadsInTheEnvironmentAreAWholeNumber(_ text: String) {
        #expect(
            throws: ConfigurationError.badValue(setting: "DOCKET_THREADS", got: text, expected: "a whole number")
        ) { try configuration(environment: ["DOCKET_THREADS": text]) }
    }

    @Test func threadsHaveBounds() throws {
        let max = Configuration.threadCountMax
        #expect(try configuration(flags: Configuration.Layer(threads: 1)).threads == 1)
        #expect(try configuration(environment: ["DOCKET_THREADS": "\(max)"]).threads == max)
        for count in [0, -1, max + 1, Int(Int32.max) + 1] {
            #expect(
                throws: ConfigurationError.badValue(
                    setting: "threads", got: "\(count)", expected: "a number from 1 to \(max)")
            ) { try configuration(environment: ["DOCKET_THREADS": "\(count)"]) }
        }
    }

    private func configuration(
        flags: Configuration.Layer = Configuration.Layer(), environment: [String: String] = [:], file: String? = nil
    ) throws -> Configuration {
        let url = try file.map { try folder.write($0, to: "docket.yaml") }
        return try Configuration(flags: flags, environment: environment, file: url, processorCount: 7)
    }

    @Test func thePrecisionIsTheOneThatIsNamed() throws {
        #expect(try configuration().precision == nil)
        #expect(try configuration(environment: ["DOCKET_PRECISION": "fp32"]).precision == .fp32)
        let flags = Configuration.Layer(precision: "int8")
        #expect(try configuration(flags: flags, file: "precision: fp32\n").precision == .int8)
        #expect(throws: ConfigurationError.badValue(setting: "precision", got: "int4", expected: "int8 or fp32")) {
            try configuration(environment: ["DOCKET_PRECISION": "int4"])
        }
    }
}
