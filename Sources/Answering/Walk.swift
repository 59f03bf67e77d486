import Documents
import Retrieval
import Storage
import Tickets

/// What is known on the way from a ticket to its draft.
struct Walk {
    let ticket: Ticket
    var query: SearchQuery
    /// The version to filter by: only with its product, and only where it can be read.
    let version: Version?
    /// What the ticket asks for, and what is searched with.
    let asked: SearchFilters
    var filters: SearchFilters
    let relaxation: RelaxationOrder
    var generation = 0
    var timings = StageTimings()

    init(ticket: Ticket, query: SearchQuery, visible: [String], relaxation: RelaxationOrder) {
        self.ticket = ticket
        self.query = query
        version = ticket.product == nil ? nil : ticket.version.flatMap { try? Version(parsing: $0) }
        asked = SearchFilters(
            product: ticket.product, version: version?.description, platform: ticket.platform, audiences: visible)
        filters = asked
        self.relaxation = relaxation
    }

    /// Asks for a version that was given and cannot be read.
    var versionQuestions: [String] {
        guard let text = ticket.version, (try? Version(parsing: text)) == nil else { return [] }
        return ["Which version is it? The ticket gives “\(text.prefix(80))”, which is no version number."]
    }

    func answer(
        _ statements: [Statement], _ omitted: [Omission], questions: [String], confidence: Double
    ) -> Draft {
        var seen: Set<String> = []
        return Draft(
            ticket: ticket.id, status: .answered, reason: nil, confidence: confidence, statements: statements,
            questions: questions.filter { seen.insert($0).inserted },
            relaxed: relaxation.relaxed(from: asked, to: filters).map(\.rawValue), omitted: omitted)
    }

    /// Pages named in a refusal.
    private static let nearestCountMax = 3

    /// - Parameter nearest: only pages that the reader may see.
    func refusal(_ reason: RefusalReason, confidence: Double, nearest: [PageCandidate] = []) -> Draft {
        let question = reason == .unclear ? ["What happens, in which program, and which message do you see?"] : []
        return Draft(
            ticket: ticket.id, status: .refused, reason: reason, confidence: confidence, statements: [],
            questions: question, relaxed: [],
            nearest: nearest.prefix(Self.nearestCountMax).map { NearestPage($0.document) })
    }
}

extension NearestPage {
    fileprivate init(_ document: StoredDocument) {
        self.init(
            document: document.id, title: document.title, path: document.path, audience: document.audience,
            appliesTo: document.appliesTo)
    }
}
