/// Why texts were not encoded. What was asked can be asked again.
package enum EncodingError: Error, Equatable, Sendable {
    /// The caller's `Cancellation` was cancelled.
    case cancelled
    case tooManyWaiting(got: Int, expected: Int)
}

extension EncodingError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .cancelled: "stopped while texts were being encoded"
        case .tooManyWaiting(let got, let expected):
            "the encoder has \(got) callers already, at most \(expected) are let in; try again later"
        }
    }
}
