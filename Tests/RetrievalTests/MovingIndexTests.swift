import Dispatch
import Foundation
import Retrieval
import Storage
import Synchronization
import TestSupport
import Testing

/// Searches while another thread ingests again and again: none may lose what is in every generation.
@Suite struct MovingIndexTests {
    private static let roundCount = 40

    /// Runs `edit` and an ingest in turns, while a thread searches for one passage again and again.
    ///
    /// - Parameter opening: whether each search opens the index anew, as a process of its own does.
    /// - Returns: the documents found, each once; `nil` for a search that found nothing, or the error of one that failed.
    private func found(in handbook: Handbook, opening: Bool, while edit: (Int) throws -> Void) throws -> Set<String?> {
        let (store, indexes, embedder) = (handbook.store, handbook.indexes, try Handbook.tiny.get())
        let opened = try handbook.searcher()
        let search: @Sendable () -> String? = {
            do {
                let searcher = opening ? try Searcher(store: store, embedder: embedder, indexes: indexes) : opened
                return try searcher.search("alpha", filters: Handbook.everyone, limit: 1).passages.first?.document.id
            } catch {
                return "\(error)"
            }
        }
        let reader = RepeatedSearch(search)
        defer { reader.end() }
        for round in 1...Self.roundCount {
            try edit(round)
            try handbook.ingest()
        }
        return reader.end()
    }

    @Test(arguments: [false, true]) func aPageThatChangesIsNeverMissing(opening: Bool) throws {
        let handbook = try Handbook(["a.md": "# A\n\nalpha 0"])
        try handbook.ingest()
        let found = try found(in: handbook, opening: opening) { round in
            try handbook.write("# A\n\nalpha \(round)", to: "a.md")
        }
        #expect(found == ["a"])
    }

    /// The best page goes between its ranking and the fetching of its words: the next best takes its place.
    @Test func aRemovedPageLeavesNoHole() throws {
        let handbook = try Handbook(["a.md": "# Alpha\n\nalpha", "b.md": "# B\n\nother words"])
        try handbook.ingest()
        let found = try found(in: handbook, opening: false) { round in
            if round.isMultiple(of: 2) {
                try handbook.write("# Alpha\n\nalpha", to: "a.md")
            } else {
                try handbook.remove("a.md")
            }
        }
        #expect(found == ["a", "b"])
    }
}

/// Calls a search on a thread of its own until it is told to end, and keeps what it returned.
private final class RepeatedSearch: Sendable {
    private let isEnding = Mutex(false)
    private let seen = Mutex<Set<String?>>([])
    private let ended = DispatchSemaphore(value: 0)

    /// Returns when the search was made once.
    init(_ search: @escaping @Sendable () -> String?) {
        let begun = DispatchSemaphore(value: 0)
        Thread.detachNewThread { [self] in
            repeat {
                let found = search()
                seen.withLock { _ = $0.insert(found) }
                begun.signal()
            } while !isEnding.withLock { $0 }
            ended.signal()
        }
        begun.wait()
    }

    @discardableResult
    func end() -> Set<String?> {
        let wasEnding = isEnding.withLock { flag in
            defer { flag = true }
            return flag
        }
        if !wasEnding { ended.wait() }
        return seen.withLock { $0 }
    }
}
