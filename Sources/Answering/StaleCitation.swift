package import Retrieval
package import Storage
package import Tickets

/// A page that a draft cites and that is not served as it was cited.
package struct StaleCitation: Sendable, Hashable {
    /// The page's id when it was cited.
    package let document: String
    package let cause: Cause

    package enum Cause: Sendable, Hashable {
        case changed
        case removed
        /// The same bytes are served under another id.
        case moved(to: String)
        /// Fewer readers may see it now.
        case narrowed(to: String)
    }
}

/// What is served now, as citations see it.
package struct CitedPages: Sendable {
    private var byID: [String: StoredDocument] = [:]
    private var idByRevision: [String: String] = [:]
    private let audiences: AudienceOrder

    package init(of store: Store, audiences: AudienceOrder) throws {
        self.audiences = audiences
        for document in try store.servedPages().documents {
            byID[document.id] = document
            idByRevision[document.revision] = document.id
        }
    }

    /// The draft's citations that are stale, each page once, in the order of its statements.
    package func staleCitations(of draft: Draft) -> [StaleCitation] {
        var seen: Set<StaleCitation> = []
        return draft.statements.flatMap(\.citations).compactMap(staleness).filter { seen.insert($0).inserted }
    }

    private func staleness(of citation: Citation) -> StaleCitation? {
        guard let page = byID[citation.document] else {
            let other = idByRevision[citation.revision]
            return StaleCitation(document: citation.document, cause: other.map { .moved(to: $0) } ?? .removed)
        }
        guard page.revision == citation.revision else {
            return StaleCitation(document: citation.document, cause: .changed)
        }
        guard let audience = citation.audience, audiences.isNarrower(page.audience, than: audience) else { return nil }
        return StaleCitation(document: citation.document, cause: .narrowed(to: page.audience))
    }
}

extension StaleCitation: CustomStringConvertible {
    package var description: String {
        switch cause {
        case .changed: "\(document) changed"
        case .removed: "\(document) removed"
        case .moved(let id): "\(document) moved to \(id)"
        case .narrowed(let audience): "\(document) is \(audience) only now"
        }
    }
}
