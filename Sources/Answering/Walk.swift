import Documents
import Retrieval
import Storage
import Tickets

/// The filters that may be given up, in the order in which they are. The audience never is, nor the version.
enum Relaxation: String, CaseIterable {
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
        case .product:
            // The version says nothing about other products, and still all about its own.
            filters.versionProduct = filters.product
            filters.product = nil
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
struct Walk {
    let ticket: Ticket
    var query: SearchQuery
    /// The version to filter by: only with its product, and only where it can be read.
    let version: Version?
    var filters: SearchFilters
    var generation = 0
    var timings = StageTimings()

    init(ticket: Ticket, query: SearchQuery, visible: [String]) {
        self.ticket = ticket
        self.query = query
        version = ticket.product == nil ? nil : ticket.version.flatMap { try? Version(parsing: $0) }
        filters = SearchFilters(
            product: ticket.product, version: version?.description, platform: ticket.platform, audiences: visible)
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
            relaxed: Relaxation.allCases.filter { $0.isRelaxed(ticket, filters) }.map(\.rawValue), omitted: omitted)
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
