import LinearAlgebra

/// Draws of as many queries as there are, with replacement: how far a mean over queries depends on which were asked
/// (Efron & Tibshirani 1993, "An Introduction to the Bootstrap"). The same in every run.
struct Bootstrap {
    private let draws: [[Int]]

    private static let drawCount = 1_000
    private static let seed: UInt64 = 1

    /// - Precondition: there is a query.
    init(queryCount: Int) {
        precondition(queryCount > 0, "a mean of something")
        var random = SplitMix64(seed: Self.seed)
        draws = (0..<Self.drawCount).map { _ in
            (0..<queryCount).map { _ in Int(random.next() % UInt64(queryCount)) }
        }
    }

    /// The percentile interval of 95% of the mean of `values`, `[queries]`.
    func interval(of values: [Double]) -> (low: Double, high: Double) {
        let means = draws.map { draw in draw.reduce(0) { $0 + values[$1] } / Double(values.count) }.sorted()
        func quantile(_ share: Double) -> Double { means[Int(share * Double(means.count - 1))] }
        return (quantile(0.025), quantile(0.975))
    }
}
