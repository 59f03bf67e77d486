import Documents
package import Foundation
import LexicalSearch
package import Storage

/// Brings the database and the index up to date with folders of pages.
package struct Ingester {
    let store: Store
    let embedder: Embedder
    let indexes: URL
    let audiences: AudienceOrder
    let threadCount: Int
    private let settledSeconds: Double
    let report: (IngestProgress) -> Void
    /// What one run opens the next need not open again.
    private let segments = OpenSegments()

    /// - Parameters:
    ///   - threadCount: for the index; the embedder has its own.
    ///   - settledSeconds: for how long a file has to be left alone before it is read, so that what it is like then stands
    ///     for its content later.
    ///   - report: called with what is being done, for a progress line.
    package init(
        store: Store, embedder: Embedder, indexes: URL, audiences: AudienceOrder, threadCount: Int = 1,
        settledSeconds: Double = ReadStamps.settledSeconds, report: @escaping (IngestProgress) -> Void
    ) {
        self.store = store
        self.embedder = embedder
        self.indexes = indexes
        self.audiences = audiences
        self.threadCount = threadCount
        self.settledSeconds = settledSeconds
        self.report = report
    }

    /// Ingests `roots`, or what was named to earlier runs where there are none.
    ///
    /// A page that cannot be read is reported and keeps its last good revision; the rest goes on. A page that is gone
    /// from its folder is out of every search before the index is rebuilt. Running again changes nothing.
    ///
    /// - Parameters:
    ///   - changingModel: embeds everything anew when the index was built with another model, which is otherwise refused
    ///     with `RetrievalError.otherModel`.
    ///   - readsAll: reads also the files that are as they were when they were read last, by their stamps.
    package func ingest(
        _ roots: [URL], changingModel: Bool = false, readsAll: Bool = false, at time: Date = Date()
    ) throws -> IngestSummary {
        let start = ContinuousClock.now
        let lock = try DatabaseLock(.ingest, besides: URL(filePath: store.path))
        defer { lock.release() }
        try checkModel(changingModel: changingModel)
        let uncut = try cutAgain()
        var update = try PageUpdate(
            of: roots, in: store, audiences: audiences, readsAll: readsAll, settledSeconds: settledSeconds,
            report: report)
        try update.run()
        var summary = update.summary
        summary.errors += uncut
        summary.generation = try store.servingState().generation
        let embedder = try fittedEmbedder()
        let isOther = try isOther(embedder)
        let base = isOther ? nil : try soundBase()
        if try base == nil || store.hasPendingChanges() {
            let builder = GenerationBuilder(
                store: store, embedder: embedder, indexes: indexes, threadCount: threadCount, report: report)
            let result = try builder.build(onto: base, at: time)
            summary.generation = result.generation
            summary.embedded = result.embeddedCount
            summary.reused = result.reusedCount
            summary.hasBuilt = true
            if base == nil, !isOther { try forgetUnusable(but: result.generation) }
            try forgetOldFits(but: embedder)
        }
        summary.chunks = try store.currentChunkCount()
        summary.seconds = (ContinuousClock.now - start) / .seconds(1)
        return summary
    }

    /// Brings the pages up to date, and not the index: what is gone, or for fewer readers now, leaves every search, and
    /// what is new waits for an ingest.
    package static func updatePages(
        of roots: [URL], in store: Store, audiences: AudienceOrder, report: @escaping (IngestProgress) -> Void
    ) throws {
        let lock = try DatabaseLock(.ingest, besides: URL(filePath: store.path))
        defer { lock.release() }
        var update = try PageUpdate(of: roots, in: store, audiences: audiences, report: report)
        try update.run()
    }

    func checkModel(changingModel: Bool) throws {
        guard !changingModel, let serving = try store.servingGeneration(), !embedder.isKin(of: serving.fingerprint)
        else { return }
        throw RetrievalError.otherModel(got: embedder.fingerprint, expected: serving.fingerprint)
    }

    /// Whether the serving generation's vectors are of another embedder, or of another fit.
    private func isOther(_ embedder: Embedder) throws -> Bool {
        guard let serving = try store.servingGeneration() else { return false }
        return serving.fingerprint != embedder.fingerprint
    }

    /// The serving generation's segments, where there are some and nothing is wrong with them.
    private func soundBase() throws -> IndexBase? {
        do {
            let snapshot = try IndexSnapshot(of: store, in: indexes, sharing: segments)
            try snapshot.check()
            guard snapshot.lanes.lexical.options == LexicalOptions() else { return nil }
            return IndexBase(manifest: snapshot.manifest, segments: snapshot.segments)
        } catch RetrievalError.unusableIndex(let detail) {
            report(.rebuilding(reason: detail))
            return nil
        } catch RetrievalError.nothingIngested {
            return nil
        }
    }

    /// A generation whose index is damaged cannot be rolled back to.
    private func forgetUnusable(but serving: Int) throws {
        let unusable = try store.servableGenerations().map(\.id).filter { id in
            guard id != serving else { return false }
            do {
                try IndexSnapshot(of: store, in: indexes, generation: id).check()
                return false
            } catch RetrievalError.unusableIndex {
                return true
            } catch let error as StorageError {
                guard error.isOfDamage else { throw error }
                return true
            }
        }
        try store.forget(generations: unusable)
    }

    /// Cuts every stored page anew where an older chunker did it; the bytes are in the database.
    ///
    /// Returns the pages that this program's parsers refuse, or whose bytes are damaged: they keep their chunks.
    private func cutAgain() throws -> [PageFailure] {
        guard try store.chunkerVersion() != Chunker.version else { return [] }
        var failures: [PageFailure] = []
        for old in try store.currentDocuments() {
            do {
                guard let bytes = try store.bytes(ofRevision: old.revision) else { continue }
                let document = try Document(parsing: bytes, path: old.path)
                let page = DocumentToStore(cutting: document, bytes, source: old.source, audience: old.audience)
                try store.store(page, replacing: old, narrowsAudience: false)
            } catch let error as DocumentError {
                failures.append(PageFailure(path: old.path, line: error.line, message: error.message))
            } catch StorageError.removedPage {
                continue
            } catch let error as StorageError {
                guard case .corruptRecord = error else { throw error }
                failures.append(PageFailure(path: old.path, line: nil, message: error.description))
            }
        }
        try store.setChunkerVersion(Chunker.version)
        return failures
    }
}
