import CKernels
import Dispatch
import Foundation
import Synchronization

/// Threads that share the parts of one pass through the encoder.
///
/// A pass over a short text is a hundred steps of some microseconds, too short to wake a thread for each. So the helpers
/// spin from the pass's first step to its last, and whoever is free takes the next part. The caller works too, and waits
/// for nobody but a helper that has begun a part: helpers that get no processor cost nothing but their help. One that
/// loses its processor in the midst of a part keeps the caller waiting, and `hasStalled` tells.
@safe package final class Team: Sendable {
    package let threadCount: Int
    /// What is done with each part of the step; read by those only who have taken a part of it.
    private nonisolated(unsafe) var step: (Int) -> Void = { _ in }
    /// Parts that nobody has taken, and below 0 none.
    private let freeCount = Atomic(0)
    private let unfinishedCount = Atomic(0)
    private let isOver = Atomic(false)
    /// Whether the caller has waited for a helper, or for a processor, much longer than any part takes: other work has the
    /// processors. The rest of the pass is the caller's alone then.
    private nonisolated(unsafe) var hasStalled = false

    private static let stall: Duration = .microseconds(300)
    /// Some ten microseconds: what is waited before a look at the clock.
    private static let pauseCount = 256

    private init(threadCount: Int) { self.threadCount = threadCount }

    /// Calls `body` with a team of so many threads, the caller's own among them.
    ///
    /// - Returns: whether other work kept the team from its processors.
    @discardableResult
    package static func with<Failure: Error>(
        _ threadCount: Int, _ body: (Team) throws(Failure) -> Void
    ) throws(Failure) -> Bool {
        let team = Team(threadCount: threadCount)
        for _ in 1..<threadCount {
            DispatchQueue.global(qos: .userInteractive).async { team.help() }
        }
        defer { team.isOver.store(true, ordering: .releasing) }
        let clock = threadCount > 1 ? PassClock() : nil
        try body(team)
        return unsafe team.hasStalled || (clock.map { $0.waitingTime > stall } ?? false)
    }

    /// Calls `body` for each part from 0 to before `partCount`, in any order and at once on several threads.
    package func share(_ partCount: Int, _ body: (Int) -> Void) {
        guard unsafe threadCount > 1 && partCount > 1 && !hasStalled else {
            for part in 0..<partCount { body(part) }
            return
        }
        withoutActuallyEscaping(body) { body in
            unsafe step = body
            unfinishedCount.store(partCount, ordering: .relaxed)
            freeCount.store(partCount, ordering: .releasing)
            while takePart() {}
            waitForHelpers()
            unsafe step = { _ in }
        }
    }

    /// Calls `body` with ranges that together are all of `count`, each but the last a multiple of `unit` long.
    package func share(_ count: Int, unit: Int = 1, _ body: (Range<Int>) -> Void) {
        // Two parts a thread: the last one to be done keeps the others waiting for half of its work.
        let units = (count + unit - 1) / unit
        let partCount = threadCount == 1 ? 1 : min(2 * threadCount, units)
        share(partCount) { part in
            body(units * part / partCount * unit..<min(units * (part + 1) / partCount * unit, count))
        }
    }

    private func waitForHelpers() {
        var isDone = false
        for _ in 0..<Self.pauseCount where !isDone {
            isDone = unfinishedCount.load(ordering: .acquiring) == 0
            if !isDone { docket_pause() }
        }
        guard !isDone else { return }
        let start = ContinuousClock.now
        while unfinishedCount.load(ordering: .acquiring) > 0 { docket_pause() }
        guard ContinuousClock.now - start > Self.stall else { return }
        unsafe hasStalled = true
        isOver.store(true, ordering: .releasing)
    }

    private func help() {
        while !isOver.load(ordering: .acquiring) {
            if !takePart() { docket_pause() }
        }
    }

    private func takePart() -> Bool {
        guard freeCount.load(ordering: .relaxed) > 0 else { return false }
        let part = freeCount.subtract(1, ordering: .acquiringAndReleasing).newValue
        guard part >= 0 else { return false }
        perform(part)
        unfinishedCount.subtract(1, ordering: .releasing)
        return true
    }

    /// A function of its own, so that the step is let go of before its part counts as finished.
    @inline(never) private func perform(_ part: Int) { unsafe step(part) }
}

/// How long a thread was kept from its processor since the clock was made.
private struct PassClock {
    private let start = ContinuousClock.now
    private let worked = Self.workedTime

    var waitingTime: Duration { (ContinuousClock.now - start) - (Self.workedTime - worked) }

    private static var workedTime: Duration {
        var time = timespec()
        unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}
