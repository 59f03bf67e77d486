import Dispatch
import Foundation
import Synchronization
import Testing
import TextEmbedding

@Suite struct EncoderTurnsTests {
    /// Runs `body` on a thread of its own; returns when as many callers wait as `count` says.
    private func waiter(
        _ turns: EncoderTurns, _ group: DispatchGroup, count: Int, _ body: @escaping @Sendable () -> Void
    ) {
        group.enter()
        Thread.detachNewThread {
            body()
            group.leave()
        }
        while turns.waitingCount < count { sched_yield() }
    }

    @Test(arguments: [1, 2, 5]) func noMoreComputeAtOnceThanThereAreThreads(_ threadCount: Int) throws {
        let turns = EncoderTurns(threadCount: threadCount)
        let now = Atomic(0)
        let most = Atomic(0)
        let count = Atomic(0)
        DispatchQueue.concurrentPerform(iterations: 16) { number in
            for _ in 0..<200 {
                guard let taken = try? turns.take(number % 3 == 0 ? .query : .document) else { continue }
                let running = now.add(taken, ordering: .sequentiallyConsistent).newValue
                most.max(running, ordering: .sequentiallyConsistent)
                count.add(1, ordering: .relaxed)
                now.subtract(taken, ordering: .sequentiallyConsistent)
                turns.giveBack(taken)
            }
        }
        #expect(most.load(ordering: .relaxed) <= threadCount)
        #expect(count.load(ordering: .relaxed) == 16 * 200 && turns.waitingCount == 0)
    }

    @Test func queriesGoFirstAndEachKindInItsOrder() throws {
        let turns = EncoderTurns(threadCount: 1)
        let order = Mutex<[String]>([])
        let group = DispatchGroup()
        let taken = try turns.take(.document)
        let names = ["document 1", "document 2", "query 1", "document 3", "query 2"]
        for (index, name) in names.enumerated() {
            waiter(turns, group, count: index + 1) {
                guard let taken = try? turns.take(name.hasPrefix("query") ? .query : .document) else { return }
                order.withLock { $0.append(name) }
                turns.giveBack(taken)
            }
        }
        turns.giveBack(taken)
        group.wait()
        #expect(order.withLock { $0 } == ["query 1", "query 2", "document 1", "document 2", "document 3"])
    }

    @Test func aDocumentStepsAsideForAQueryAndForNothingElse() throws {
        let turns = EncoderTurns(threadCount: 1)
        let order = Mutex<[String]>([])
        let group = DispatchGroup()
        let taken = try turns.take(.document)
        turns.stepAside()
        for (index, name) in ["document", "query"].enumerated() {
            waiter(turns, group, count: index + 1) {
                guard let taken = try? turns.take(name == "query" ? .query : .document) else { return }
                order.withLock { $0.append(name) }
                turns.giveBack(taken)
            }
        }
        turns.stepAside()
        #expect(order.withLock { $0 } == ["query"], "the other document waits until this one is done")
        turns.giveBack(taken)
        group.wait()
        #expect(order.withLock { $0 } == ["query", "document"])
    }

    @Test func aCallerGetsAllThatItWantsOrOne() throws {
        let turns = EncoderTurns(threadCount: 4)
        #expect(try turns.take(.query, wanted: 4) == 4)
        turns.giveBack(4)
        #expect(try turns.take(.document) == 1)
        #expect(try turns.take(.query, wanted: 4) == 1)
        #expect(try turns.take(.query, wanted: 2) == 2)
        turns.giveBack(4)
        #expect(try turns.take(.query, wanted: 4) == 4)
    }

    @Test func oneMoreThanMayWaitIsRefused() throws {
        let turns = EncoderTurns(threadCount: 1, waitingCountMax: 2)
        let group = DispatchGroup()
        let taken = try turns.take(.query)
        for count in 1...2 {
            waiter(turns, group, count: count) {
                if let taken = try? turns.take(.query) { turns.giveBack(taken) }
            }
        }
        #expect(throws: EncodingError.tooManyWaiting(got: 2, expected: 2)) { try turns.take(.query) }
        turns.giveBack(taken)
        group.wait()
        #expect(try turns.take(.query) == 1, "who waited has gone")
    }
}
