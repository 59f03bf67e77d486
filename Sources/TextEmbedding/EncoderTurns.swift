import Dispatch
import Synchronization

/// Who computes now: at most as many passes at once as there are threads, queries before documents, each kind in order of
/// arrival.
///
/// Callers wait on their own threads, which keeps whoever produces texts from running ahead of the encoder. Between two
/// steps of a document's pass, `stepAside` lets waiting queries go first, so that a query waits for a step (milliseconds,
/// with a small model) and not for the documents.
package final class EncoderTurns: Sendable {
    /// How many callers of each kind may be served or wait at once, unless another limit is set; each holds a thread and
    /// its texts.
    package static let callerCountMax = 256

    package let threadCount: Int
    private let callerCountMax: Int
    private let state: Mutex<State>
    /// `state.queries.count`, to be looked at without the lock.
    private let waitingQueryCount = Atomic(0)
    /// How often a waiter looks whether it was cancelled.
    private static let lookInterval: DispatchTimeInterval = .milliseconds(20)

    private struct State {
        var freeCount: Int
        var callerCounts: [TextEncoder.Role: Int] = [:]
        /// Those who wait, in the order in which they are served.
        var queries: [Waiter] = []
        var steppedAside: [Waiter] = []
        var documents: [Waiter] = []

        mutating func next() -> Waiter? {
            if !queries.isEmpty { return queries.removeFirst() }
            if !steppedAside.isEmpty { return steppedAside.removeFirst() }
            return documents.isEmpty ? nil : documents.removeFirst()
        }

        /// Returns false where it waits no more.
        mutating func remove(_ waiter: Waiter) -> Bool {
            let count = queries.count + documents.count
            queries.removeAll { $0 === waiter }
            documents.removeAll { $0 === waiter }
            return queries.count + documents.count < count
        }
    }

    /// A pass that waits; signalled when a thread is its own.
    private final class Waiter: Sendable {
        let semaphore = DispatchSemaphore(value: 0)
    }

    package init(threadCount: Int, callerCountMax: Int = callerCountMax) {
        precondition(threadCount > 0 && callerCountMax > 0)
        self.threadCount = threadCount
        self.callerCountMax = callerCountMax
        state = Mutex(State(freeCount: threadCount))
    }

    /// How many passes wait for a turn now.
    package var waitingCount: Int {
        state.withLock { $0.queries.count + $0.steppedAside.count + $0.documents.count }
    }

    /// Calls `body` as one of the callers, who may then take turns.
    ///
    /// - Throws: `EncodingError.tooManyWaiting` where there are too many of that kind already.
    package func admitting<Result>(
        _ role: TextEncoder.Role, _ body: () throws(EncodingError) -> Result
    ) throws(EncodingError) -> Result {
        try state.withLock { state throws(EncodingError) in
            let count = state.callerCounts[role, default: 0]
            guard count < callerCountMax else { throw .tooManyWaiting(got: count, expected: callerCountMax) }
            state.callerCounts[role] = count + 1
        }
        defer { state.withLock { $0.callerCounts[role, default: 0] -= 1 } }
        return try body()
    }

    /// Waits for a turn.
    ///
    /// - Parameter wanted: how many threads the pass could use.
    /// - Returns: how many it may use: `wanted` where so many are free, else 1. `giveBack` takes them back.
    package func take(
        _ role: TextEncoder.Role, wanted: Int = 1, cancellation: Cancellation? = nil
    ) throws(EncodingError) -> Int {
        let (taken, waiter) = state.withLock { state -> (Int, Waiter?) in
            if state.freeCount > 0 {
                let taken = state.freeCount >= wanted ? wanted : 1
                state.freeCount -= taken
                return (taken, nil)
            }
            let waiter = Waiter()
            switch role {
            case .query: state.queries.append(waiter)
            case .document: state.documents.append(waiter)
            }
            note(state)
            return (1, waiter)
        }
        if let waiter { try wait(waiter, cancellation) }
        return taken
    }

    private func wait(_ waiter: Waiter, _ cancellation: Cancellation?) throws(EncodingError) {
        guard let cancellation else { return waiter.semaphore.wait() }
        while waiter.semaphore.wait(timeout: .now() + Self.lookInterval) == .timedOut {
            guard cancellation.isCancelled else { continue }
            let wasWaiting = state.withLock { state in
                defer { note(state) }
                return state.remove(waiter)
            }
            if wasWaiting { throw .cancelled }
        }
    }

    package func giveBack(_ count: Int) {
        state.withLock { state in
            state.freeCount += count
            serve(&state)
        }
    }

    /// Lets the queries that wait go before a document's pass that holds one thread.
    package func stepAside() {
        guard waitingQueryCount.load(ordering: .relaxed) > 0 else { return }
        let waiter = state.withLock { state -> Waiter in
            let waiter = Waiter()
            state.steppedAside.append(waiter)
            state.freeCount += 1
            serve(&state)
            return waiter
        }
        waiter.semaphore.wait()
    }

    /// Hands the free threads to those who wait. Nobody waits while a thread is free.
    private func serve(_ state: inout State) {
        while state.freeCount > 0, let next = state.next() {
            state.freeCount -= 1
            next.semaphore.signal()
        }
        note(state)
    }

    private func note(_ state: State) { waitingQueryCount.store(state.queries.count, ordering: .relaxed) }
}
