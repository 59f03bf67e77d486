import Documents
import Retrieval
import Storage

/// A page that a search proposed, with its passages.
struct PageCandidate {
    let document: StoredDocument
    let passages: [Passage]

    /// What the passages after the best one add to a page's score.
    private static let furtherShare: Float = 0.15
    private static let furtherCountMax = 3

    var score: Float {
        let further = passages.dropFirst().prefix(Self.furtherCountMax).reduce(0) { $0 + $1.scores.fused }
        return (passages.first?.scores.fused ?? 0) + Self.furtherShare * further
    }

    var sectionScores: [SectionKey: Float] {
        Dictionary(passages.map { (SectionKey($0.chunk), $0.scores.fused) }, uniquingKeysWith: max)
    }

    /// What a page that names no product needs to score more than one that does, for a ticket that names one.
    private static let silenceMargin: Float = 0.5

    /// The pages of a search's passages, best first; equal scores keep the order of their best passages.
    ///
    /// - Parameter product: the ticket's, where it names one: then pages that name none have to be clearly better.
    static func candidates(in passages: [Passage], for product: String?) -> [PageCandidate] {
        let byPage = Dictionary(grouping: passages, by: \.document.key)
        func score(_ page: PageCandidate) -> (Float, Int) {
            let isSilent = product != nil && page.document.frontMatter.product == nil
            return (page.score - (isSilent ? silenceMargin : 0), -(page.passages.first?.rank ?? 0))
        }
        return byPage.values.compactMap { passages in
            passages.first.map { PageCandidate(document: $0.document, passages: passages) }
        }.sorted { score($0) > score($1) }
    }
}
