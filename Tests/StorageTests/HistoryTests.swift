import Documents
import Foundation
import Storage
import TestSupport
import Testing
import Tickets

/// A random history against a plain model in memory: after every step the two must tell the same.
@Suite struct HistoryTests {
    @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64]) func aHistoryIsWhatThePlainModelSays(seed: UInt64) throws {
        var history = try History(seed: seed)
        for step in 0..<150 {
            let deed = try history.step()
            try history.check("step \(step): \(deed)")
        }
    }
}

/// Audiences from the widest to the narrowest.
private let audiences = ["public", "partners", "internal"]

/// What a reader of the description would keep: a page has what is served of it, what comes next, and what only the last
/// generation showed.
private struct PageModel {
    struct Revision: Equatable {
        var id: String
        var path: String
        var hash: String
        var audience: String
        var chunks: [Int64]
        var texts: [String]
    }

    var last: Revision?
    var served: Revision?
    var current: Revision
}

private struct History {
    private var desk: Desk
    private var store: Store
    private var generator: SeededGenerator
    private var pages: [PageModel] = []
    private var generation = 0
    private var revisions: [String: [UInt8]] = [:]
    private var cited: Set<String> = []
    private var embedded: Set<String> = []
    private var tickets: [(ticket: Ticket, events: [TicketEvent])] = []
    private var changeCount = 0
    private var identity: Int
    private var everyChunk: Set<Int64> = []
    private var everyHash: Set<String> = []
    private var draftCount = 0
    /// What each ticket's last draft cites.
    private var lastCitations: [UUID: [String]] = [:]

    init(seed: UInt64) throws {
        desk = try Desk()
        store = desk.store
        generator = SeededGenerator(seed: seed)
        identity = try store.servingState().identity
    }

    /// Does one thing to both; returns its name.
    mutating func step() throws -> String {
        switch Int.random(in: 0..<20, using: &generator) {
        case 0..<4: return try add()
        case 4..<10: return try replace()
        case 10..<12: return try remove()
        case 12..<15: return try serve()
        case 15..<17: return try keepTicket()
        case 17..<19: return try keepDraft()
        default:
            store = try desk.another()
            return "reopen"
        }
    }

    private mutating func add() throws -> String {
        let page = try randomPage(replacing: nil)
        let isTaken = pages.contains { $0.current.id == page.document.id }
        // A path is a page's own: the caller replaces what is there.
        guard !pages.contains(where: { $0.current.path == page.document.path }) else { return "add, path taken" }
        guard try attempt(page, replacing: nil, narrows: false, isTaken: isTaken) else { return "add, id taken" }
        pages.append(PageModel(served: nil, current: try stored(page)))
        return "add \(page.document.path)"
    }

    private mutating func replace() throws -> String {
        guard let place = pages.indices.randomElement(using: &generator) else { return "replace nothing" }
        let old = pages[place]
        let page = try randomPage(replacing: old.current)
        let others = pages.indices.filter { $0 != place }.map { pages[$0].current }
        guard !others.contains(where: { $0.path == page.document.path }) else { return "replace, path taken" }
        let narrows = rank(page.audience) > rank(old.current.audience)
        let isTaken = others.contains { $0.id == page.document.id }
        let document = try #require(try store.currentDocuments().first { $0.path == old.current.path })
        guard try attempt(page, replacing: document, narrows: narrows, isTaken: isTaken) else {
            return "replace, id taken"
        }
        if narrows {
            changeCount += 1
            // Where the served audience is another than the replaced one, nobody sees it: Storage knows no order.
            for row in [\PageModel.served, \.last] {
                let known = [old.current.audience, page.audience]
                if let audience = old[keyPath: row]?.audience, !known.contains(audience) {
                    pages[place][keyPath: row] = nil
                }
                pages[place][keyPath: row]?.audience = page.audience
            }
        }
        pages[place].current = try stored(page)
        return "replace \(old.current.path) by \(page.document.path)"
    }

