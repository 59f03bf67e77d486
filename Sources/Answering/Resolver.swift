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

    /// Passages looked at for one ticket.
    private static let passageCount = 40

    /// - Parameters:
    ///   - visible: the audiences whose pages the reader may see.
    ///   - allAudiences: every audience there is; only whether a hidden page fits is learnt from the others.
    package init(searcher: Searcher, visible: [String], allAudiences: [String]) {
        self.searcher = searcher
        self.visible = visible
        self.allAudiences = allAudiences
    }

    /// A draft with the time that each stage took.
    package struct Resolution: Sendable {
        package let draft: Draft
        package let generation: Int
        package let timings: StageTimings
    }

    package func resolve(_ ticket: Ticket) throws -> Resolution {
        var walk = Walk(ticket: ticket, query: TicketQuery(ticket))
        guard walk.query.isSearchable else {
            let generation = try searcher.store.servingState().generation
            return Resolution(
                draft: walk.refusal(.unclear, confidence: 0), generation: generation, timings: walk.timings)
        }
        var filters = SearchFilters(
            product: ticket.product, version: walk.version?.description, platform: ticket.platform, audiences: visible)
        var found = try search(filters, &walk)
        for relaxation in Relaxation.allCases where !found.isSufficient && relaxation.applies(to: filters) {
            relaxation.relax(&filters)
            let wider = try search(filters, &walk)
            guard wider.isSufficient else { continue }
            found = wider
            walk.relaxed = Relaxation.allCases.filter { $0.isRelaxed(ticket, filters) }.map(\.rawValue)
        }
        let draft = try found.isSufficient ? answer(found, &walk) : refuse(found, &walk)
        return Resolution(draft: draft, generation: walk.generation, timings: walk.timings)
    }

    /// What one search for the ticket brought.
    private struct Finding {
        let candidates: [PageCandidate]
        let confidence: Confidence

        var isSufficient: Bool { !candidates.isEmpty && confidence.isSufficient }
    }

    private func search(_ filters: SearchFilters, _ walk: inout Walk) throws -> Finding {
        let result = try searcher.search(walk.query.text, filters: filters, limit: Self.passageCount)
        walk.timings.append(result.timings)
        walk.generation = result.generation
        let candidates = PageCandidate.candidates(in: result.passages)
        return Finding(
            candidates: candidates,
            confidence: Confidence(
                of: candidates.first?.passages ?? [], rareTermScore: result.rareTermScore))
    }

    private func answer(_ found: Finding, _ walk: inout Walk) throws -> Draft {
        var statements: [Statement] = []
        var questions: [String] = []
        let pages = alternatives(found.candidates, ticket: walk.ticket, version: walk.version)
        for candidate in pages {
            guard let bytes = try searcher.store.bytes(ofRevision: candidate.document.revision) else { continue }
            let page = try Document(parsing: bytes, path: candidate.document.path)
            let label = walk.version == nil ? appliesTo(candidate.document) : nil
            var composer = Composer(
                plan: AnswerPlan(candidate, page: page, bytes: bytes), appliesTo: label,
                values: ParameterValues(walk.ticket.parameters, for: page.frontMatter.parameters))
            statements += composer.statements()
            if label != nil { questions.append(versionQuestion(candidate.document)) }
            questions += composer.values.questions
        }
        guard !statements.isEmpty else { return walk.refusal(.nothingFound, confidence: found.confidence.value) }
        return walk.answer(statements, questions: questions, confidence: found.confidence.value)
    }

    /// The best page; where the ticket names no version, also the pages that say the same for other versions.
    private func alternatives(_ candidates: [PageCandidate], ticket: Ticket, version: Version?) -> [PageCandidate] {
        guard let best = candidates.first else { return [] }
        guard version == nil, best.document.frontMatter.versions != nil else { return [best] }
        let others = candidates.dropFirst().filter { other in
            other.document.frontMatter.product == best.document.frontMatter.product
                && other.document.frontMatter.versions != nil
                && other.score >= best.score * Self.alternativeShare
        }
        return [best] + others.prefix(Self.alternativeCountMax)
    }

    private static let alternativeShare: Float = 0.8
    private static let alternativeCountMax = 2

    private func appliesTo(_ document: StoredDocument) -> String? {
        document.frontMatter.versions.map { range in
            [document.frontMatter.product, range.description].compactMap { $0 }.joined(separator: " ")
        }
    }

    private func versionQuestion(_ document: StoredDocument) -> String {
        "Which version of \(document.frontMatter.product ?? "the product") is it? The steps differ by version."
    }

    /// Says whether a page for another version, or for other readers, would have fitted.
    private func refuse(_ found: Finding, _ walk: inout Walk) throws -> Draft {
        let confidence = found.confidence.value
        let ticket = walk.ticket
        var filters = SearchFilters(product: ticket.product, audiences: visible)
        if let version = walk.version {
            let other = try search(filters, &walk)
            if other.isSufficient, let range = other.candidates[0].document.frontMatter.versions,
                !range.contains(version)
            {
                return walk.refusal(.wrongVersion, confidence: confidence)
            }
        }
        filters.version = walk.version?.description
        filters.audiences = allAudiences
        if visible.count < allAudiences.count {
            let hidden = try search(filters, &walk)
            if hidden.isSufficient, !visible.contains(hidden.candidates[0].document.audience) {
                return walk.refusal(.notVisible, confidence: confidence)
            }
        }
        return walk.refusal(.nothingFound, confidence: confidence)
    }
}

/// The filters that may be given up, in the order in which they are. The audience never is, nor the version.
private enum Relaxation: String, CaseIterable {
    case platform, product

    func applies(to filters: SearchFilters) -> Bool {
        switch self {
        case .platform: filters.platform != nil
        case .product: filters.product != nil
        }
    }

    func relax(_ filters: inout SearchFilters) {
        switch self {
        case .platform: filters.platform = nil
        case .product: filters.product = nil
        }
    }

    func isRelaxed(_ ticket: Ticket, _ filters: SearchFilters) -> Bool {
        switch self {
        case .platform: ticket.platform != nil && filters.platform == nil
        case .product: ticket.product != nil && filters.product == nil
        }
    }
}

/// What is known on the way from a ticket to its draft.
private struct Walk {
    let ticket: Ticket
    let query: TicketQuery
    var generation = 0
    var relaxed: [String] = []
    var timings = StageTimings()

    init(ticket: Ticket, query: TicketQuery) {
        self.ticket = ticket
        self.query = query
    }

    /// The version to filter by; one that cannot be read counts as not given, and is asked for.
    var version: Version? { ticket.version.flatMap { try? Version(parsing: $0) } }

    func answer(_ statements: [Statement], questions: [String], confidence: Double) -> Draft {
        var seen: Set<String> = []
        return Draft(
            ticket: ticket.id, status: .answered, reason: nil, confidence: confidence, statements: statements,
            questions: questions.filter { seen.insert($0).inserted }, relaxed: relaxed)
    }

    func refusal(_ reason: RefusalReason, confidence: Double) -> Draft {
        let question = reason == .unclear ? ["What happens, in which program, and which message do you see?"] : []
        return Draft(
            ticket: ticket.id, status: .refused, reason: reason, confidence: confidence, statements: [],
            questions: question, relaxed: [])
    }
}
