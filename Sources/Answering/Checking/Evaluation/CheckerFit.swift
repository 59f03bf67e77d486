import LinearAlgebra

/// How the weights of the checker came about.
package struct CheckerFit {
    /// Small against the hundreds of cases, large enough that no weight runs away.
    private static let ridge = 1.0
    /// Share of the true statements that may fall below the threshold.
    package static let falseAlarmShareMax = 0.01

    /// The weights under which true statements are most probable and the others least, both sides counting the same;
    /// the bias is moved so that no more true ones than `falseAlarmShareMax` fall below `Verdict.threshold`.
    ///
    /// Statements with a veto are dropped whatever their score, and teach nothing.
    package static func weights(for cases: [CheckerCase]) throws -> CheckerWeights {
        let checker = StatementChecker()
        let weighed = cases.filter { item in
            !checker.judge(item.statement, citing: [item.quote]).reasons.contains(where: \.isVeto)
        }
        let rows = weighed.map { checker.features($0.statement, citing: [$0.quote]).values }
        let labels = weighed.map(\.truth.isSupported)
        let trueCount = labels.count(where: \.self)
        let importance = labels.map { $0 ? Double(labels.count - trueCount) / Double(max(trueCount, 1)) : 1 }
        let fit = try LogisticRegression(fitting: rows, labels: labels, importance: importance, ridge: ridge)
        let logits = zip(rows, labels).filter(\.1).map { fit.logit(of: $0.0) }.sorted()
        let allowed = min(Int(Double(trueCount) * falseAlarmShareMax), max(logits.count - 1, 0))
        let lowest = logits.isEmpty ? 0 : logits[allowed]
        return CheckerWeights(bias: fit.bias - lowest + margin, weights: fit.weights)
    }

    /// Above the threshold, so that rounding drops no statement.
    private static let margin = 0.01
}
