import Foundation

/// How long to wait before a request is made again: any time up to a bound that doubles with each attempt, so that many
/// clients of a server that comes back do not come at once ("full jitter",
/// <https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/>), or what the server asks for.
package enum Backoff {
    /// The bound after the first attempt.
    package static let firstSeconds = 0.5
    /// The bound after any attempt.
    package static let secondsMax = 30.0
    /// A server that asks for more is asked again after this.
    package static let retryAfterSecondsMax = 60.0

    /// - Parameters:
    ///   - attempt: the attempt that failed, 1 for the first.
    ///   - retryAfter: the header `Retry-After` of the answer; one that cannot be read counts as none.
    package static func seconds(afterAttempt attempt: Int, retryAfter: String?, clock: RetryClock) -> Double {
        if let asked = retryAfter.flatMap({ seconds(inRetryAfter: $0, now: clock.now()) }) {
            return min(asked, retryAfterSecondsMax)
        }
        return clock.fraction() * min(secondsMax, firstSeconds * exp2(Double(attempt - 1)))
    }

    /// Seconds or a date, of which one in the past is 0 (RFC 9110, 10.2.3, <https://www.rfc-editor.org/rfc/rfc9110>).
    private static func seconds(inRetryAfter header: String, now: Date) -> Double? {
        let text = header.trimmingCharacters(in: .whitespaces)
        if !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) { return Double(text) }
        return date(inHTTP: text).map { max($0.timeIntervalSince(now), 0) }
    }

    /// The three forms of RFC 9110, 5.6.7; the second and the third are obsolete, and still to be understood.
    private static func date(inHTTP text: String) -> Date? {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(secondsFromGMT: 0)
        formatter.isLenient = false
        let forms = ["EEE, dd MMM yyyy HH:mm:ss 'GMT'", "EEEE, dd-MMM-yy HH:mm:ss 'GMT'", "EEE MMM d HH:mm:ss yyyy"]
        return forms.lazy.compactMap { form in
            formatter.dateFormat = form
            return formatter.date(from: text)
        }.first
    }
}