    private mutating func remove() throws -> String {
        let gone = pages.indices.filter { _ in Int.random(in: 0..<4, using: &generator) == 0 }
        let paths = Set(gone.map { pages[$0].current.path })
        try store.remove(store.currentDocuments().filter { paths.contains($0.path) })
        if !gone.isEmpty { changeCount += 1 }
        pages = pages.indices.filter { !gone.contains($0) }.map { pages[$0] }
        return "remove \(paths.sorted())"
    }

    private mutating func serve() throws -> String {
        let pending = try store.unembeddedChunks(fingerprint: Desk.model, dimension: 4)
        try store.store(
            embeddings: pending.map { ($0.textHash, vector(of: $0.searchText)) }, fingerprint: Desk.model)
        generation += 1
        try store.serve(
            generation: generation, fingerprint: Desk.model, chunkCount: 0, at: Date(timeIntervalSince1970: 0))
        changeCount += 1
        for place in pages.indices {
            let (served, current) = (pages[place].served, pages[place].current)
            pages[place].last = served?.chunks == current.chunks ? nil : served
            pages[place].served = current
        }
        let rows = pages.flatMap { [$0.last, $0.current].compactMap(\.self) }
        embedded = Set(rows.flatMap(\.texts))
        let kept = cited.union(rows.map(\.hash))
        revisions = revisions.filter { kept.contains($0.key) }
        return "serve \(generation)"
    }

    private mutating func keepTicket() throws -> String {
        let subject = "Subject \(Int.random(in: 0..<3, using: &generator))"
        let place = Int.random(in: 0...min(tickets.count, 4), using: &generator)
        if place == tickets.count {
            let ticket = try ticket(uuid(using: &generator), subject: subject)
            try #require(store.store(ticket, at: Date(timeIntervalSince1970: 0)) == .created)
            tickets.append((ticket, [.created]))
            return "new ticket"
        }
        let ticket = try ticket(tickets[place].ticket.id, subject: subject)
        let expected: ImportOutcome = ticket == tickets[place].ticket ? .unchanged : .amended
        #expect(try store.store(ticket, at: Date(timeIntervalSince1970: 0)) == expected)
        if expected == .amended { tickets[place] = (ticket, tickets[place].events + [.amended]) }
        return "ticket \(expected)"
    }

    private mutating func keepDraft() throws -> String {
        guard let place = tickets.indices.randomElement(using: &generator) else { return "no ticket for a draft" }
        let hashes = pages.compactMap(\.served?.hash).filter { _ in Bool.random(using: &generator) }
        let number = try store.store(
            draft(for: tickets[place].ticket.id, citing: hashes), generation: generation,
            at: Date(timeIntervalSince1970: 0))
        cited.formUnion(hashes)
        let id = tickets[place].ticket.id
        guard lastCitations[id] != hashes else {
            #expect(tickets[place].events.last { $0.name == "drafted" } == .drafted(draft: number))
            return "the same draft"
        }
        lastCitations[id] = hashes
        tickets[place].events.append(.drafted(draft: number))
        draftCount += 1
        return "draft citing \(hashes.count)"
    }

    /// Stores the page; where its id is taken that must be refused.
    private mutating func attempt(
        _ page: DocumentToStore, replacing old: StoredDocument?, narrows: Bool, isTaken: Bool
    ) throws -> Bool {
        guard isTaken else {
            try store.store(page, replacing: old, narrowsAudience: narrows)
            return true
        }
        #expect(throws: StorageError.self) { try store.store(page, replacing: old, narrowsAudience: narrows) }
        return false
    }

