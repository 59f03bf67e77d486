import Answering
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

    /// Text from pages and tickets without control characters, which would let it command the terminal, and without what
    /// hides or reorders others, as a page's title or a ticket's subject might.
    private static func printable(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars where scalar != "\r" {
            let isShown = !scalar.isInvisible || scalar == "\n" || scalar == "\t"
            scalars.append(isShown ? scalar : "\u{fffd}")
        }
        return String(scalars)
    }

    /// Whether all that was printed has arrived.
    static func flush() -> Bool { fflush(nil) == 0 }

    static func printJSON(_ value: JSON) { print(value.text) }
}

/// One line that says how far long work is, its rate and the time left: rewritten on a terminal, and a new one every ten
/// seconds where standard error is a file or a pipe.
final class Progress: Sendable {
    static let shared = Progress()
    private static let isTerminal = isatty(STDERR_FILENO) == 1
    private static let timeBetweenUpdates: Duration = isTerminal ? .milliseconds(100) : .seconds(10)

    private struct State {
        var work = ""
        var start = ContinuousClock.now
        var startCount = 0
        var updated = ContinuousClock.now
        var isShown = false
    }
    private let state = Mutex(State())

    /// - Parameter work: what is being done, such as `embedding`; a new one starts a new rate.
    func show(_ work: String, done: Int, of total: Int, detail: String = "") {
        let line: String? = state.withLock { state in
            let now = ContinuousClock.now
            if state.work != work { (state.work, state.start, state.startCount) = (work, now, done) }
            // A terminal shows at once how work begins and ends; a log is spared what ends soon.
            let isEdge = Self.isTerminal && (!state.isShown || done == total)
            guard isEdge || now - state.updated >= Self.timeBetweenUpdates else { return nil }
            (state.updated, state.isShown) = (now, true)
            let seconds = (now - state.start) / .seconds(1)
            let rate = seconds > 0.5 ? Double(done - state.startCount) / seconds : 0
            let left = rate > 0 ? String(format: " · %.0f/s · %.0f s left", rate, Double(total - done) / rate) : ""
            return "\(work) \(done)/\(total)\(left) \(detail)"
        }
        guard let line else { return }
        let text = Self.isTerminal ? "\r\u{1b}[K\(line.prefix(110))" : "\(line)\n"
        FileHandle.standardError.write(Data(text.utf8))
    }

    func clear() {
        let wasShown = state.withLock { state in
            defer { state = State() }
            return state.isShown
        }
        if wasShown && Self.isTerminal { FileHandle.standardError.write(Data("\r\u{1b}[K".utf8)) }
    }
}
