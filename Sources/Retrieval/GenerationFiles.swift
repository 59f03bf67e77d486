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

    /// Removes the folders of the database's other generations; a process that has a file of one mapped keeps its mapping.
    ///
    /// - Returns: the names of the folders.
    @discardableResult
    static func removeAll(but generations: [Int], database: Int, in indexes: URL) -> [String] {
        let kept = generations.map {
            GenerationFiles(of: $0, database: database, in: indexes).folder.lastPathComponent
        }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: indexes.path)) ?? []
        let others = names.filter { $0.hasPrefix(prefix(of: database)) && !kept.contains($0) }.sorted()
        for name in others { try? FileManager.default.removeItem(at: indexes.appending(path: name)) }
        return others
    }

    private static func prefix(of database: Int) -> String { String(database, radix: 16) + "-" }
}
