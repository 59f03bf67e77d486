package import Storage
import Tickets

extension StoredDraft {
    /// What is wrong with the draft's citations: each quotes the stored bytes of its revision, to the byte.
    package func wrongCitations(in store: Store) throws -> [String] {
        try draft.statements.flatMap(\.citations).compactMap { citation in
            let name = "draft \(number) cites \(citation.document), bytes \(citation.byteRange)"
            guard let bytes = try store.bytes(ofRevision: citation.revision) else {
                return "\(name), of a revision that is not stored"
            }
            guard citation.byteRange.upperBound <= bytes.count else { return "\(name), beyond the page's end" }
            return bytes[citation.byteRange].elementsEqual(citation.quote.utf8)
                ? nil : "\(name), and quotes other words"
        }
    }
}
