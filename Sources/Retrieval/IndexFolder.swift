import Foundation
import Storage

/// Where the index files of a database stand: `INDEXES/DATABASE-…`, so that databases can share a folder.
struct IndexFolder: Sendable {
    let database: Int
    let indexes: URL

    init(of database: Int, in indexes: URL) { (self.database, self.indexes) = (database, indexes) }

    func manifest(of generation: Int) -> URL {
        url(Self.generation(generation)).appending(path: "manifest.docketindex")
    }

    func files(of segment: SegmentName) -> SegmentFiles {
        SegmentFiles(folder: url(Self.segment(segment)), stamp: SegmentStamp(database: database, name: segment))
    }

    /// The model that a generation fitted to its pages.
    func latentModel(of generation: Int) -> URL { url(Self.latentModel(generation)).appending(path: "lsa.docketindex") }

    private func url(_ name: String) -> URL { indexes.appending(path: prefix + name, directoryHint: .isDirectory) }

    private var prefix: String { String(database, radix: 16) + "-" }
    private static func generation(_ number: Int) -> String { "\(number)" }
    private static func segment(_ name: SegmentName) -> String { "segment-\(name.generation).\(name.place)" }
    private static func latentModel(_ generation: Int) -> String { "lsa-\(generation)" }

    /// Removes all of the database's folders but those of some generations, with the segments that their manifests name; a
    /// process that has a file mapped keeps its mapping.
    ///
    /// - Returns: the names of the folders.
    @discardableResult
    func removeAll(but generations: [Int]) -> [String] {
        let kept = Set(generations.flatMap(names).map { prefix + $0 })
        let names = (try? FileManager.default.contentsOfDirectory(atPath: indexes.path)) ?? []
        let others = names.filter { $0.hasPrefix(prefix) && !kept.contains($0) }.sorted()
        for name in others { try? FileManager.default.removeItem(at: indexes.appending(path: name)) }
        return others
    }

    /// The folders of a generation; where its manifest cannot be read, nothing else of it can be used.
    private func names(of generation: Int) -> [String] {
        guard let manifest = try? GenerationManifest(opening: manifest(of: generation)) else {
            return [Self.generation(generation)]
        }
        return [Self.generation(generation)] + manifest.segments.map { Self.segment($0.name) }
            + (manifest.latentModel.map { [Self.latentModel($0.generation)] } ?? [])
    }
}

/// The files of a segment.
struct SegmentFiles: Sendable {
    let folder: URL
    let stamp: SegmentStamp

    var rows: URL { folder.appending(path: "rows.docketindex") }
    var vectors: URL { folder.appending(path: "vectors.docketindex") }
    var postings: URL { folder.appending(path: "postings.docketindex") }
    var all: [URL] { [rows, vectors, postings] }
}

/// What a segment's rows are marked with: those of another database may have the same bytes otherwise.
struct SegmentStamp: Codable, Equatable {
    let database: Int
    let name: SegmentName
}
