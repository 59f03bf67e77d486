import Dispatch
import Foundation
import Storage
import Synchronization
import TestSupport
import Testing
import Tickets

/// Several stores on one file, as several processes have them.
@Suite struct SharingTests {
    private let desk = try! Desk()

    @Test func aCommitIsSeenByEveryOtherStore() throws {
        let other = try desk.another()
        #expect(try other.servingState() == desk.store.servingState())
        let page = try desk.put("One.")
        #expect(try other.currentDocuments() == [page] && other.hasPendingChanges())
        try desk.serve()
        #expect(try other.documents(ofGeneration: 1) == [page])
        #expect(try other.servingGeneration() == desk.store.servingGeneration())
        try other.remove([page])
        #expect(try desk.served() == [] && desk.store.currentDocuments() == [])
        let ticket = try ticket()
        #expect(try other.store(ticket, at: Date()) == .created)
        #expect(try desk.store.store(ticket, at: Date()) == .unchanged)
    }

    /// Two writers on one ticket: one creates it, whoever comes first, and the history says so.
    @Test func oneOfManyCreatesATicket() throws {
        let stores = try (0..<4).map { _ in try desk.another() }
        let ticket = try ticket()
        let outcomes = Mutex<[ImportOutcome?]>([])
        DispatchQueue.concurrentPerform(iterations: 4) { number in
            let outcome = try? stores[number].store(ticket, at: Date())
            outcomes.withLock { $0.append(outcome) }
        }
        let seen = outcomes.withLock { $0 }
        #expect(seen.count { $0 == .created } == 1 && seen.count { $0 == .unchanged } == 3)
        #expect(try desk.store.events(of: ticket.id).map(\.event) == [.created])
    }

    /// A writer replaces a pair of pages together and serves; whoever reads meanwhile sees one generation whole.
    @Test func readersSeeWholeGenerationsWhileAWriterWrites() throws {
        let generations = 25
        let readers = try (0..<3).map { _ in try desk.another() }
        try put(round: 0)
        let isDone = Mutex(false)
        let problems = Mutex<[String]>([])
        DispatchQueue.concurrentPerform(iterations: 4) { number in
            do {
                if number == 0 {
                    defer { isDone.withLock { $0 = true } }
                    for round in 1...generations { try put(round: round) }
                } else {
                    while !isDone.withLock({ $0 }) {
                        if let problem = try problem(seenBy: readers[number - 1]) {
                            problems.withLock { $0.append(problem) }
                        }
                    }
                }
            } catch {
                problems.withLock { $0.append("\(error)") }
            }
        }
        #expect(problems.withLock { $0 } == [])
        #expect(try desk.served().map(\.title) == ["Round \(generations)", "Round \(generations)"])
    }

    private func put(round: Int) throws {
        for path in ["a.md", "b.md"] { try desk.put("# Round \(round)\n\nWords of round \(round).\n", at: path) }
        try desk.serve()
    }

    private func problem(seenBy reader: Store) throws -> String? {
        let before = try reader.servingState()
        let pages = try reader.servedPages()
        let titles = Set(pages.documents.map(\.title))
        if pages.generation?.id != pages.state.generation || titles != ["Round \(pages.state.generation - 1)"] {
            return "generation \(pages.state.generation) shows \(titles)"
        }
        let isBackwards =
            pages.state.generation < before.generation || pages.state.changeCount < before.changeCount
        return isBackwards ? "went back" : nil
    }
}
