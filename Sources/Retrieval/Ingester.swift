import Documents
package import Foundation
import LexicalSearch
package import Storage
import Synchronization

/// Brings the database and the index up to date with folders of pages.
package struct Ingester {
    let store: Store
    let embedder: Embedder
    let indexes: URL
    let audiences: AudienceOrder
    let threadCount: Int
    let report: (IngestProgress) -> Void
    private let memory = IngestMemory()

    /// - Parameters:
    ///   - threadCount: for the index; the embedder has its own.
    ///   - report: called with what is being done, for a progress line.
    package init(
        store: Store, embedder: Embedder, indexes: URL, audiences: AudienceOrder, threadCount: Int = 1,
        report: @escaping (IngestProgress) -> Void
    ) {
        self.store = store
        self.embedder = embedder
        self.indexes = indexes
        self.audiences = audiences
        self.threadCount = threadCount
        self.report = report
    }

    /// Ingests `roots`, or what was named to earlier runs where there are none.
    ///
    /// A page that cannot be read is reported and keeps its last good revision; the rest goes on. A page that is gone
    /// from its folder is out of every search before the index is rebuilt. Running again changes nothing.
    ///
    /// - Parameter changingModel: embeds everything anew when the index was built with another model, which is
    ///   otherwise refused with `RetrievalError.otherModel`.
    package func ingest(_ roots: [URL], changingModel: Bool = false, at time: Date = Date()) throws -> IngestSummary {
        let start = ContinuousClock.now
        let lock = try DatabaseLock(.ingest, besides: URL(filePath: store.path))
        defer { lock.release() }
        try checkModel(changingModel: changingModel)
        let uncut = try cutAgain()
        var update = try PageUpdate(of: roots, in: store, audiences: audiences, report: report)
        try update.run()
        var summary = update.summary
        summary.errors += uncut
        summary.generation = try store.servingState().generation
        let embedder = try fittedEmbedder()
        let isOther = try isOther(embedder)
        let base = isOther ? nil : try soundBase()
        let unembedded = try unembeddedChunks(of: embedder, base)
        // Where an embedding is lost that the index was built from, a later build would miss it.
        if try base == nil || store.hasPendingChanges() || !unembedded.isEmpty {
            let builder = GenerationBuilder(
                store: store, embedder: embedder, indexes: indexes, threadCount: threadCount, report: report)
            let result = try builder.build(onto: base, embedding: unembedded, at: time)
            summary.generation = result.generation
            summary.embedded = result.embeddedCount
            summary.hasBuilt = true
            try forgetOldFits(but: embedder)
        }
        summary.chunks = try store.currentChunkCount()
        summary.reused = summary.hasBuilt ? summary.chunks - summary.embedded : 0
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

    /// Of all current chunks; of those behind the base's where an earlier run has seen the others'.
    private func unembeddedChunks(of embedder: Embedder, _ base: IndexBase?) throws -> [UnembeddedChunk] {
        let hasSeenOthers = memory.hasSeenEmbeddings.exchange(true, ordering: .relaxed)
        return try store.unembeddedChunks(
            fingerprint: embedder.fingerprint, dimension: embedder.dimension,
            behind: hasSeenOthers ? base?.lastChunk ?? 0 : 0)
    }

    /// The serving generation's segments, where there are some and nothing is wrong with them.
    private func soundBase() throws -> IndexBase? {
        do {
            let snapshot = try IndexSnapshot(of: store, in: indexes, sharing: memory.segments)
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
            } catch let error as StorageError {
                guard case .corruptRecord = error else { throw error }
                failures.append(PageFailure(path: old.path, line: nil, message: error.description))
            }
        }
        try store.setChunkerVersion(Chunker.version)
        return failures
    }
}
