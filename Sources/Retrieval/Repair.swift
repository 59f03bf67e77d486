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
    /// Generations that cannot be rolled back to any more.
    package var forgotten: [Int] = []
    /// What was done to records that follow from others, in words.
    package var records: [String] = []
    /// Folders of indexes that nothing names.
    package var removedFolders: [String] = []
    /// What is wrong still.
    package var left: [Discrepancy] = []

    package init() {}
}

extension Ingester {
    /// How often a repair looks again: what is read wrongly may hide more.
    private static let roundCountMax = 4

    /// Mends from the database what can be mended, and says what is left.
    ///
    /// Chunks are cut anew from their pages' bytes, embeddings that are no vectors made anew, and the index is built anew
    /// where it does not agree with them. What cannot be mended is left as it is. Searches go on meanwhile.
    package func repair(
        at time: Date = Date(), progress: @escaping (VerificationProgress) -> Void
    ) throws -> RepairSummary {
        let lock = try DatabaseLock(.ingest, besides: URL(filePath: store.path))
        defer { lock.release() }
        var summary = RepairSummary()
        var found = Verification(of: store, in: indexes, report: progress)
        try found.run()
        for _ in 1...Self.roundCountMax {
            guard try mend(found.damage, at: time, &summary) else { break }
            found = Verification(of: store, in: indexes, report: progress)
            try found.run()
        }
        summary.removedFolders = Restoration.forgetInterrupted(of: store, in: indexes)
        if let state = try? store.servingState(), let servable = try? store.servableGenerations() {
            summary.removedFolders += IndexFolder(of: state.identity, in: indexes).removeAll(but: servable.map(\.id))
        }
        summary.left = found.discrepancies
        return summary
    }

    /// - Returns: whether anything was done.
    private func mend(_ damage: Damage, at time: Date, _ summary: inout RepairSummary) throws -> Bool {
        let before = summary
        let record = try mendRecords(damage, &summary)
        if damage.isOfFile { return summary != before }
        let stale = try recut(damage.pages, &summary)
        if let serving = try store.servingGeneration(), !damage.texts.isEmpty {
            try store.forgetEmbeddings(ofTexts: damage.texts, fingerprint: serving.fingerprint)
            summary.embeddings += damage.texts.count
        }
        try store.forget(generations: damage.generations)
        summary.forgotten += damage.generations
        let page = stale.first.map { "\($0.id) was cut anew" }
        if let reason = damage.index ?? page ?? record {
            summary.generation = try build(at: time)
            summary.reason = summary.reason ?? reason
        }
        // Nothing is to be rolled back to them.
        try store.delete(stale)
        return summary != before
    }

    /// - Returns: why the index has to be built anew for it.
    private func mendRecords(_ damage: Damage, _ summary: inout RepairSummary) throws -> String? {
        var reason: String?
        if damage.isOfFile, try store.rebuildIndexes() { summary.records.append("SQLite's indexes were made anew") }
        if damage.isOfSettings {
            let names = try store.mendSettings()
            if !names.isEmpty { summary.records.append("settings set anew: \(names.joined(separator: ", "))") }
        }
        if damage.hasStrays {
            let (count, pageCount) = try store.deleteStrays()
            if count > 0 { summary.records.append("\(count) records that nothing uses were deleted") }
            if pageCount > 0 { reason = "records of removed pages were deleted" }
        }
        if !damage.drafts.isEmpty {
            try store.mendCitations(ofDrafts: damage.drafts)
            summary.records.append("the citations of \(damage.drafts.count) drafts were kept anew")
        }
        return reason
    }

    private func build(at time: Date) throws -> Int {
        let embedder = try fittedEmbedder()
        try checkModel(changingModel: false)
        let builder = GenerationBuilder(
            store: store, embedder: embedder, indexes: indexes, threadCount: threadCount, report: report)
        return try builder.build(onto: nil, at: time).generation
    }

    /// Cuts pages anew from their bytes. One whose bytes are damaged or refused stays as it is.
    ///
    /// - Returns: the revisions that nobody should see once the next generation is served.
    private func recut(_ damaged: [StoredDocument], _ summary: inout RepairSummary) throws -> [StoredDocument] {
        var stale: [StoredDocument] = []
        let current = try store.keptDocuments().currentKeys
        for old in damaged {
            // An older revision goes; the newest is the page.
            guard current.contains(old.key) else {
                stale.append(old)
                continue
            }
            do {
                let bytes = try store.bytes(of: old)
                let document = try Document(parsing: bytes, path: old.path)
                let audience = audience(of: document, storedAs: old.audience)
                let page = DocumentToStore(cutting: document, bytes, source: old.source, audience: audience)
                try store.store(
                    page, replacing: old, narrowsAudience: audiences.isNarrower(audience, than: old.audience))
                summary.recut.append(document.id)
                stale.append(old)
            } catch is DocumentError {
                continue
            } catch let error as StorageError {
                // Its bytes are damaged, another page has its id, or it was removed meanwhile.
                guard error.isOfDamage || error.isOfRefusal else { throw error }
            }
        }
        return stale
    }

    /// What the page says, as an ingest reads it, where that is an audience.
    private func audience(of document: Document, storedAs stored: String) -> String {
        let audience = document.frontMatter.audience ?? audiences.defaultAudience
        return audiences.contains(audience) ? audience : stored
    }
}

extension StorageError {
    fileprivate var isOfRefusal: Bool {
        switch self {
        case .duplicateDocument, .removedPage: true
        default: false
        }
    }
}
