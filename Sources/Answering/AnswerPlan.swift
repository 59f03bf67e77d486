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
    /// Indexes into `sections`, the best one first.
    let ranking: [Int]

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
        let inOrder = chosen.indices.sorted { chosen[$0].byteRange.lowerBound < chosen[$1].byteRange.lowerBound }
        sections = inOrder.map { chosen[$0] }
        ranking = inOrder.indices.sorted { inOrder[$0] < inOrder[$1] }
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
