import Foundation
import LinearAlgebra
import Retrieval
import Storage
import TestSupport
import Testing
import VectorSearch

/// What happens to an index file between two runs.
enum Damage: String, CaseIterable, CustomTestStringConvertible {
    case missing, empty, halved, headerFlipped, middleFlipped, endFlipped, foreign, ofAnotherKind, aFolder
    case ofAnotherGeneration, ofAnotherDatabase

    var testDescription: String { rawValue }

    /// - Parameter others: folders with files of the same names, from an older generation and from another database.
    func strike(_ file: URL, sibling: URL, others: (generation: URL, database: URL)) throws {
        let bytes = [UInt8](try Data(contentsOf: file))
        try FileManager.default.removeItem(at: file)
        switch self {
        case .missing: break
        case .empty: try Data().write(to: file)
        case .halved: try Data(bytes.prefix(bytes.count / 2)).write(to: file)
        case .headerFlipped: try Data(bytes.flipping(12)).write(to: file)
        case .middleFlipped: try Data(bytes.flipping(64)).write(to: file)
        case .endFlipped: try Data(bytes.flipping(bytes.count - 30)).write(to: file)
        case .foreign:
            try Data("%PDF-1.7 something else altogether, longer than any header of ours is".utf8).write(to: file)
        case .ofAnotherKind: try FileManager.default.copyItem(at: sibling, to: file)
        case .aFolder: try FileManager.default.createDirectory(at: file, withIntermediateDirectories: false)
        case .ofAnotherGeneration:
            try FileManager.default.copyItem(at: others.generation.appending(path: file.lastPathComponent), to: file)
        case .ofAnotherDatabase:
            try FileManager.default.copyItem(at: others.database.appending(path: file.lastPathComponent), to: file)
        }
    }
}

extension [UInt8] {
    fileprivate func flipping(_ place: Int) -> [UInt8] {
        var bytes = self
        bytes[place] ^= 1
        return bytes
    }
}

@Suite struct IndexDamageTests {
    private static let names = ["rows.docketindex", "vectors.docketindex", "postings.docketindex"]

    /// The folder of the only segment of the serving generation.
    private func segment(of handbook: Handbook) throws -> URL {
        try #require(try handbook.indexFolders("segment-\(handbook.store.servingState().generation).").first)
    }

    /// A handbook of two generations with as many rows each, the folder of the serving one, and a copy of the older.
    private func twoGenerations(_ words: String) throws -> (handbook: Handbook, serving: URL, older: URL) {
        let handbook = try Handbook(["a.md": "# A\n\n\(words)", "b.md": "# B\n\nbeta"])
        try handbook.ingest()
        let older = handbook.folder.url.appending(path: "older")
        try FileManager.default.copyItem(at: segment(of: handbook), to: older)
        try handbook.write("# A\n\n\(words) again", to: "a.md")
        try handbook.ingest()
        return (handbook, try segment(of: handbook), older)
    }

    @Test(arguments: names, Damage.allCases)
    func aDamagedIndexIsNeverSearchedAndRebuiltWithoutEmbedding(_ name: String, _ damage: Damage) throws {
        let (handbook, serving, older) = try twoGenerations("alpha")
        let (other, foreign, _) = try twoGenerations("omega")
        let expected = try handbook.shown()
        let sibling = serving.appending(path: name == Self.names[0] ? Self.names[1] : Self.names[0])
        try damage.strike(serving.appending(path: name), sibling: sibling, others: (older, foreign))
        // Vectors are checked as they are read.
        let error = #expect(throws: RetrievalError.self) { try handbook.shown() }
        guard case .unusableIndex = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        let message = error?.description ?? ""
        #expect(message.contains(serving.path) && message.contains("docket ingest"), "\(message)")
        #expect(!message.contains("NSCocoaErrorDomain"), "\(message)")
        var reasons: [IngestProgress] = []
        let summary = try handbook.ingest { if case .rebuilding = $0 { reasons.append($0) } }
        #expect(reasons.count == 1, "the rebuild says why")
        #expect((summary.embedded, summary.reused, summary.generation, summary.unchanged) == (0, 2, 3, 2))
        #expect(try handbook.shown() == expected)
        #expect(try other.shown().count == 2)
    }

