import Foundation

/// What the score is made of: each a number that is 0 where nothing speaks against the statement.
package struct CheckerFeatures: Sendable, Equatable {
    /// `[featureCount]`, in the order of `names`.
    package let values: [Double]

    package static let names = [
        "uncovered share", "uncovered words", "uncovered things", "denied share", "denied words", "contrary words",
        "modality", "restrictions", "missing facts", "differences", "exchanges", "negations", "distance",
        "uncovered share beyond the usual",
    ]

    /// Share of words that hardly any paraphrase of one's own exceeds, of those to fit.
    private static let usualShareMax = 0.35

    /// Of a copy.
    static let none = CheckerFeatures(values: names.map { _ in 0 })

    private init(values: [Double]) { self.values = values }

    init(
        _ sense: SenseCheck, _ differences: [Verdict.Reason], _ alignment: TokenAlignment, missingCount: Int,
        isDenied: Bool
    ) {
        func count(_ count: Int) -> Double { log1p(Double(count)) }
        let exchangeCount = differences.count { $0.kind == .exchange || $0.kind == .uncovered }
        values = [
            sense.uncoveredShare, count(sense.uncovered.count), count(sense.uncoveredThings.count), sense.deniedShare,
            count(sense.denied.count), count(sense.contrary.count), count(sense.modality.count),
            count(sense.restrictions.count), count(missingCount), count(differences.count - exchangeCount),
            count(exchangeCount), isDenied ? 1 : 0, 1 - alignment.closeness,
            10 * max(0, sense.uncoveredShare - Self.usualShareMax),
        ]
    }
}

/// The weights of the score, in log odds.
package struct CheckerWeights: Sendable, Equatable {
    package let bias: Double
    /// `[featureCount]`
    package let weights: [Double]

    package init(bias: Double, weights: [Double]) {
        self.bias = bias
        self.weights = weights
    }

    /// Fitted by `docket bench checker --fit` to the paraphrases that are there for it, and to what is made of them.
    package static let fitted = CheckerWeights(
        bias: 3.62,
        weights: [0.3, -0.46, -0.83, 0.56, -0.74, -2.84, -1, -0.12, 0, -0.46, 0.07, -2.55, -0.94, -0.48])

    package func probability(of features: CheckerFeatures) -> Double {
        1 / (1 + exp(-zip(weights, features.values).reduce(bias) { $0 + $1.0 * $1.1 }))
    }
}
