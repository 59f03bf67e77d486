import Documents
import Foundation
import IndexFiles
import Storage

/// Brings the stored pages of some sources up to what their files say.
struct PageUpdate {
    private let store: Store
    private let audiences: AudienceOrder
    /// Whether files are read that are as they were when they were read last, by their stamps.
    private let readsAll: Bool
    private let settledSeconds: Double
    private let report: (IngestProgress) -> Void
    private let sources: [SourcePages]
    /// What the next run without roots reads, and what it would have read before.
    private let known: [PageSource]
    private let knownBefore: [NamedPart]
    /// Stored pages whose files are gone, until a page that moved claims them.
    private var gone: [StoredDocument]
    /// Whether this run was told what to read.
    private let isNamed: Bool
    /// Pages that were removed by name, which come back only where a run names their files.
    private let removed: RemovedPages
    /// The bytes that some page has now, by their hashes: no words of a removed page alone.
    private let currentRevisions: Set<String>
    /// Pages whose id another page holds: it may yet let go of it.
    private var waiting = WaitingPages()
    private(set) var summary = IngestSummary()

    /// Lists the files of every source before any is read, so that a page can move from one to another.
    ///
    /// Without `roots`, what was named to earlier runs is read again and nothing else: of a source known by single pages
    /// those pages.
    ///
    /// - Throws: `RetrievalError.noFolder` for a path that is neither there nor known.
    init(
        of roots: [URL], in store: Store, audiences: AudienceOrder, readsAll: Bool = false,
        settledSeconds: Double = ReadStamps.settledSeconds, report: @escaping (IngestProgress) -> Void
    ) throws {
        self.store = store
        self.audiences = audiences
        self.readsAll = readsAll
        self.settledSeconds = settledSeconds
        self.report = report
        let stored = try store.currentDocuments()
        knownBefore = try store.namedParts()
        let known = knownBefore.map { PageSource(root: $0.source, scope: $0.scope) }
        let named = try KnownSources(known).naming(roots)
        // Who names a folder that was removed wants its pages again.
        try store.forgetRemovals(withFolders: named.map(\.root.path))
        removed = try store.removedPages()
        currentRevisions = Set(stored.map(\.revision))
        isNamed = !roots.isEmpty
        let moved = MovedSource.all(to: named, stored: stored)
        self.known = KnownSources(known + named).sources.filter { source in
            !moved.contains { $0.old == source.root.path }
        }
        for source in moved { report(.moving(from: source.old, to: source.new)) }
        if roots.isEmpty {
            // What is gone without a page left is no loss to report.
            sources = self.known.map { SourcePages(of: $0, stored: stored) }.filter {
                $0.source.isPresent || !$0.byPath.isEmpty || !$0.gone.isEmpty
            }
            // What was removed is dropped from the index, though nothing is left to be read.
            guard try !sources.isEmpty || store.hasPendingChanges() else { throw RetrievalError.nothingIngested }
        } else {
            sources = named.map { SourcePages(of: $0, stored: stored, moved: moved) }
            for pages in sources where !pages.source.isPresent && pages.gone.isEmpty {
                throw RetrievalError.noFolder(path: pages.source.start.path)
            }
        }
        gone = sources.flatMap(\.gone)
    }

    /// Stores what is new or changed, and takes what is gone out of every search.
    mutating func run() throws {
        try store.setNamedParts(
            known.map { NamedPart(source: $0.root.path, scope: $0.scope) }, insteadOf: knownBefore)
        let count = sources.reduce(0) { $0 + $1.listing.pages.count }
        var done = 0
        for pages in sources {
            for (path, reason) in pages.listing.failures {
                summary.fail(path: path.isEmpty ? pages.source.root.path : path, line: nil, message: reason)
            }
            var stamps = ReadStamps(readsAll ? [:] : try store.pageStamps(ofSource: pages.source.root.path))
            for path in pages.listing.pages {
                report(.reading(done: done, of: count, path: path))
                try read(path, of: pages, &stamps)
                done += 1
            }
            try store.setPageStamps(stamps.new, ofSource: pages.source.root.path)
        }
        try store.remove(gone)
        summary.removed += gone.count
        try storeWaiting()
    }

