import Documents
import Foundation
package import Retrieval
import Storage
package import Tickets

/// Drafts an answer to a ticket from the passages that fit it, or refuses with a reason.
///
/// Extractive: every statement is the words of one span of one page, with the ticket's parameters filled in.
package struct Resolver {
    private let searcher: Searcher
    private let visible: [String]
    private let allAudiences: [String]
    private let relaxation: RelaxationOrder

    /// Passages looked at for one ticket.
    private static let passageCount = 40

    /// - Parameters:
    ///   - visible: the audiences whose pages the reader may see.
    ///   - allAudiences: every audience there is; only whether a hidden page fits is learnt from the others.
    ///   - relaxation: which of the ticket's filters are given up where nothing fits well enough.
    package init(
        searcher: Searcher, visible: [String], allAudiences: [String], relaxation: RelaxationOrder = .standard
    ) {
        self.searcher = searcher
        self.visible = visible
        self.allAudiences = allAudiences
        self.relaxation = relaxation
    }

    /// A draft with the time that each stage took.
    package struct Resolution: Sendable {
        package let draft: Draft
        package let generation: Int
        package let timings: StageTimings
    }

    package func resolve(_ ticket: Ticket) throws -> Resolution {
        let query = TicketQuery(ticket)
        var walk = Walk(
            ticket: ticket, query: try searcher.query(query.text), visible: visible, relaxation: relaxation)
        guard query.isSearchable else {
            walk.generation = try searcher.store.servingState().generation
            return resolution(walk.refusal(.unclear, confidence: 0), walk)
        }
        var found = try search(walk.filters, &walk)
        for weaker in relaxation.steps(from: walk.asked).dropFirst() where !found.isSufficient {
            walk.filters = weaker
            found = try search(walk.filters, &walk)
        }
        if let (reason, pages) = try betterElsewhere(than: found, &walk) {
            return resolution(walk.refusal(reason, confidence: found.confidence.value, nearest: pages), walk)
        }
        return resolution(try found.isSufficient ? answer(found, walk) : nothingFound(found, walk), walk)
    }

    private func resolution(_ draft: Draft, _ walk: Walk) -> Resolution {
        Resolution(draft: draft, generation: walk.generation, timings: walk.timings)
    }

    /// What one search for the ticket brought.
    private struct Finding {
        let candidates: [PageCandidate]
        let confidence: Confidence

        var page: StoredDocument? { candidates.first?.document }
        var isSufficient: Bool { !candidates.isEmpty && confidence.isSufficient }
    }

    private func search(_ filters: SearchFilters, _ walk: inout Walk) throws -> Finding {
        let result = try searcher.search(walk.query, filters: filters, limit: Self.passageCount)
        walk.query.timings = StageTimings()
        walk.timings.append(result.timings)
        walk.generation = result.generation
        let candidates = PageCandidate.candidates(in: result.passages, for: walk.ticket.product)
        return Finding(
            candidates: candidates,
            confidence: Confidence(of: candidates.first?.passages ?? [], rareTermScore: result.rareTermScore))
    }

    /// Whether a page for another version, or for other readers, fits clearly better than what was found; with the pages
    /// that come nearest then, of those that this reader may see.
    private func betterElsewhere(
        than found: Finding, _ walk: inout Walk
    ) throws -> (RefusalReason, nearest: [PageCandidate])? {
        func isBetter(_ other: Finding, by margin: Double) -> Bool {
            other.isSufficient && (!found.isSufficient || other.confidence.logit > found.confidence.logit + margin)
        }
        if let version = walk.version, walk.filters.version != nil {
            // A page that says it is for the ticket's version has near-duplicates for others.
            let margin = found.page?.frontMatter.versions == nil ? Self.clearMargin : 3 * Self.clearMargin
            var filters = walk.filters
            filters.version = nil
            let other = try search(filters, &walk)
            if isBetter(other, by: margin), let range = other.page?.frontMatter.versions, !range.contains(version) {
                return (.wrongVersion, other.candidates)
            }
        }
        if visible.count < allAudiences.count {
            var filters = walk.filters
            filters.audiences = allAudiences
            let other = try search(filters, &walk)
            if isBetter(other, by: Self.clearMargin), let audience = other.page?.audience, !visible.contains(audience) {
                return (.notVisible, found.candidates)
            }
        }
        return nil
    }

    /// How much more evidence, in log odds, another page needs to be called clearly better.
    private static let clearMargin = 0.5

    private func answer(_ found: Finding, _ walk: Walk) throws -> Draft {
        var statements: [Statement] = []
        var omitted: [Omission] = []
        var questions = walk.versionQuestions
        let pages = alternatives(found.candidates, isVersionKnown: walk.filters.version != nil)
        for candidate in pages {
            let bytes = try searcher.store.bytes(of: candidate.document)
            let page = try Document(parsing: bytes, path: candidate.document.path)
            let label = walk.filters.version == nil ? candidate.document.appliesTo : nil
            var composer = Composer(
                plan: AnswerPlan(candidate, page: page, bytes: bytes), appliesTo: label,
                values: ParameterValues(walk.ticket.parameters, for: page.frontMatter.parameters))
            statements += composer.statements()
            omitted += composer.omitted
            if label != nil { questions.append(versionQuestion(candidate.document)) }
            questions += composer.values.questions
        }
        guard !statements.isEmpty else { return nothingFound(found, walk) }
        return walk.answer(statements, omitted, questions: questions, confidence: found.confidence.value)
    }

    private func nothingFound(_ found: Finding, _ walk: Walk) -> Draft {
        walk.refusal(.nothingFound, confidence: found.confidence.value, nearest: found.candidates)
    }

    /// The best page; where the ticket names no version, also the pages that say the same for other versions.
    private func alternatives(_ candidates: [PageCandidate], isVersionKnown: Bool) -> [PageCandidate] {
        guard let best = candidates.first else { return [] }
        guard !isVersionKnown, let range = best.document.frontMatter.versions else { return [best] }
        let others = candidates.dropFirst().filter { other in
            let page = other.document.frontMatter
            return page.product == best.document.frontMatter.product && page.versions != nil && page.versions != range
                && other.score >= best.score * Self.alternativeShare
        }
        return [best] + others.prefix(Self.alternativeCountMax)
    }

    private static let alternativeShare: Float = 0.8
    private static let alternativeCountMax = 2

    private func versionQuestion(_ document: StoredDocument) -> String {
        "Which version of \(document.frontMatter.product ?? "the product") is it? The steps differ by version."
    }
}

extension StoredDocument {
    /// The versions that a page is for, such as `postgresql >=15`, where it says so.
    var appliesTo: String? {
        frontMatter.versions.map { range in
            [frontMatter.product, range.description].compactMap { $0 }.joined(separator: " ")
        }
    }
}
