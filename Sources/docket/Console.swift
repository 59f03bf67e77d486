import Foundation
import Synchronization

/// Standard output for data, standard error for everything else.
enum Console {
    static func complain(_ message: String) {
        Progress.shared.clear()
        FileHandle.standardError.write(Data((printable(message) + "\n").utf8))
    }

    /// Prints text for people.
    static func show(_ text: String) { print(printable(text)) }

    /// Text from pages and tickets without control characters, which would let it command the terminal.
    private static func printable(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars where scalar != "\r" {
            let isControl = scalar.properties.generalCategory == .control && scalar != "\n" && scalar != "\t"
            scalars.append(isControl ? "\u{fffd}" : scalar)
        }
        return String(scalars)
    }

    static func printJSON(_ value: JSON) { print(value.text) }
}

/// One line on a terminal that says how far long work is, its rate and the time left; silent where there is no terminal.
final class Progress: Sendable {
    static let shared = Progress()
    private static let isTerminal = isatty(STDERR_FILENO) == 1
    private static let millisecondsBetweenUpdates = 100

    private struct State {
        var work = ""
        var start = ContinuousClock.now
        var startCount = 0
        var updated: ContinuousClock.Instant?
    }
    private let state = Mutex(State())

    /// - Parameter work: what is being done, such as `embedding`; a new one starts a new rate.
    func show(_ work: String, done: Int, of total: Int, detail: String = "") {
        guard Self.isTerminal else { return }
        let line: String? = state.withLock { state in
            let now = ContinuousClock.now
            if state.work != work { state = State(work: work, start: now, startCount: done) }
            let isDue = state.updated.map { now - $0 >= .milliseconds(Self.millisecondsBetweenUpdates) } ?? true
            guard isDue || done == total else { return nil }
            state.updated = now
            let seconds = (now - state.start) / .seconds(1)
            let rate = seconds > 0.5 ? Double(done - state.startCount) / seconds : 0
            let left = rate > 0 ? String(format: " · %.0f/s · %.0f s left", rate, Double(total - done) / rate) : ""
            return "\(work) \(done)/\(total)\(left) \(detail)"
        }
        if let line { FileHandle.standardError.write(Data("\r\u{1b}[K\(line.prefix(110))".utf8)) }
    }

    func clear() {
        guard Self.isTerminal else { return }
        let wasShown = state.withLock { state in
            defer { state = State() }
            return state.updated != nil
        }
        if wasShown { FileHandle.standardError.write(Data("\r\u{1b}[K".utf8)) }
    }
}
