/// How much better one ranking of the same queries is than another, query by query: what two intervals side by side hide.
package struct PairedComparison: Sendable, Equatable {
    package let queryCount: Int
    /// The mean of the differences in nDCG@10, this run's less the other's, and its 95% interval by the percentile
    /// bootstrap over queries.
    package let difference: Double
    package let low: Double
    package let high: Double
    /// How many queries this run answers better, and how many worse.
    package let betterCount: Int
    package let worseCount: Int

    /// - Precondition: there is a query, and the values are of the same queries in the same order.
    init(of own: [Double], with others: [Double]) {
        precondition(own.count == others.count && !own.isEmpty, "the same queries")
        let differences = zip(own, others).map { $0 - $1 }
        (low, high) = Bootstrap(queryCount: differences.count).interval(of: differences)
        queryCount = differences.count
        difference = differences.reduce(0, +) / Double(differences.count)
        betterCount = differences.count { $0 > 0 }
        worseCount = differences.count { $0 < 0 }
    }
}