    private mutating func stored(_ page: DocumentToStore) throws -> PageModel.Revision {
        let document = try #require(try store.currentDocuments().first { $0.path == page.document.path })
        let chunks = try desk.chunkIDs(of: document)
        #expect(chunks.count == page.chunks.count)
        everyChunk.formUnion(chunks)
        everyHash.insert(document.revision)
        revisions[document.revision] = page.bytes
        return PageModel.Revision(
            id: page.document.id, path: page.document.path, hash: document.revision, audience: page.audience,
            chunks: chunks, texts: page.embeddingTexts)
    }

    /// A page of few possible texts, so that some are equal; an old one's id and path mostly stay.
    private mutating func randomPage(replacing old: PageModel.Revision?) throws -> DocumentToStore {
        let keepsPath = Int.random(in: 0..<4, using: &generator) > 0
        let keepsID = Int.random(in: 0..<4, using: &generator) > 0
        let letter = { (generator: inout SeededGenerator) in
            ["a", "b", "c", "d", "e", "f"].randomElement(using: &generator)!
        }
        let path = keepsPath ? old?.path : nil
        let id = keepsID ? old?.id : nil
        let sections = (0..<Int.random(in: 1...3, using: &generator)).map { _ in
            "## Section \(letter(&generator))\n\n"
                + String(
                    repeating: "Words of \(letter(&generator)). ", count: Int.random(in: 1...60, using: &generator))
        }
        return try page(
            "# Title \(letter(&generator))\n\n" + sections.joined(separator: "\n\n"),
            at: path ?? letter(&generator) + ".md",
            id: id ?? letter(&generator), audience: audiences.randomElement(using: &generator)!)
    }

    private func rank(_ audience: String) -> Int { audiences.firstIndex(of: audience)! }

    /// Everything that the store tells, against the model.
    func check(_ deed: String) throws {
        let state = try store.servingState()
        #expect(state.identity == identity && state.generation == generation, "\(deed)")
        #expect(state.changeCount == changeCount, "\(deed)")

        let current = try store.currentDocuments()
        #expect(current.map(\.path) == pages.map(\.current.path).sorted(), "\(deed)")
        for page in pages.map(\.current) {
            let document = current.first { $0.path == page.path }
            #expect(
                document?.id == page.id && document?.revision == page.hash && document?.audience == page.audience,
                "\(deed)")
        }
        let shown = try store.documents(ofGeneration: generation).map { [$0.id, $0.path, $0.revision, $0.audience] }
        let served = pages.compactMap(\.served).map { [$0.id, $0.path, $0.hash, $0.audience] }
        #expect(Set(shown) == Set(served) && shown.count == served.count, "\(deed)")
        #expect(try Set(store.documents(ofGeneration: generation + 1).map(\.path)) == Set(pages.map(\.current.path)))

        let moment = try store.servedPages()
        #expect(moment.state == state && moment.generation?.id == (generation == 0 ? nil : generation), "\(deed)")
        #expect(try moment.documents == store.documents(ofGeneration: generation), "\(deed)")

        let visible = Set(pages.flatMap { ($0.last?.chunks ?? []) + ($0.served?.chunks ?? []) + $0.current.chunks })
        #expect(try Set(store.chunks(everyChunk.sorted()).map(\.id)) == visible, "\(deed)")
        for hash in everyHash { #expect(try store.bytes(ofRevision: hash) == revisions[hash], "\(deed)") }

        let texts = Set(pages.flatMap(\.current.texts))
        #expect(
            try store.unembeddedChunks(fingerprint: Desk.model, dimension: 4).count
                == texts.subtracting(embedded).count, "\(deed)")
        let counts = try store.counts()
        #expect(counts.documents == pages.count && counts.chunks == pages.reduce(0) { $0 + $1.current.chunks.count })
        #expect(counts.embeddings == embedded.count && counts.tickets == tickets.count && counts.drafts == draftCount)
        #expect(try store.tickets() == tickets.map(\.ticket), "\(deed)")
        for (ticket, events) in tickets { #expect(try store.events(of: ticket.id).map(\.event) == events, "\(deed)") }
    }
}
