import Documents
import Foundation
import Retrieval
import Storage
import TestSupport
import Testing

/// Whatever was done to the pages and however often they were ingested: what is served is what the files say.
@Suite struct RandomEditTests {
    private static let places = (0..<12).map { ["p\($0).md", "sub/p\($0).md"][$0 % 2] }

    private static func text(_ random: inout SeededGenerator) -> String {
        let words = ["alpha", "beta", "gamma", "delta", "epsilon"]
        let body = (0..<Int.random(in: 1...60, using: &random)).map { _ in words.randomElement(using: &random) ?? "" }
        let id = Int.random(in: 0..<3, using: &random) == 0 ? "id: id\(Int.random(in: 0..<6, using: &random))\n" : ""
        let audience = Handbook.audiences.names.randomElement(using: &random) ?? ""
        return page(
            id + "audience: \(audience)",
            "# Title\n\n" + body.joined(separator: " ") + "\n\n## More\n\n" + body.reversed().joined(separator: "\n\n"))
    }

    private static func edit(_ handbook: Handbook, _ random: inout SeededGenerator) throws {
        guard let place = places.randomElement(using: &random), let other = places.randomElement(using: &random) else {
            return
        }
        func exists(_ path: String) -> Bool {
            FileManager.default.fileExists(atPath: handbook.docs.appending(path: path).path)
        }
        switch Int.random(in: 0..<5, using: &random) {
        case 0 where exists(place): try handbook.remove(place)
        case 1 where exists(place) && !exists(other): try handbook.move(place, to: other)
        case 2 where exists(place): try handbook.write("---\nbroken: [\n---\n", to: place)
        default: try handbook.write(text(&random), to: place)
        }
    }

    /// Each chunk that the files have, computed from the files alone; a page that cannot be stored is left out.
    private static func expected(_ handbook: Handbook, failed: Set<String>) throws -> [String] {
        try places.filter {
            !failed.contains($0) && FileManager.default.fileExists(atPath: handbook.docs.appending(path: $0).path)
        }
        .flatMap { path in
            let bytes = Array(try Data(contentsOf: handbook.docs.appending(path: path)))
            let document = try Document(parsing: bytes, path: path)
            return Chunker().chunks(of: document).map {
                "\(document.id) \(path) \(document.frontMatter.audience ?? "") \(String(decoding: bytes[$0.byteRange], as: UTF8.self))"
            }
        }.sorted()
    }

    private static func served(_ handbook: Handbook, failed: Set<String>) throws -> [String] {
        try handbook.searcher().search("alpha", filters: Handbook.everyone, limit: 10_000).passages
            .filter { !failed.contains($0.document.path) }
            .map { "\($0.document.id) \($0.document.path) \($0.document.audience) \($0.chunk.text)" }.sorted()
    }

    @Test(arguments: 1...6 as ClosedRange<UInt64>) func theIndexSaysWhatTheFilesSay(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let handbook = try Handbook()
        try FileManager.default.createDirectory(
            at: handbook.docs.appending(path: "sub"), withIntermediateDirectories: true)
        for _ in 0..<15 {
            for _ in 0..<Int.random(in: 0...4, using: &random) { try Self.edit(handbook, &random) }
            if Int.random(in: 0..<4, using: &random) == 0, try handbook.store.servingState().generation > 0 {
                _ = try? handbook.ingestFailingToBuild()
            }
            let before = Set(try handbook.store.currentDocuments().map(\.path))
            let summary = try handbook.ingest()
            let failed = Set(summary.errors.map(\.path))
            let after = Set(try handbook.store.currentDocuments().map(\.path))
            #expect(failed.intersection(before).isSubset(of: after), "a page that fails keeps its last good revision")
            #expect(try Self.served(handbook, failed: failed) == Self.expected(handbook, failed: failed))
            let again = try handbook.ingest()
            #expect(!again.hasBuilt && again.added + again.changed + again.removed + again.embedded == 0)
        }
    }

    @Test(arguments: 7...8 as ClosedRange<UInt64>) func anIndexGrownByEditsRanksAsOneBuiltAtOnce(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let grown = try Handbook()
        try FileManager.default.createDirectory(
            at: grown.docs.appending(path: "sub"), withIntermediateDirectories: true)
        for _ in 0..<8 {
            for _ in 0..<4 { try Self.edit(grown, &random) }
            try grown.ingest()
        }
        for path in Self.places where (try? grown.ingest(["docs/" + path]))?.failed == 1 { try grown.remove(path) }
        try grown.ingest()
        let fresh = try Handbook()
        try fresh.folder.remove("docs")
        try FileManager.default.copyItem(at: grown.docs, to: fresh.docs)
        #expect(try fresh.ingest().failed == 0)
        func ranking(_ handbook: Handbook) throws -> [String: PassageScores] {
            let passages = try handbook.searcher().search("gamma delta", filters: Handbook.everyone, limit: 10_000)
                .passages
            return Dictionary(
                uniqueKeysWithValues: passages.map { ("\($0.document.id) \($0.chunk.byteRange)", $0.scores) })
        }
        #expect(try ranking(grown) == ranking(fresh))
    }
}
