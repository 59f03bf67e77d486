import Configuration
import Foundation
import TestSupport
import Testing

/// When a server embeds in the model folder's place, and which.
@Suite struct EmbeddingServerTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func server(
        flags: Configuration.Layer = .init(), environment: [String: String] = [:], file: String = ""
    ) throws -> EmbeddingServer? {
        let url = try folder.write(file, to: "docket.yaml")
        return try Configuration(flags: flags, environment: environment, file: url, processorCount: 1).embeddingServer
    }

    @Test func noneIsAskedUnlessOneIsNamed() throws {
        #expect(try server() == nil)
        #expect(try server(environment: ["DOCKET_EMBEDDING_KEY": "k", "DOCKET_EMBEDDING_URL": ""]) == nil)
        #expect(try server(file: "embedding_query_prefix: 'query: '") == nil)
    }

    @Test func everySettingIsRead() throws {
        let file = """
            embedding_url: https://file/v1
            embedding_model: m
            embedding_query_prefix: "query: "
            embedding_document_prefix: "passage: "
            embedding_dimension: 256
            """
        let server = try #require(try self.server(environment: ["DOCKET_EMBEDDING_KEY": "k"], file: file))
        #expect(server.url == "https://file/v1" && server.model == "m" && server.key?.value == "k")
        #expect(server.queryPrefix == "query: " && server.documentPrefix == "passage: " && server.dimension == 256)
    }

    @Test func whatIsNotSaidIsAbsent() throws {
        let server = try #require(try self.server(flags: .init(embeddingURL: "http://flag", embeddingModel: "m")))
        #expect(server.key == nil && server.queryPrefix == "" && server.documentPrefix == "" && server.dimension == nil)
    }

    /// Each bit says whether flags, environment and file name the setting.
    @Test(arguments: 1..<8) func theFirstLayerThatSpeaksWins(speakers: Int) throws {
        let (flags, environment, file) = (speakers & 1 > 0, speakers & 2 > 0, speakers & 4 > 0)
        let named = try server(
            flags: flags ? .init(embeddingURL: "http://flag", embeddingModel: "flag") : .init(),
            environment: environment
                ? ["DOCKET_EMBEDDING_URL": "http://environment", "DOCKET_EMBEDDING_MODEL": "environment"] : [:],
            file: file ? "embedding_url: http://file\nembedding_model: file" : "")
        let winner = flags ? "flag" : environment ? "environment" : "file"
        #expect(named?.model == winner && named?.url == "http://\(winner)")
    }

    /// The first layer that names a folder or a server decides; where one names both, it is the server.
    @Test(arguments: 0..<64) func aFolderAndAServerAreNamed(cases: Int) throws {
        let says = (0..<3).map { (folder: cases >> (2 * $0) & 1 > 0, server: cases >> (2 * $0 + 1) & 1 > 0) }
        let named = try server(
            flags: .init(
                model: says[0].folder ? "/m" : nil, embeddingURL: says[0].server ? "http://0" : nil,
                embeddingModel: says[0].server ? "m" : nil),
            environment: [
                "DOCKET_MODEL": says[1].folder ? "/m" : "", "DOCKET_EMBEDDING_URL": says[1].server ? "http://1" : "",
                "DOCKET_EMBEDDING_MODEL": says[1].server ? "m" : "",
            ],
            file: (says[2].folder ? "model: /m\n" : "")
                + (says[2].server ? "embedding_url: http://2\nembedding_model: m\n" : ""))
        let first = says.firstIndex { $0.folder || $0.server }
        #expect(named?.url == first.flatMap { says[$0].server ? "http://\($0)" : nil })
    }

    @Test(arguments: [
        ("embedding_url: http://x", "embedding_model"), ("embedding_model: m", "embedding_url"),
        ("embedding_url: 5\nembedding_model: m", "embedding_url"),
        ("embedding_url:\nembedding_model: m", "embedding_url"),
        ("embedding_url: http://x\nembedding_model: [m]", "embedding_model"),
        ("embedding_url: http://x\nembedding_model: m\nembedding_dimension: 0", "embedding_dimension"),
        ("embedding_url: http://x\nembedding_model: m\nembedding_dimension: 16385", "embedding_dimension"),
        ("embedding_url: http://x\nembedding_model: m\nembedding_dimension: many", "embedding_dimension"),
        ("embedding_url: http://x\nembedding_model: m\nembedding_query_prefix: 1", "embedding_query_prefix"),
    ])
    func whatCannotBeMeantIsRefused(_ file: String, _ setting: String) throws {
        let error = try #require(throws: ConfigurationError.self) { try server(file: file) }
        guard case .badValue(let named, _, _) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(named.hasPrefix(setting))
    }

    @Test func aKeyIsInNoFileAndInNoText() throws {
        let error = try #require(throws: ConfigurationError.self) { try server(file: "embedding_key: hunter2") }
        #expect("\(error)".contains("unknown setting \"embedding_key\"") && !"\(error)".contains("hunter2"))
        let named = try server(
            flags: .init(embeddingURL: "http://x", embeddingModel: "m"),
            environment: ["DOCKET_EMBEDDING_KEY": "hunter2"])
        var dumped = ""
        dump(named, to: &dumped)
        #expect(!"\(named as Any) \(String(reflecting: named)) \(dumped)".contains("hunter2"))
    }
}
