import Dispatch
import Synchronization

/// Who computes now: at most as many callers at once as there are threads, queries before documents, each kind in order of
/// arrival.
///
/// Callers wait on their own threads, which keeps whoever produces texts from running ahead of the encoder. Between two
/// steps of a document's pass, `stepAside` lets waiting queries go first, so that a query waits for some milliseconds at
/// most, however long the documents are.
package final class EncoderTurns: Sendable {
    /// How many callers may wait at once, unless another limit is set; each holds a thread and its texts.
    package static let waitingCountMax = 256

    package let threadCount: Int
    private let waitingCountMax: Int
    private let state: Mutex<State>
    /// `state.queries.count`, to be looked at without the lock.
    private let waitingQueryCount = Atomic(0)

    private struct State {
        var freeCount: Int
        var queries: [Waiter] = []
        var documents: [Waiter] = []

        var waitingCount: Int { queries.count + documents.count }
    }

    /// A caller who waits; signalled when a thread is its own.
    private final class Waiter: Sendable {
        let semaphore = DispatchSemaphore(value: 0)
    }

    package init(threadCount: Int, waitingCountMax: Int = waitingCountMax) {
        precondition(threadCount > 0 && waitingCountMax >= 0)
        self.threadCount = threadCount
        self.waitingCountMax = waitingCountMax
        state = Mutex(State(freeCount: threadCount))
    }

    /// How many callers wait for a turn now.
    package var waitingCount: Int { state.withLock { $0.waitingCount } }

    /// Waits for a turn.
    ///
    /// - Parameter wanted: how many threads the caller could use.
    /// - Returns: how many it may use: `wanted` where so many are free, else 1. `giveBack` takes them back.
    package func take(_ role: TextEncoder.Role, wanted: Int = 1) throws(EncodingError) -> Int {
        let (taken, waiter) = try state.withLock { state throws(EncodingError) -> (Int, Waiter?) in
            if state.freeCount > 0 && state.waitingCount == 0 {
                let taken = state.freeCount >= wanted ? wanted : 1
                state.freeCount -= taken
                return (taken, nil)
            }
            guard state.waitingCount < waitingCountMax else {
                throw .tooManyWaiting(got: state.waitingCount, expected: waitingCountMax)
            }
            return (1, wait(role, &state))
        }
        waiter?.semaphore.wait()
        return taken
    }

    package func giveBack(_ count: Int) {
        state.withLock { state in
            state.freeCount += count
            serve(&state)
        }
    }

    /// Lets the queries that wait go before a document's caller who holds one thread.
    package func stepAside() {
        guard waitingQueryCount.load(ordering: .relaxed) > 0 else { return }
        let waiter = state.withLock { state -> Waiter in
            // First in the line of the documents: it has begun already.
            let waiter = Waiter()
            state.documents.insert(waiter, at: 0)
            state.freeCount += 1
            serve(&state)
            return waiter
        }
        waiter.semaphore.wait()
    }

    private func wait(_ role: TextEncoder.Role, _ state: inout State) -> Waiter {
        let waiter = Waiter()
        switch role {
        case .query: state.queries.append(waiter)
        case .document: state.documents.append(waiter)
        }
        waitingQueryCount.store(state.queries.count, ordering: .relaxed)
        return waiter
    }

    /// Hands the free threads to those who wait.
    private func serve(_ state: inout State) {
        while state.freeCount > 0 {
            let next: Waiter
            if !state.queries.isEmpty {
                next = state.queries.removeFirst()
            } else if !state.documents.isEmpty {
                next = state.documents.removeFirst()
            } else {
                break
            }
            state.freeCount -= 1
            next.semaphore.signal()
        }
        waitingQueryCount.store(state.queries.count, ordering: .relaxed)
    }
}
