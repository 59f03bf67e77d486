import Foundation
import TestSupport
import Testing

/// The rooms and what each may import: the table of `docs/ARCHITECTURE.md`. SwiftPM does not catch an import of a target
/// that is only a dependency's dependency; these tests do.
private let rooms: [String: Set<String>] = [
    "LinearAlgebra": ["CBLAS", "CLAPACKE"],
    "IndexFiles": ["Crypto"],
    "VectorSearch": ["LinearAlgebra", "CKernels", "IndexFiles"],
    "LexicalSearch": ["CStemmer", "IndexFiles"],
    "TextEmbedding": ["LinearAlgebra", "CKernels", "IndexFiles"],
    "Endpoints": ["AsyncHTTPClient", "NIOCore", "NIOHTTP1", "NIOPosix"],
    "Documents": ["CMarkGFM", "Crypto", "Yams"],
    "Tickets": [],
    "Storage": ["Documents", "Tickets", "Crypto", "GRDB"],
    "Retrieval": [
        "Documents", "Storage", "VectorSearch", "LexicalSearch", "TextEmbedding", "LinearAlgebra", "IndexFiles",
        "Endpoints",
    ],
    "Answering": ["Tickets", "Storage", "Retrieval", "Documents", "LexicalSearch", "LinearAlgebra"],
    "Configuration": ["Yams"],
    "docket": [
        "LinearAlgebra", "IndexFiles", "VectorSearch", "TextEmbedding", "Documents", "Tickets", "Storage",
        "Retrieval", "Answering", "Configuration", "Endpoints", "ArgumentParser",
    ],
]
/// What any room may import.
private let everywhere: Set<String> = ["Foundation", "Synchronization", "Dispatch"]

struct SourceFile: CustomTestStringConvertible {
    let room: String
    let url: URL
    let text: String

    var testDescription: String { "\(room)/\(url.lastPathComponent)" }

    /// The modules that the file imports, whatever the access or attributes of the import.
    var imports: [String] {
        text.split(separator: "\n").compactMap { line in
            let match = line.firstMatch(
                of:
                    /^\s*(?:@\w+\s+)*(?:(?:package|internal|private|fileprivate|public)\s+)?import\s+(?:(?:struct|class|enum|func|protocol|var|let|typealias)\s+)?(\w+)/
            )
            return match.map { String($0.1) }
        }
    }

    static let all: [SourceFile] = {
        let sources = Repository.root.appending(path: "Sources")
        let paths = (try? FileManager.default.subpathsOfDirectory(atPath: sources.path)) ?? []
        return paths.sorted().filter { $0.hasSuffix(".swift") }.compactMap { path in
            let url = sources.appending(path: path)
            let room = String(path.prefix { $0 != "/" })
            return (try? String(contentsOf: url, encoding: .utf8)).map { SourceFile(room: room, url: url, text: $0) }
        }
    }()
}

@Test func everyRoomIsInTheTable() {
    #expect(!SourceFile.all.isEmpty)
    #expect(Set(SourceFile.all.map(\.room)) == Set(rooms.keys))
}

@Test(arguments: SourceFile.all) func aRoomImportsOnlyWhatItsRowAllows(_ file: SourceFile) {
    let allowed = rooms[file.room, default: []].union(everywhere)
    #expect(file.imports.filter { !allowed.contains($0) } == [])
}

@Test(arguments: ["", "package ", "@preconcurrency package ", "fileprivate "])
func importsAreFoundWhateverStandsBeforeThem(_ prefix: String) {
    let file = SourceFile(room: "X", url: URL(filePath: "/x.swift"), text: "let a = 1\n\(prefix)import GRDB\n")
    #expect(file.imports == ["GRDB"])
}

/// What the manifest declares and no file of the room imports is dead weight.
@Test(arguments: rooms.keys.sorted()) func everyRowIsUsed(_ room: String) {
    let imported = Set(SourceFile.all.filter { $0.room == room }.flatMap(\.imports))
    #expect(rooms[room, default: []].subtracting(imported) == [])
}
