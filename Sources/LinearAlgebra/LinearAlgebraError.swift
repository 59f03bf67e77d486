/// Why a matrix could not be decomposed.
package enum LinearAlgebraError: Error, Equatable, Sendable {
    /// The matrix holds a NaN or an infinity.
    case notFinite(operation: String)
    /// LAPACK's iteration stopped before it had the singular values.
    case notConverged(operation: String, got: Int)
    /// LAPACK had no memory for its workspace, or another complaint of its own, by its number.
    case failed(operation: String, code: Int)
}

extension LinearAlgebraError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notFinite(let operation): "\(operation): the matrix holds a value that is not a finite number"
        case .notConverged(let operation, let got):
            "\(operation): did not converge, \(got) values are missing; check the LAPACK installed (docket doctor)"
        case .failed(let operation, let code):
            "\(operation): LAPACK gave code \(code); free memory, or check the LAPACK installed (docket doctor)"
        }
    }
}
