import Documents
import Retrieval
import Storage

/// Which sections of which page answer, and in which order they are quoted.
struct AnswerPlan {
    let document: StoredDocument
    let page: Document
    let bytes: [UInt8]
    /// In the order of the page.
    let sections: [Section]

    /// Sections within this share of the best one's score are quoted with it.
    private static let nearShare: Float = 0.6
    private static let sectionCountMax = 4

    /// Chooses the best section of the page, those nearly as good, and a procedure where none of them is one.
    init(_ candidate: PageCandidate, page: Document, bytes: [UInt8]) {
        let scored = candidate.sectionScores
        let ranked = page.sections.filter { scored[SectionKey($0)] != nil }
            .sorted { (scored[SectionKey($0)] ?? 0) > (scored[SectionKey($1)] ?? 0) }
        let best = ranked.first.flatMap { scored[SectionKey($0)] } ?? 0
        var chosen = ranked.prefix(Self.sectionCountMax).filter {
            (scored[SectionKey($0)] ?? 0) >= best * Self.nearShare
        }
        if !chosen.contains(where: page.isProcedure) {
            let other = ranked.first(where: page.isProcedure) ?? page.sections.first(where: page.isProcedure)
            if let other { chosen.append(other) }
        }
        document = candidate.document
        self.page = page
        self.bytes = bytes
        sections = chosen.sorted { $0.byteRange.lowerBound < $1.byteRange.lowerBound }
    }
}

extension Document {
    /// Whether a section says what to do: numbered steps.
    func isProcedure(_ section: Section) -> Bool {
        blocks[section.blocks].contains { $0.step?.number != nil }
    }
}

/// A section of a page, as a search names it.
struct SectionKey: Hashable {
    let headingPath: [String]
    let anchor: String

    init(_ section: Section) {
        headingPath = section.headingPath
        anchor = section.anchor
    }

    init(_ chunk: StoredChunk) {
        headingPath = chunk.headingPath
        anchor = chunk.anchor
    }
}

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

    /// The pages of a search's passages, best first; equal scores keep the order of their best passages.
    static func candidates(in passages: [Passage]) -> [PageCandidate] {
        let byPage = Dictionary(grouping: passages, by: \.document.key)
        return byPage.values.compactMap { passages in
            passages.first.map { PageCandidate(document: $0.document, passages: passages) }
        }.sorted { left, right in
            (left.score, -(left.passages.first?.rank ?? 0)) > (right.score, -(right.passages.first?.rank ?? 0))
        }
    }
}