    @Test func aWholeFolderOfAnotherDatabaseIsRefused() throws {
        let (handbook, serving, _) = try twoGenerations("alpha")
        let (other, foreign, _) = try twoGenerations("omega")
        for name in Self.names {
            try FileManager.default.removeItem(at: serving.appending(path: name))
            try FileManager.default.copyItem(at: foreign.appending(path: name), to: serving.appending(path: name))
        }
        #expect(throws: RetrievalError.self) { try handbook.searcher() }
        #expect(try handbook.ingest().embedded == 0)
        #expect(try handbook.searcher().documents() == ["a", "b"])
        #expect(try other.searcher().documents() == ["a", "b"])
    }

    @Test func allIndexesMayBeDeleted() throws {
        let handbook = try Handbook(["a.md": "# A\n\nsome words"])
        try handbook.ingest()
        let opened = try handbook.searcher()
        try FileManager.default.removeItem(at: handbook.indexes)
        #expect(try opened.documents() == ["a"], "an open search keeps what it has mapped")
        #expect(try handbook.ingest([]).embedded == 0)
        #expect(try handbook.searcher().documents() == ["a"])
    }

    @Test func whatAnInterruptedBuildLeftBehindIsBuiltOver() throws {
        let (handbook, serving, older) = try twoGenerations("alpha")
        let next = handbook.indexes.appending(path: serving.lastPathComponent.replacing(/-2\.0$/, with: "-3.1"))
        try FileManager.default.copyItem(at: older, to: next)
        try Data("half".utf8).write(to: next.appending(path: "vectors.docketindex.partial"))
        try handbook.write("# C\n\ngamma", to: "c.md")
        #expect(try handbook.ingest().generation == 3)
        #expect(try handbook.searcher().documents() == ["a", "b", "c"])
        #expect(try segment(of: handbook) == next)
    }

    /// Another generation's, another database's, a torn one, none: in each case all segments are there.
    @Test(arguments: ["older", "foreign", "torn", "missing"])
    func aManifestThatIsNotTheGenerationsIsFoundAndBuiltAnew(_ case: String) throws {
        let (handbook, _, _) = try twoGenerations("alpha")
        let (other, _, _) = try twoGenerations("omega")
        let expected = try handbook.shown()
        func manifest(_ handbook: Handbook, _ generation: Int) throws -> URL {
            try #require(handbook.indexFolders("\(generation)").first).appending(path: "manifest.docketindex")
        }
        let file = try manifest(handbook, 2)
        let bytes: Data? =
            switch `case` {
            case "older": try Data(contentsOf: manifest(handbook, 1))
            case "foreign": try Data(contentsOf: manifest(other, 2))
            case "torn": try Data(contentsOf: file).dropLast(10)
            default: nil
            }
        try FileManager.default.removeItem(at: file)
        try bytes?.write(to: file)
        let error = #expect(throws: RetrievalError.self) { try handbook.searcher() }
        #expect(error?.description.contains(file.path) ?? false, "\(String(describing: error))")
        #expect(try handbook.ingest().embedded == 0)
        #expect(try handbook.shown() == expected)
    }

    /// Folders `DATABASE-GENERATION` with the files themselves: what earlier builds wrote.
    @Test func anIndexOfAnEarlierFormatIsBuiltAnewAndItsFoldersRemoved() throws {
        let (handbook, serving, _) = try twoGenerations("alpha")
        let expected = try handbook.shown()
        let old = try #require(handbook.indexFolders("2").first)
        try FileManager.default.removeItem(at: old)
        try FileManager.default.moveItem(at: serving, to: old)
        #expect(throws: RetrievalError.self) { try handbook.searcher() }
        #expect(try handbook.ingest().generation == 3)
        try handbook.write("# C\n\ngamma", to: "c.md")
        try handbook.ingest()
        #expect(try handbook.indexFolders("2") == [])
        try handbook.remove("c.md")
        try handbook.ingest()
        #expect(try handbook.shown() == expected)
    }

    /// Vectors of another model under the right name: the database says which model the generation has.
    @Test func vectorsOfAnotherModelAreADamagedIndex() throws {
        let (handbook, serving, _) = try twoGenerations("alpha")
        let vectors = serving.appending(path: "vectors.docketindex")
        let dimension = try VectorIndex(opening: vectors).dimension
        try VectorIndex.write(
            Matrix(rowCount: 2, columnCount: dimension, values: [Float](repeating: 1, count: 2 * dimension)),
            fingerprint: "another model", to: vectors)
        let error = #expect(throws: RetrievalError.self) { try handbook.searcher() }
        #expect(error?.description.contains("docket ingest") ?? false)
        #expect(try handbook.ingest().hasBuilt)
        #expect(try handbook.searcher().documents() == ["a", "b"])
    }
}
