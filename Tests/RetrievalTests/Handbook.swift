import Foundation
import IndexFiles
import Retrieval
import Storage
import TestSupport
import TextEmbedding

/// A folder of pages with a data directory beside it, for one test.
final class Handbook: Sendable {
    let folder: TemporaryFolder
    let store: Store
    var docs: URL { folder.url.appending(path: "docs", directoryHint: .isDirectory) }
    var indexes: URL { folder.url.appending(path: "data/indexes", directoryHint: .isDirectory) }
    static let audiences = AudienceOrder(names: ["public", "internal", "secret"], defaultAudience: "internal")
    static let everyone = SearchFilters(audiences: audiences.names)
    static let tiny = Result {
        Embedder.model(
            try TextEncoder(contentsOf: Repository.tinyModel, precision: .int8, turns: EncoderTurns(threadCount: 1)))
    }

    /// - Parameter pages: texts by their paths below `docs/`.
    init(_ pages: [String: String] = [:]) throws {
        folder = try TemporaryFolder()
        store = try Store(in: folder.url.appending(path: "data", directoryHint: .isDirectory), creating: true)
        try FileManager.default.createDirectory(at: docs, withIntermediateDirectories: true)
        for (path, text) in pages { try write(text, to: path) }
    }

    func write(_ text: String, to path: String) throws { try folder.write(text, to: "docs/" + path) }

    func remove(_ path: String) throws { try folder.remove("docs/" + path) }

    func move(_ path: String, to other: String) throws {
        try FileManager.default.moveItem(at: docs.appending(path: path), to: docs.appending(path: other))
    }

    /// Ingests paths below the test's folder.
    @discardableResult
    func ingest(
        _ roots: [String] = ["docs"], embedder: Embedder? = nil, changingModel: Bool = false,
        audiences: AudienceOrder = Handbook.audiences, report: @escaping (IngestProgress) -> Void = { _ in }
    ) throws -> IngestSummary {
        let ingester = Ingester(
            store: store, embedder: try embedder ?? Self.tiny.get(), indexes: indexes, audiences: audiences,
            report: report)
        return try ingester.ingest(
            roots.map { folder.url.appending(path: $0) }, changingModel: changingModel,
            at: Date(timeIntervalSince1970: 1_800_000_000))
    }

    func searcher(_ options: FusionOptions? = nil) throws -> Searcher {
        try Searcher(store: store, embedder: Self.tiny.get(), indexes: indexes, options: options)
    }

    /// The folders of the index whose names go on like this behind the database's identity; of segments of a generation
    /// `segment-2.`, of a generation itself `2`.
    func indexFolders(_ name: String) throws -> [URL] {
        try FileManager.default.contentsOfDirectory(atPath: indexes.path).sorted().filter { entry in
            let rest = entry.split(separator: "-", maxSplits: 1).last ?? ""
            return name.hasSuffix(".") ? rest.hasPrefix(name) : rest == name
        }.map { indexes.appending(path: $0) }
    }

    func repair(_ store: Store? = nil, embedder: Embedder? = nil) throws -> RepairSummary {
        let ingester = Ingester(
            store: store ?? self.store, embedder: try embedder ?? Self.tiny.get(), indexes: indexes,
            audiences: Self.audiences, report: { _ in })
        return try ingester.repair(progress: { _ in })
    }

    /// A store as another process would open it now.
    func reopened() throws -> Store {
        try Store(in: URL(filePath: store.path).deletingLastPathComponent(), creating: false)
    }

    /// Changes the database behind Docket's back.
    func damage(_ sql: String) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        let script =
            "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.executescript(sys.argv[2]); c.commit(); c.close()"
        process.arguments = ["python3", "-c", script, store.path, sql]
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw CocoaError(.fileWriteUnknown) }
    }

    /// Every passage that a reader of all audiences can be shown, as `document: text`, sorted.
    func shown() throws -> [String] { try searcher().shown() }
}

extension Searcher {
    /// Every passage that can be shown: the dense lane ranks all rows, whatever is asked.
    func shown(_ filters: SearchFilters = Handbook.everyone) throws -> [String] {
        try search("anything", filters: filters, limit: 10_000).passages
            .map { "\($0.document.id): \($0.chunk.text.trimmingCharacters(in: .newlines))" }.sorted()
    }

    /// The documents shown, sorted, each once.
    func documents(_ filters: SearchFilters = Handbook.everyone) throws -> [String] {
        Set(try search("anything", filters: filters, limit: 10_000).passages.map(\.document.id)).sorted()
    }

    /// Whether the word is in any passage, or in any text that the lexical lane knows.
    func finds(_ word: String) throws -> Bool {
        try search(word, filters: Handbook.everyone, limit: 10_000).passages
            .contains { $0.scores.lexical > 0 || $0.chunk.text.contains(word) }
    }
}

/// Puts a file where the second generation is about to write a segment; its place where there is an index.
@discardableResult func obstructSecondGeneration(in indexes: URL) -> URL? {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: indexes.path)) ?? []
    guard let identity = names.first?.prefix(while: { $0 != "-" }) else { return nil }
    let url = indexes.appending(path: "\(identity)-segment-2.0")
    try? Data().write(to: url)
    return url
}

/// A page with front matter.
func page(_ frontMatter: String, _ text: String) -> String { "---\n\(frontMatter)\n---\n\(text)\n" }
