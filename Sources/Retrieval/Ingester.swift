import Documents
package import Foundation
package import Storage
package import TextEmbedding

/// Brings the database and the index up to date with folders of pages.
package struct Ingester {
    let store: Store
    let encoder: TextEncoder
    let indexes: URL
    let audiences: AudienceOrder
    let report: (IngestProgress) -> Void

    /// - Parameter report: called with what is being done, for a progress line.
    package init(
        store: Store, encoder: TextEncoder, indexes: URL, audiences: AudienceOrder,
        report: @escaping (IngestProgress) -> Void
    ) {
        self.store = store
        self.encoder = encoder
        self.indexes = indexes
        self.audiences = audiences
        self.report = report
    }

    /// Ingests `roots`, or every folder ingested before where there are none.
    ///
    /// A page that cannot be read is reported and keeps its last good revision; the rest goes on. A page that is gone
    /// from its folder is out of every search before the index is rebuilt. Running again changes nothing.
    ///
    /// - Parameter changingModel: embeds everything anew when the index was built with another model, which is
    ///   otherwise refused with `RetrievalError.otherModel`.
    package func ingest(_ roots: [URL], changingModel: Bool = false, at time: Date = Date()) throws -> IngestSummary {
        let start = ContinuousClock.now
        let lock = try IngestLock(besides: URL(filePath: store.path))
        defer { lock.release() }
        let isOtherModel = try checkModel(changingModel: changingModel)
        var summary = IngestSummary()
        try cutAgain()
        let current = try store.currentDocuments()
        for source in try PageSource.sources(for: roots, known: Set(current.map(\.source))) {
            try update(from: source, current: current.filter { $0.source == source.root.path }, &summary)
        }
        summary.generation = try store.servingState().generation
        if try isOtherModel || store.hasPendingChanges() || !isIndexSound() {
            let builder = GenerationBuilder(store: store, encoder: encoder, indexes: indexes, report: report)
            let result = try builder.build(at: time)
            summary.generation = result.generation
            summary.embedded = result.embeddedCount
            summary.hasBuilt = true
        }
        summary.chunks = try store.counts().chunks
        summary.reused = summary.hasBuilt ? summary.chunks - summary.embedded : 0
        summary.seconds = (ContinuousClock.now - start) / .seconds(1)
        return summary
    }

    private func checkModel(changingModel: Bool) throws -> Bool {
        guard let serving = try store.servingGeneration() else { return false }
        let own = encoder.fingerprint.key
        guard serving.fingerprint != own else { return false }
        guard changingModel else { throw RetrievalError.otherModel(got: own, expected: serving.fingerprint) }
        return true
    }

    private func isIndexSound() throws -> Bool {
        do {
            _ = try IndexSnapshot(of: store, in: indexes)
            return true
        } catch RetrievalError.unusableIndex(let detail) {
            report(.rebuilding(reason: detail))
            return false
        } catch RetrievalError.nothingIngested {
            return false
        }
    }

    private func update(from source: PageSource, current: [StoredDocument], _ summary: inout IngestSummary) throws {
        let paths = try source.pagePaths()
        let found = Set(paths)
        let byPath = Dictionary(uniqueKeysWithValues: current.map { ($0.path, $0) })
        var gone = current.filter { source.covers($0.path) && !found.contains($0.path) }
        for (index, path) in paths.enumerated() {
            report(.reading(done: index, of: paths.count, path: path))
            do {
                let bytes = try source.bytes(of: path)
                try update(path, bytes, from: source, old: byPath[path], &gone, &summary)
            } catch let error as DocumentError {
                summary.fail(path: path, line: error.line, message: error.message)
            } catch let error as CocoaError {
                summary.fail(path: path, line: nil, message: "cannot be read: \(error.localizedDescription)")
            } catch let error as StorageError {
                guard case .duplicateDocument = error else { throw error }
                summary.fail(path: path, line: nil, message: error.description)
            }
        }
        try store.remove(gone)
        summary.removed += gone.count
    }

    private func update(
        _ path: String, _ bytes: [UInt8], from source: PageSource, old: StoredDocument?,
        _ gone: inout [StoredDocument], _ summary: inout IngestSummary
    ) throws {
        let document = try Document(parsing: bytes, path: path)
        let audience = document.frontMatter.audience ?? audiences.defaultAudience
        guard audiences.contains(audience) else {
            let message = "audience \"\(audience)\" is not one of \(audiences.names.joined(separator: ", "))"
            return summary.fail(path: path, line: nil, message: message)
        }
        if let old, old.revision == document.revision, old.audience == audience {
            summary.unchanged += 1
            return
        }
        // A page that moved keeps its id: it replaces the row of the path that is gone.
        let moved = gone.firstIndex { $0.id == document.id }
        let replaced = old ?? moved.map { gone.remove(at: $0) }
        try store(document, bytes, source: source.root.path, audience: audience, replacing: replaced)
        if replaced == nil { summary.added += 1 } else { summary.changed += 1 }
    }

    private func store(
        _ document: Document, _ bytes: [UInt8], source: String, audience: String, replacing old: StoredDocument?
    ) throws {
        let chunks = Chunker().chunks(of: document)
        let texts = chunks.map {
            embeddingText(title: document.title, headingPath: $0.headingPath, searchText: $0.searchText)
        }
        let page = DocumentToStore(
            document: document, bytes: bytes, source: source, audience: audience, chunks: chunks, embeddingTexts: texts)
        let isNarrower = old.map { audiences.isNarrower(audience, than: $0.audience) } ?? false
        try store.store(page, replacing: old, narrowsAudience: isNarrower)
    }

    /// Cuts every stored page anew where an older chunker did it; the bytes are in the database.
    private func cutAgain() throws {
        guard try store.chunkerVersion() != Chunker.version else { return }
        for old in try store.currentDocuments() {
            guard let bytes = try store.bytes(ofRevision: old.revision) else { continue }
            let document = try Document(parsing: bytes, path: old.path)
            try store(document, bytes, source: old.source, audience: old.audience, replacing: old)
        }
        try store.setChunkerVersion(Chunker.version)
    }
}
