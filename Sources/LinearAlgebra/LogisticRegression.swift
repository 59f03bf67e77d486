import CLAPACKE
import Foundation

/// A logistic model of a yes or no: `probability = 1 / (1 + exp(-(bias + weights · features)))`.
package struct LogisticRegression: Sendable, Equatable {
    package let bias: Double
    /// `[features]`
    package let weights: [Double]

    /// Steps of Newton's method at most; some ten are enough where it converges.
    private static let stepCountMax = 50
    private static let tolerance = 1e-9

    /// Fits by Newton's method (iteratively reweighted least squares; Hastie, Tibshirani & Friedman, *The Elements of
    /// Statistical Learning*, 4.4.1), with a ridge penalty on the weights, not on the bias.
    ///
    /// Without examples, or with examples of one side only, it answers what the penalty leaves of them.
    ///
    /// - Parameters:
    ///   - rows: `[examples, features]`.
    ///   - labels: `[examples]`.
    ///   - importance: `[examples]`, how much each example counts.
    ///   - ridge: above 0, so that separable classes have finite weights.
    /// - Throws: `.notFinite`, or `.notConverged` where no step can be taken.
    package init(
        fitting rows: [[Double]], labels: [Bool], importance: [Double], ridge: Double
    ) throws(LinearAlgebraError) {
        precondition(rows.count == labels.count && rows.count == importance.count, "a label and an importance each")
        precondition(ridge > 0, "the ridge is above 0")
        let count = (rows.first?.count ?? 0) + 1
        precondition(rows.allSatisfy { $0.count == count - 1 }, "rows of one length")
        guard rows.allSatisfy({ $0.allSatisfy(\.isFinite) }) else {
            throw .notFinite(operation: "logistic regression")
        }
        var solution = [Double](repeating: 0, count: count)
        for _ in 0..<Self.stepCountMax {
            let step = try Self.step(from: solution, rows, labels, importance, ridge)
            for index in 0..<count { solution[index] += step[index] }
            if step.allSatisfy({ abs($0) < Self.tolerance }) { break }
        }
        bias = solution[0]
        weights = Array(solution.dropFirst())
    }

    /// The log odds of yes.
    package func logit(of row: [Double]) -> Double { zip(weights, row).reduce(bias) { $0 + $1.0 * $1.1 } }

    /// The Hessian's inverse times the gradient of the penalised log likelihood, by Cholesky's decomposition (LAPACK's
    /// `dposv`).
    private static func step(
        from solution: [Double], _ rows: [[Double]], _ labels: [Bool], _ importance: [Double], _ ridge: Double
    ) throws(LinearAlgebraError) -> [Double] {
        let count = solution.count
        var gradient = solution.enumerated().map { $0.offset == 0 ? 0 : -ridge * $0.element }
        // [count, count], row-major, the lower triangle.
        var hessian = [Double](repeating: 0, count: count * count)
        for index in 0..<count { hessian[index * count + index] = index == 0 ? biasRidge : ridge }
        for (index, row) in rows.enumerated() {
            let extended = [1] + row
            let logit = zip(solution, extended).reduce(0) { $0 + $1.0 * $1.1 }
            let probability = 1 / (1 + exp(-logit))
            let residual = importance[index] * ((labels[index] ? 1 : 0) - probability)
            let curvature = importance[index] * probability * (1 - probability)
            for i in 0..<count {
                gradient[i] += residual * extended[i]
                for j in 0...i { hessian[i * count + j] += curvature * extended[i] * extended[j] }
            }
        }
        _ = BLAS.kernelsAreChosen
        let code = unsafe LAPACKE_dposv(
            LAPACK_ROW_MAJOR, CChar(UInt8(ascii: "L")), Int32(count), 1, &hessian, Int32(count), &gradient, 1)
        guard code == 0 else { throw .notConverged(operation: "logistic regression", got: Int(code)) }
        return gradient
    }

    /// Keeps the Hessian positive definite where every example is certain, and moves the bias by nothing that shows.
    private static let biasRidge = 1e-9
}