    private mutating func read(_ path: String, of pages: SourcePages, _ stamps: inout ReadStamps) throws {
        let (source, old) = (pages.source, pages.byPath[path])
        do {
            let stamp = try source.stamp(of: path)
            if let revision = stamps.revision(of: path, stamp), isUnchanged(old, revision, path, in: source) {
                summary.unchanged += 1
                return
            }
            let isSettled = stamp.isSettled(for: settledSeconds, before: Date())
            let revision = try read(path, of: source, old)
            if isSettled, try source.stamp(of: path) == stamp { stamps.keep(stamp, of: path, revision) }
        } catch let error as DocumentError {
            summary.fail(path: path, line: error.line, message: error.message)
        } catch let fault as PageFault {
            summary.fail(path: path, line: nil, message: "\(fault)")
        } catch let error as PDFError {
            summary.fail(path: path, line: nil, message: error.message)
        } catch let error as CocoaError {
            summary.fail(path: path, line: nil, message: "cannot be read: \(reason(for: error))")
        }
    }

    /// - Returns: the page's revision.
    private mutating func read(_ path: String, of source: PageSource, _ old: StoredDocument?) throws -> String {
        let file = try source.hashOfPDF(at: path)
        if !readsAll, let file, let revision = try store.extractedRevision(ofFile: file),
            isUnchanged(old, revision, path, in: source)
        {
            summary.unchanged += 1
            return revision
        }
        let bytes = try source.bytes(of: path)
        let revision = Document.revision(of: bytes)
        // Known by its bytes: what they say was read when they were stored.
        if isUnchanged(old, revision, path, in: source) {
            if readsAll { try store.mend(revision, bytes: bytes) }
            summary.unchanged += 1
        } else {
            try update(Document(parsing: bytes, path: path), bytes, from: source, old: old)
        }
        try remember(revision, of: path, in: source, hash: file)
        return revision
    }

    /// Whether a page is stored with these bytes, and under the audience that they have now.
    private func isUnchanged(
        _ old: StoredDocument?, _ revision: String, _ path: String, in source: PageSource
    ) -> Bool {
        guard let old, old.revision == revision, old.path == path, old.source == source.root.path else { return false }
        let audience = old.frontMatter.audience ?? audiences.defaultAudience
        return old.audience == audience && audiences.contains(audience)
    }

    /// Remembers which text a PDF's bytes have, so that they need not be extracted again; not where the file was replaced
    /// meanwhile.
    private func remember(_ revision: String, of path: String, in source: PageSource, hash: String?) throws {
        guard let hash, try source.hashOfPDF(at: path) == hash else { return }
        try store.setExtractedRevision(revision, ofFile: hash)
    }

    /// A file that is new is passed over; a page that took a removed one's id keeps its last good revision.
    private mutating func passOver(_ document: Document, _ bytes: [UInt8], isStored: Bool) {
        guard isStored else { return summary.passedOver.append(document.path) }
        summary.fail(
            path: document.path, line: frontMatterLine(of: "id", in: bytes),
            message:
                "it has the id of a page that was removed; name it to `docket ingest` to bring that back")
    }

    /// Whether a page was removed by name: one of its id, or, for a file that is new, of its words, wherever the file is
    /// now. Words that another page has, too, are not only the removed one's.
    private func isRemoved(_ document: Document, _ bytes: [UInt8], isStored: Bool) -> Bool {
        if removed.ids.contains(document.id) { return true }
        return !isStored && bytes.count >= Store.tellingByteCountMin && removed.revisions.contains(document.revision)
            && !currentRevisions.contains(document.revision)
    }

