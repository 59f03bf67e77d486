package import Foundation

/// The time, the waiting and the chance that retries need; tests bring their own.
package struct RetryClock: Sendable {
    let now: @Sendable () -> Date
    let sleep: @Sendable (_ seconds: Double) -> Void
    /// From 0 to 1.
    let fraction: @Sendable () -> Double

    package init(
        now: @escaping @Sendable () -> Date, sleep: @escaping @Sendable (_ seconds: Double) -> Void,
        fraction: @escaping @Sendable () -> Double
    ) {
        self.now = now
        self.sleep = sleep
        self.fraction = fraction
    }

    package static let system = RetryClock(
        now: { Date() }, sleep: { Thread.sleep(forTimeInterval: $0) }, fraction: { Double.random(in: 0...1) })
}
