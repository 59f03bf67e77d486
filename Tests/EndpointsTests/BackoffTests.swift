import Endpoints
import Foundation
import Testing

@Suite struct BackoffTests {
    /// At Sun, 06 Nov 1994 08:49:37 GMT.
    private static func clock(fraction: Double) -> RetryClock {
        RetryClock(now: { Date(timeIntervalSince1970: 784_111_777) }, sleep: { _ in }, fraction: { fraction })
    }

    @Test(arguments: [(1, 0.5), (2, 1), (3, 2), (4, 4), (7, 30), (60, 30), (5_000, 30)])
    func theBoundDoublesUpToItsMaximum(attempt: Int, bound: Double) {
        for fraction in [0, 0.25, 1] {
            let seconds = Backoff.seconds(
                afterAttempt: attempt, retryAfter: nil, clock: Self.clock(fraction: fraction))
            #expect(seconds == fraction * bound)
        }
    }

    @Test(arguments: [
        ("7", 7), ("0", 0), (" 12 ", 12), ("61", 60), ("99999999999999999999", 60),
        ("Sun, 06 Nov 1994 08:49:47 GMT", 10), ("Sunday, 06-Nov-94 08:49:40 GMT", 3), ("Sun Nov  6 08:49:39 1994", 2),
        ("Sun, 06 Nov 1994 08:49:30 GMT", 0), ("Mon, 07 Nov 1994 08:49:37 GMT", 60),
    ])
    func whatTheServerAsksForIsHonouredUpToAMaximum(header: String, seconds: Double) {
        #expect(Backoff.seconds(afterAttempt: 1, retryAfter: header, clock: Self.clock(fraction: 1)) == seconds)
    }

    @Test(arguments: ["", "soon", "-3", "1.5", "0x10", "Sun, 99 Nov 1994 08:49:37 GMT"])
    func whatCannotBeReadCountsAsNone(header: String) {
        #expect(Backoff.seconds(afterAttempt: 2, retryAfter: header, clock: Self.clock(fraction: 1)) == 1)
    }
}