    private mutating func update(
        _ document: Document, _ bytes: [UInt8], from source: PageSource, old: StoredDocument?
    ) throws {
        let audience = document.frontMatter.audience ?? audiences.defaultAudience
        guard audiences.contains(audience) else {
            return summary.fail(
                path: document.path, line: frontMatterLine(of: "audience", in: bytes),
                message: "audience \"\(audience)\" is not one of \(audiences.names.joined(separator: ", "))")
        }
        if isRemoved(document, bytes, isStored: old != nil) {
            guard isNamed && source.scope == document.path else {
                return passOver(document, bytes, isStored: old != nil)
            }
            try store.forgetRemoval(ofID: document.id, revision: document.revision)
        }
        let page = DocumentToStore(cutting: document, bytes, source: source.root.path, audience: audience)
        // A page that moved keeps its id: it replaces the row of the path that is gone.
        let moved = old == nil ? gone.firstIndex { $0.id == document.id } : nil
        do {
            try store([replacement(page, of: old ?? moved.map { gone[$0] })])
            if let moved { gone.remove(at: moved) }
        } catch StorageError.removedPage {
            passOver(document, bytes, isStored: false)
        } catch StorageError.duplicateDocument {
            waiting.append(WaitingPages.Page(page: page, old: old))
        }
    }

    private func replacement(_ page: DocumentToStore, of old: StoredDocument?) -> PageReplacement {
        let narrows = old.map { audiences.isNarrower(page.audience, than: $0.audience) } ?? false
        return PageReplacement(page: page, old: old, narrowsAudience: narrows)
    }

    private mutating func store(_ replacements: [PageReplacement]) throws {
        try store.store(replacements, ofFolders: true)
        for replacement in replacements {
            if replacement.old == nil { summary.added += 1 } else { summary.changed += 1 }
        }
    }

    /// Stores the pages whose ids were taken and are not any more: by pages that are gone, or by each other.
    ///
    /// They are stored together, so that each is served under its old id until the next generation. What is refused then
    /// is a real duplicate, and keeps its last good revision.
    private mutating func storeWaiting() throws {
        while !waiting.pages.isEmpty {
            let (storable, refused) = waiting.parted(by: try store.currentDocuments())
            do {
                try store(storable.map { replacement($0.page, of: $0.old) })
                return try storeRefused(refused)
            } catch StorageError.removedPage(let id) {
                // One of them was removed meanwhile; the others may still exchange their ids.
                summary.passedOver += waiting.remove(id: id).map(\.page.document.path)
            }
        }
    }

    /// Pages whose ids stay taken, as far as is known: each is tried by itself, and says why where it is refused.
    private mutating func storeRefused(_ refused: [WaitingPages.Page]) throws {
        /// Pages whose ids belong to a folder that is gone, by that folder and their own.
        var strays: [MovedSource: Int] = [:]
        for place in refused {
            do {
                try store([replacement(place.page, of: place.old)])
            } catch StorageError.removedPage {
                summary.passedOver.append(place.page.document.path)
            } catch let error as StorageError {
                guard case .duplicateDocument(_, let source, _) = error else { throw error }
                if !FileManager.default.fileExists(atPath: source) {
                    strays[MovedSource(old: source, new: place.page.source), default: 0] += 1
                    continue
                }
                summary.fail(
                    path: place.page.document.path, line: frontMatterLine(of: "id", in: place.page.bytes),
                    message: error.description)
            }
        }
        for (source, count) in strays.sorted(by: { $0.key.old < $1.key.old }) {
            summary.fail(path: source.old, line: nil, message: source.complaint(pageCount: count))
        }
    }
}

/// The line of a key of the front matter, 1-based; `nil` where the page does not have it. Its first fence is the first line,
/// or the second where a comment holds it, as in HTML.
func frontMatterLine(of key: String, in bytes: [UInt8]) -> Int? {
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated().dropFirst() {
        let content = line.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        if content.starts(with: (key + ":").utf8) { return index + 1 }
        if index > 1, content.starts(with: "---".utf8) { return nil }
    }
    return nil
}
