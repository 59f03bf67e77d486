package import Foundation
package import Storage

/// Puts a backup in the place of what a data directory holds, while searches go on.
///
/// The backup's index is built first, from the embeddings that are in it, so that no search finds none.
package struct Restoration {
    private let store: Store
    private let indexes: URL
    private let threadCount: Int

    /// What is served after a restoration.
    package struct Summary: Sendable, Equatable {
        package let counts: StoreCounts
        /// `nil` where the backup was made before any ingest.
        package let generation: Generation?
        /// Whether there is an index to search: not of a backup without chunks, or without an embedding of each.
        package let isSearchable: Bool
        /// Ids of pages that are in the backup and stay removed.
        package let removed: [String]
    }

    package init(of store: Store, in indexes: URL, threadCount: Int) {
        (self.store, self.indexes, self.threadCount) = (store, indexes, threadCount)
    }

    /// - Parameter undoesRemovals: brings back what was removed by name since the backup was made; otherwise that stays
    ///   removed.
    package func restore(_ backup: URL, undoesRemovals: Bool = false) throws -> Summary {
        let lock = try DatabaseLock(.ingest, besides: URL(filePath: store.path))
        defer { lock.release() }
        let folder = URL(filePath: store.path + ".restoring", directoryHint: .isDirectory)
        forgetInterrupted(folder)
        defer { try? FileManager.default.removeItem(at: folder) }
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw StorageError.unusable(path: folder.path, detail: reason(for: error))
        }
        let copy = try Store(copying: backup, in: folder)
        try copy.renewIdentity()
        if !undoesRemovals { try copy.keepRemoved(by: store) }
        let isSearchable = try writeIndex(of: copy)
        FailPoint.restoring.pass()
        let old = try store.servingState().identity
        let removed = try replaceContent(with: copy, undoesRemovals)
        FailPoint.restored.pass()
        IndexFolder(of: old, in: indexes).removeAll(but: [])
        return Summary(
            counts: try store.counts(), generation: try store.servingGeneration(), isSearchable: isSearchable,
            removed: removed)
    }

    /// No removal comes between what it keeps removed and the replacement.
    private func replaceContent(with copy: Store, _ undoesRemovals: Bool) throws -> [String] {
        let lock = try DatabaseLock(.switch, besides: URL(filePath: store.path))
        defer { lock.release() }
        let removed = undoesRemovals ? [] : try copy.keepRemoved(by: store)
        try store.replaceContent(with: copy)
        return removed
    }

    /// Removes what a restoration left that was killed: its copy of the backup, and the index that it built for it.
    private func forgetInterrupted(_ folder: URL) {
        if let copy = try? Store(in: folder, creating: false), let identity = try? copy.servingState().identity,
            (try? store.servingState().identity) != identity
        {
            IndexFolder(of: identity, in: indexes).removeAll(but: [])
        }
        try? FileManager.default.removeItem(at: folder)
    }

    private func writeIndex(of copy: Store) throws -> Bool {
        guard let (generation, fit) = try fitted(copy.servingGeneration(), in: copy),
            let dimension = try copy.embeddingDimension(ofGeneration: generation)
        else { return false }
        let identity = try copy.servingState().identity
        let folder = IndexFolder(of: identity, in: indexes)
        let name = SegmentName(generation: generation.id, place: 0)
        var lanes = LaneWriter(
            folder.files(of: name), dimension: dimension,
            rowCount: try copy.chunkIDs(ofGeneration: generation.id).count, fingerprint: generation.fingerprint,
            threadCount: threadCount)
        try copy.forEachChunk(ofGeneration: generation.id, fingerprint: generation.fingerprint) { chunk, vector in
            lanes.append(chunk, vector)
        }
        try lanes.finish()
        let manifest = GenerationManifest(
            database: identity, generation: generation.id, createdAt: generation.createdAt,
            fingerprint: generation.fingerprint, dimension: dimension,
            latentModel: try fit?.write(ofGeneration: generation.id, in: folder),
            segments: [try GenerationManifest.Segment(name, files: folder.files(of: name))])
        try manifest.write(to: folder.manifest(of: generation.id))
        return true
    }
}
