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
    /// Only where the vectors are of latent semantic analysis.
    var latentModel: URL { folder.appending(path: "lsa.docketindex") }
    var postings: URL { folder.appending(path: "postings.docketindex") }

    /// Removes the database's other folders but the last generation's, which a process may be about to open; one that
    /// has a file of another mapped keeps its mapping.
    static func removeAll(but generation: Int, database: Int, in indexes: URL) {
        let kept = [generation - 1, generation].map {
            GenerationFiles(of: $0, database: database, in: indexes).folder.lastPathComponent
        }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: indexes.path)) ?? []
        for name in names where name.hasPrefix(prefix(of: database)) && !kept.contains(name) {
            try? FileManager.default.removeItem(at: indexes.appending(path: name))
        }
    }

    private static func prefix(of database: Int) -> String { String(database, radix: 16) + "-" }
}
