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

    /// Each kind has a bound of its own, so that documents cannot keep queries out.
    @Test func oneCallerTooManyIsRefused() throws {
        let turns = EncoderTurns(threadCount: 1, callerCountMax: 2)
        try turns.admitting(.document) { () throws(EncodingError) in
            try turns.admitting(.document) { () throws(EncodingError) in
                #expect(throws: EncodingError.tooManyWaiting(got: 2, expected: 2)) { try turns.admitting(.document) {} }
                try turns.admitting(.query) {}
            }
            try turns.admitting(.document) {}
        }
    }

    @Test func whoStepsAsideComesBackInTheOrderOfArrival() throws {
        let turns = EncoderTurns(threadCount: 2)
        let order = Mutex<[String]>([])
        let runningQueries = Counter()
        let group = DispatchGroup()
        let isReleased = DispatchSemaphore(value: 0)
        #expect(try turns.take(.document) + turns.take(.document) == 2)
        for count in 1...2 {
            waiter(turns, group, count: count) {
                guard let taken = try? turns.take(.query) else { return }
                runningQueries.value.add(1, ordering: .sequentiallyConsistent)
                isReleased.wait()
                turns.giveBack(taken)
            }
        }
        for (index, name) in ["first", "second"].enumerated() {
            waiter(turns, group, count: 0) {
                turns.stepAside()
                order.withLock { $0.append(name) }
            }
            // Its thread is a query's now.
            while runningQueries.value.load(ordering: .sequentiallyConsistent) <= index { sched_yield() }
        }
        isReleased.signal()
        while order.withLock({ $0.isEmpty }) { sched_yield() }
        #expect(order.withLock { $0 } == ["first"])
        isReleased.signal()
        group.wait()
        #expect(order.withLock { $0 } == ["first", "second"] && turns.waitingCount == 0)
    }

    private final class Counter: Sendable { let value = Atomic(0) }

    @Test func aWaiterThatIsCancelledLeavesTheLine() throws {
        let turns = EncoderTurns(threadCount: 1)
        let cancellation = Cancellation()
        let group = DispatchGroup()
        let wasCancelled = Mutex(false)
        let taken = try turns.take(.query)
        waiter(turns, group, count: 1) {
            do throws(EncodingError) {
                turns.giveBack(try turns.take(.query, cancellation: cancellation))
            } catch {
                wasCancelled.withLock { $0 = error == .cancelled }
            }
        }
        cancellation.cancel()
        group.wait()
        #expect(wasCancelled.withLock { $0 } && turns.waitingCount == 0, "while another has the thread")
        turns.giveBack(taken)
        #expect(try turns.take(.query) == 1)
    }
}
