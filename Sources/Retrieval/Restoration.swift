package import Foundation
package import Storage

/// Puts a backup in the place of what a data directory holds, while searches go on.
///
/// The backup's index is built first, from the embeddings that are in it, so that no search finds none.
package struct Restoration {
    private let store: Store
    private let indexes: URL
    private let audiences: AudienceOrder
    private let threadCount: Int

    /// What is served after a restoration.
    package struct Summary: Sendable, Equatable {
        package let counts: StoreCounts
        /// `nil` where the backup was made before any ingest.
        package let generation: Generation?
        /// Whether there is an index to search: not of a backup without chunks, or without an embedding of each.
        package let isSearchable: Bool
        /// Pages that are in the backup and that nobody is shown.
        package let kept: KeptRemovals
    }

    package init(of store: Store, in indexes: URL, audiences: AudienceOrder, threadCount: Int) {
        (self.store, self.indexes, self.audiences, self.threadCount) = (store, indexes, audiences, threadCount)
    }

    /// - Parameter undoesRemovals: brings back what was removed by name, or narrowed to fewer readers, since the backup was
    ///   made; otherwise the one stays removed, and the other is shown to nobody until an ingest has read it.
    package func restore(_ backup: URL, undoesRemovals: Bool = false) throws -> Summary {
        let lock = try DatabaseLock(.ingest, besides: URL(filePath: store.path))
        defer { lock.release() }
        let folder = Self.folder(of: store)
        Self.forgetInterrupted(of: store, in: indexes)
        defer { try? FileManager.default.removeItem(at: folder) }
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw StorageError.unusable(path: folder.path, detail: reason(for: error))
        }
        let copy = try Store(copying: backup, in: folder)
        try copy.renewIdentity()
        var kept = undoesRemovals ? KeptRemovals() : try keepRemoved(copy)
        let isSearchable = try writeIndex(of: copy)
        FailPoint.restoring.pass()
        let old = try store.servingState().identity
        try Data("\(old)".utf8).write(to: Self.replaced(in: folder))
        kept.append(try replaceContent(with: copy, undoesRemovals))
        FailPoint.restored.pass()
        IndexFolder(of: old, in: indexes).removeAll(but: [])
        return Summary(
            counts: try store.counts(), generation: try store.servingGeneration(), isSearchable: isSearchable,
            kept: kept)
    }

    private func keepRemoved(_ copy: Store) throws -> KeptRemovals {
        try copy.keepRemoved(by: store) { audiences.isNarrower($0, than: $1) }
    }

    /// No removal comes between what it keeps removed and the replacement.
    private func replaceContent(with copy: Store, _ undoesRemovals: Bool) throws -> KeptRemovals {
        let lock = try DatabaseLock(.switch, besides: URL(filePath: store.path))
        defer { lock.release() }
        let kept = undoesRemovals ? KeptRemovals() : try keepRemoved(copy)
        try store.replaceContent(with: copy)
        return kept
    }

    /// Where the backup is copied to.
    private static func folder(of store: Store) -> URL {
        URL(filePath: store.path + ".restoring", directoryHint: .isDirectory)
    }

    /// Holds the identity of the content that is about to be replaced.
    private static func replaced(in folder: URL) -> URL { folder.appending(path: "replaced") }

    /// Removes what a restoration left that was killed: its copy of the backup, and the index that it built for it, or that
    /// of the content that it replaced.
    ///
    /// - Returns: the names of the indexes' folders.
    @discardableResult
    static func forgetInterrupted(of store: Store, in indexes: URL) -> [String] {
        let folder = folder(of: store)
        guard FileManager.default.fileExists(atPath: folder.path) else { return [] }
        defer { try? FileManager.default.removeItem(at: folder) }
        guard let serving = try? store.servingState().identity else { return [] }
        var identities: [Int] = []
        // A copy that is a backup still has the identity of the database that it was made of, which may have an index here.
        if let copy = try? Store(in: folder, creating: false), (try? copy.isBackup()) == false {
            if let identity = try? copy.servingState().identity { identities.append(identity) }
        }
        if let text = try? String(contentsOf: replaced(in: folder), encoding: .utf8), let old = Int(text) {
            identities.append(old)
        }
        return identities.filter { $0 != serving }.flatMap { IndexFolder(of: $0, in: indexes).removeAll(but: []) }
    }

    private func writeIndex(of copy: Store) throws -> Bool {
        guard let (generation, fit) = try fitted(copy.servingGeneration(), in: copy) else { return false }
        let identity = try copy.servingState().identity
        let folder = IndexFolder(of: identity, in: indexes)
        guard try !copy.chunkIDs(ofGeneration: generation.id).isEmpty else {
            // Of no vectors any dimension is right.
            try writeManifest(of: generation, fit, [], dimension: 1, identity, folder)
            return true
        }
        guard let dimension = try copy.embeddingDimension(ofGeneration: generation) else { return false }
        let name = SegmentName(generation: generation.id, place: 0)
        var lanes = LaneWriter(
            folder.files(of: name), dimension: dimension,
            rowCount: try copy.chunkIDs(ofGeneration: generation.id).count, fingerprint: generation.fingerprint,
            threadCount: threadCount)
        try copy.forEachChunk(ofGeneration: generation.id, fingerprint: generation.fingerprint) { chunk, vector in
            lanes.append(chunk, vector)
        }
        try lanes.finish()
        let segment = try GenerationManifest.Segment(name, files: folder.files(of: name))
        try writeManifest(of: generation, fit, [segment], dimension: dimension, identity, folder)
        return true
    }

    private func writeManifest(
        of generation: Generation, _ fit: LatentEmbedder?, _ segments: [GenerationManifest.Segment], dimension: Int,
        _ identity: Int, _ folder: IndexFolder
    ) throws {
        let manifest = GenerationManifest(
            database: identity, generation: generation.id, createdAt: generation.createdAt,
            fingerprint: generation.fingerprint, dimension: dimension,
            latentModel: try fit?.write(ofGeneration: generation.id, in: folder), segments: segments)
        try manifest.write(to: folder.manifest(of: generation.id))
    }
}
