import Foundation
import Storage

/// Where the files of a generation stand: `INDEXES/DATABASE-GENERATION/`, so that databases can share a folder.
struct GenerationFiles: Sendable {
    let folder: URL

    init(of generation: Int, database: Int, in indexes: URL) {
        folder = indexes.appending(path: Self.prefix(of: database) + "\(generation)", directoryHint: .isDirectory)
    }

    var rows: URL { folder.appending(path: "rows.docketindex") }
    var vectors: URL { folder.appending(path: "vectors.docketindex") }
    var postings: URL { folder.appending(path: "postings.docketindex") }

    /// Removes the database's other folders; a process that has a file of one mapped keeps its mapping.
    func removeOthers(database: Int) {
        let indexes = folder.deletingLastPathComponent()
        let names = (try? FileManager.default.contentsOfDirectory(atPath: indexes.path)) ?? []
        for name in names where name.hasPrefix(Self.prefix(of: database)) && name != folder.lastPathComponent {
            try? FileManager.default.removeItem(at: indexes.appending(path: name))
        }
    }

    private static func prefix(of database: Int) -> String { String(database, radix: 16) + "-" }
}
