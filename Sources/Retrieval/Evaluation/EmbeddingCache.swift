import Foundation
import IndexFiles
import LinearAlgebra
import TextEmbedding

/// The embeddings of one run's texts, kept for the next: a text that was embedded before is not embedded again, wherever
/// it now stands.
///
/// A folder belongs to one model, one role and one list of texts that changes from run to run; it is left with what the
/// last run used, and nothing else.
struct EmbeddingCache {
    /// Texts of one file: what an interrupted run has to embed again at most.
    static let partTextCount = 512

    static let fileExtension = ".docketindex"

    private let folder: URL
    private let embedder: Embedder
    private let role: TextEncoder.Role

    /// - Parameter folder: made where it is missing.
    init(in folder: URL, embedder: Embedder, role: TextEncoder.Role) {
        self.folder = folder
        self.embedder = embedder
        self.role = role
    }

    /// What a file is read by, beside its blocks `texts` (XXH64 of each) and `vectors` (`[texts, dimension]`).
    private struct Facts: Codable, Equatable {
        let dimension: Int
        let fingerprint: String
    }

    /// The fingerprints of the models whose embeddings are kept in the folders of `cache`.
    static func fingerprints(in cache: URL) -> [String] {
        let paths = (try? FileManager.default.subpathsOfDirectory(atPath: cache.path)) ?? []
        let facts = paths.filter { $0.hasSuffix(fileExtension) }.compactMap { path in
            try? IndexFile(opening: cache.appending(path: path), kind: .vectors).value(of: "facts", as: Facts.self)
        }
        return Set(facts.map(\.fingerprint)).sorted()
    }

    private var facts: Facts { Facts(dimension: embedder.dimension, fingerprint: embedder.fingerprint) }

    /// `[texts, dimension]`, the same bits in every run that finds them.
    ///
    /// - Parameter report: called with how many texts of how many have their embedding.
    func embeddings(of texts: [String], report: (_ done: Int, _ total: Int) -> Void) throws -> Matrix {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let keys = texts.map { checksum(of: Array($0.utf8)) }
        var (known, sound) = kept()
        var seen: Set<UInt64> = []
        let distinct = keys.indices.filter { seen.insert(keys[$0]).inserted }
        let missing = distinct.filter { known[keys[$0]] == nil }
        for start in stride(from: 0, to: missing.count, by: Self.partTextCount) {
            report(texts.count - missing.count + start, texts.count)
            let part = missing[start..<min(start + Self.partTextCount, missing.count)]
            let vectors = try embedder.embeddings(of: part.map { texts[$0] }, as: role)
            for (row, place) in part.enumerated() { known[keys[place]] = Array(vectors[row: row]) }
            sound.insert(try write(part.map { keys[$0] }, known))
        }
        report(texts.count, texts.count)
        try keepOnly(distinct.map { keys[$0] }, known, sound: sound)
        return Matrix(
            rowCount: texts.count, columnCount: embedder.dimension, values: keys.flatMap { known[$0] ?? [] })
    }

    /// The vectors of all files that can be read, and the names of those.
    private func kept() -> (known: [UInt64: [Float]], sound: Set<String>) {
        var (known, sound): ([UInt64: [Float]], Set<String>) = ([:], [])
        for name in names {
            guard let file = try? IndexFile(opening: folder.appending(path: name), kind: .vectors),
                (try? file.value(of: "facts", as: Facts.self)) == facts,
                let keys = try? file.elements(of: "texts", as: UInt64.self),
                let vectors = try? file.elements(
                    of: "vectors", as: Float.self, count: keys.count * embedder.dimension)
            else { continue }
            let values = Array(vectors)
            for (row, key) in keys.enumerated() {
                known[key] = Array(values[row * embedder.dimension..<(row + 1) * embedder.dimension])
            }
            sound.insert(name)
        }
        return (known, sound)
    }

    private var names: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
    }

    /// Writes what the next run will ask for first, where that is not there, and removes every other file.
    private func keepOnly(_ keys: [UInt64], _ known: [UInt64: [Float]], sound: Set<String>) throws {
        var kept: Set<String> = []
        for start in stride(from: 0, to: keys.count, by: Self.partTextCount) {
            let part = Array(keys[start..<min(start + Self.partTextCount, keys.count)])
            kept.insert(sound.contains(name(of: part)) ? name(of: part) : try write(part, known))
        }
        // What another run is just writing has a name that ends otherwise.
        for name in names where name.hasSuffix(Self.fileExtension) && !kept.contains(name) {
            try? FileManager.default.removeItem(at: folder.appending(path: name))
        }
    }

    private func write(_ keys: [UInt64], _ known: [UInt64: [Float]]) throws -> String {
        let name = name(of: keys)
        let writer = try IndexFileWriter(creating: folder.appending(path: name), kind: .vectors)
        try writer.append(json: facts, as: "facts")
        try writer.append(keys, as: "texts")
        try writer.append(keys.flatMap { known[$0] ?? [] }, as: "vectors")
        try writer.finish()
        return name
    }

    private func name(of keys: [UInt64]) -> String { String(checksum(of: keys), radix: 16) + Self.fileExtension }
}
