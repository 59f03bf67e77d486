import Foundation
import GRDB
import Storage
import TestSupport
import Testing
import Tickets

@Suite struct TicketStoreTests {
    private let desk = try! Desk()
    private let morning = Date(timeIntervalSince1970: 1_789_372_800)
    private let noon = Date(timeIntervalSince1970: 1_789_387_200)

    @Test func anImportCreatesThenChangesNothingThenAmends() throws {
        let first = try ticket(subject: "First")
        let changed = try ticket(first.id, subject: "Changed")
        #expect(try desk.store.store(first, at: morning) == .created)
        #expect(try desk.store.store(first, at: noon) == .unchanged)
        #expect(try desk.store.store(changed, at: noon) == .amended)
        #expect(try desk.store.store(changed, at: noon) == .unchanged)
        #expect(try desk.store.tickets() == [changed])
        let events = try desk.store.events(of: first.id)
        #expect(events.map(\.event) == [.created, .amended])
        #expect(events.map(\.at) == ["2026-09-14T08:00:00Z", "2026-09-14T12:00:00Z"])
    }

    @Test func aTicketComesBackAsItWas() throws {
        let corpus = Repository.root.appending(path: "corpus/tickets/dev")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: corpus.path)) ?? []
        let tickets =
            try [ticket()] + names.sorted().map { try Ticket(json: Data(contentsOf: corpus.appending(path: $0))) }
        for ticket in tickets { #expect(try desk.store.store(ticket, at: morning) == .created) }
        #expect(try desk.another().tickets() == tickets)
        for ticket in tickets {
            #expect(try desk.store.ticket(withIDPrefix: ticket.id.text) == ticket)
            #expect(try desk.store.store(ticket, at: noon) == .unchanged)
        }
    }

    @Test func ticketsComeInTheOrderOfTheirCreation() throws {
        var generator = SeededGenerator(seed: 1)
        let tickets = try (0..<20).map { _ in try ticket(uuid(using: &generator)) }
        for ticket in tickets { _ = try desk.store.store(ticket, at: noon) }
        _ = try desk.store.store(ticket(tickets[3].id, subject: "Amended"), at: noon)
        #expect(try desk.store.tickets().map(\.id) == tickets.map(\.id))
    }

    @Test func anIDMayBeCutWhereItIsAlone() throws {
        let first = try ticket(UUID(uuidString: "4852D6E6-0F0B-4D5C-9B1C-2F7A5F0C9E11")!)
        let second = try ticket(UUID(uuidString: "4852D6E6-0F0B-4D5C-9B1C-2F7A5F0C9E12")!)
        let third = try ticket(UUID(uuidString: "A0000000-0000-4000-8000-000000000000")!)
        for ticket in [first, second, third] { _ = try desk.store.store(ticket, at: noon) }
        for prefix in ["a", "A0", third.id.uuidString, third.id.text] {
            #expect(try desk.store.ticket(withIDPrefix: prefix) == third)
        }
        #expect(try desk.store.ticket(withIDPrefix: "4852d6e6-0f0b-4d5c-9b1c-2f7a5f0c9e11") == first)
        #expect(throws: StorageError.ambiguousTicket(prefix: "4852d6e6", got: 2)) {
            try desk.store.ticket(withIDPrefix: "4852D6E6")
        }
    }

    @Test(arguments: [
        "", "%", "_", "a%", "_0", "*", "b", "a0000000-0000-4000-8000-000000000000x", "é", "a\0", " a", "'",
    ])
    func aPrefixIsTakenAsItIsWritten(_ prefix: String) throws {
        _ = try desk.store.store(ticket(UUID(uuidString: "A0000000-0000-4000-8000-000000000000")!), at: noon)
        #expect(throws: StorageError.noTicket(id: prefix)) { try desk.store.ticket(withIDPrefix: prefix) }
    }

    @Test func aDraftIsCountedAndRecordedOnItsTicket() throws {
        let ticket = try ticket()
        _ = try desk.store.store(ticket, at: morning)
        let page = try desk.put("Cited.")
        try desk.serve()
        // One revision cited twice is one citation of it.
        let first = try desk.store.store(
            draft(for: ticket.id, citing: [page.revision, page.revision]), generation: 1, at: noon)
        let second = try desk.store.store(draft(for: ticket.id, citing: []), generation: 1, at: noon)
        #expect(second > first)
        #expect(
            try desk.store.events(of: ticket.id).map(\.event)
                == [.created, .drafted(draft: first), .drafted(draft: second)])
        #expect(try desk.store.counts().drafts == 2)
    }

    /// Asking again gives the same draft: it is kept once, also where another ticket was drafted in between.
    @Test func aDraftThatSaysWhatTheLastOneSaidIsThatDraft() throws {
        let (one, two) = (try ticket(), try ticket(UUID(uuidString: "A0000000-0000-4000-8000-000000000000")!))
        for ticket in [one, two] { _ = try desk.store.store(ticket, at: morning) }
        let page = try desk.put("Cited.")
        try desk.serve()
        let cited = draft(for: one.id, citing: [page.revision])
        let first = try desk.store.store(cited, generation: 1, at: noon)
        try desk.store.store(draft(for: two.id, citing: []), generation: 1, at: noon)
        #expect(try desk.store.store(cited, generation: 2, at: noon) == first)
        #expect(try desk.store.counts().drafts == 2)
        #expect(try desk.store.events(of: one.id).map(\.event) == [.created, .drafted(draft: first)])
        let other = try desk.store.store(draft(for: one.id, citing: []), generation: 2, at: noon)
        let again = try desk.store.store(cited, generation: 2, at: noon)
        #expect(other > first && again > other, "what came back is new")
    }

    @Test func aDraftForAnUnknownTicketIsRefused() throws {
        #expect(throws: StorageError.noTicket(id: someTicketID.text)) {
            try desk.store.store(draft(for: someTicketID, citing: []), generation: 1, at: noon)
        }
        #expect(try desk.store.counts().drafts == 0)
    }

    /// A generation was swapped in between the search and the draft.
    @Test func aDraftThatCitesForgottenWordsIsRefusedWhole() throws {
        let ticket = try ticket()
        _ = try desk.store.store(ticket, at: morning)
        let page = try desk.put("One.")
        try desk.serve()
        try desk.store.remove([page])
        try desk.serve()
        #expect(throws: StorageError.noRevision(document: "a", revision: page.revision)) {
            try desk.store.store(draft(for: ticket.id, citing: [page.revision]), generation: 1, at: noon)
        }
        #expect(try desk.store.counts().drafts == 0)
        #expect(try desk.store.events(of: ticket.id).map(\.event) == [.created])
    }

    @Test func anUnknownTicketHasNoEvents() throws {
        #expect(try desk.store.events(of: someTicketID) == [])
    }

    @Test func anEventOfAnUnknownNameIsReported() throws {
        let ticket = try ticket()
        _ = try desk.store.store(ticket, at: morning)
        try desk.raw { db in try db.execute(sql: "UPDATE event SET name = 'erased'") }
        #expect(throws: StorageError.corruptRecord(table: "event", key: "1", detail: "its name is erased")) {
            try desk.store.events(of: ticket.id)
        }
    }

    @Test func aTicketThatCannotBeReadIsReportedWithItsID() throws {
        let ticket = try ticket()
        _ = try desk.store.store(ticket, at: morning)
        try desk.raw { db in try db.execute(sql: "UPDATE ticket SET content = '{}'") }
        let error = #expect(throws: StorageError.self) { try desk.store.tickets() }
        guard case .corruptRecord("ticket", ticket.id.text, _)? = error else {
            Issue.record("got \(String(describing: error))")
            return
        }
    }
}
