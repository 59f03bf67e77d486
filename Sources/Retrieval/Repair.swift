import Documents
package import Foundation
import Storage

/// What a repair did.
package struct RepairSummary: Sendable, Equatable {
    /// Pages whose chunks were cut anew from their bytes.
    package var recut: [String] = []
    /// Embeddings that were deleted, to be made anew.
    package var embeddings = 0
    /// The generation that was built, with the reason.
    package var generation: Int?
    package var reason: String?
    /// Folders of indexes that nothing names.
    package var removedFolders: [String] = []
    /// What is wrong still.
    package var left: [Discrepancy] = []

    package init() {}
}

extension Ingester {
    /// Mends from the database what can be mended, and says what is left.
    ///
    /// Chunks are cut anew from their pages' bytes, embeddings that are no vectors made anew, and the index is built anew
    /// where it does not agree with them. Searches go on meanwhile.
    package func repair(
        at time: Date = Date(), progress: @escaping (VerificationProgress) -> Void
    ) throws -> RepairSummary {
        let lock = try DatabaseLock(.ingest, besides: URL(filePath: store.path))
        defer { lock.release() }
        var summary = RepairSummary()
        var found = Verification(of: store, in: indexes, report: progress)
        try found.run()
        try recut(found.misread, &summary)
        if let serving = try store.servingGeneration(), !found.misembedded.isEmpty {
            try store.forgetEmbeddings(ofTexts: found.misembedded, fingerprint: serving.fingerprint)
            summary.embeddings = found.misembedded.count
        }
        let reasons = found.discrepancies.filter { $0.part != .database && $0.part != .drafts }
        if let first = reasons.first {
            let embedder = try fittedEmbedder()
            try checkModel(changingModel: false)
            let builder = GenerationBuilder(
                store: store, embedder: embedder, indexes: indexes, threadCount: threadCount, report: report)
            let unembedded = try store.unembeddedChunks(
                fingerprint: embedder.fingerprint, dimension: embedder.dimension)
            summary.generation = try builder.build(onto: nil, embedding: unembedded, at: time).generation
            summary.reason = first.message
            // Nothing is to be rolled back to them.
            try store.discard(found.misread)
        }
        let state = try store.servingState()
        summary.removedFolders = IndexFolder(of: state.identity, in: indexes).removeAll(
            but: try store.servableGenerations().map(\.id))
        summary.left = try Verification.discrepancies(of: store, in: indexes, report: progress)
        return summary
    }

    private func recut(_ documents: [StoredDocument], _ summary: inout RepairSummary) throws {
        for old in documents {
            let bytes = try store.bytes(of: old)
            let document = try Document(parsing: bytes, path: old.path)
            let page = DocumentToStore(cutting: document, bytes, source: old.source, audience: old.audience)
            // An older revision goes with the generation that shows it; the newest is the page.
            guard try store.currentDocuments().contains(where: { $0.key == old.key }) else { continue }
            try store.store(page, replacing: old, narrowsAudience: false)
            summary.recut.append(old.id)
        }
    }
}
