import Foundation

/// How good rankings are, each from 0 to 1, as means over queries.
package struct RankingMetrics: Sendable, Equatable {
    /// Normalised discounted cumulative gain of the first ten, gain linear in the grade as in trec_eval's `ndcg_cut`
    /// (Järvelin & Kekäläinen 2002).
    package var ndcgAt10: Double
    package var recallAt10: Double
    package var recallAt100: Double
    /// Reciprocal rank of the first relevant result in the first hundred.
    package var mrr: Double

    static let names = ["ndcg_at_10", "recall_at_10", "recall_at_100", "mrr"]

    /// The metrics with their names in reports, in their order there.
    package var named: [(name: String, value: Double)] {
        Array(zip(Self.names, [ndcgAt10, recallAt10, recallAt100, mrr]))
    }
}

extension RankingMetrics {
    /// Judges one ranking of distinct units, best first, against the grades of the relevant ones.
    package init(of ranking: [String], judgements: [String: Int]) {
        let grades = ranking.prefix(100).map { judgements[$0] ?? 0 }
        let ideal = gain(judgements.values.sorted(by: >).prefix(10))
        func recall(_ depth: Int) -> Double {
            let found = grades.prefix(depth).count { $0 > 0 }
            return judgements.isEmpty ? 0 : Double(found) / Double(judgements.count)
        }
        ndcgAt10 = ideal > 0 ? gain(grades.prefix(10)) / ideal : 0
        recallAt10 = recall(10)
        recallAt100 = recall(100)
        mrr = grades.firstIndex { $0 > 0 }.map { 1 / Double($0 + 1) } ?? 0
    }

    /// The mean of each metric.
    init(meanOf all: some Collection<RankingMetrics>) {
        func mean(_ metric: KeyPath<RankingMetrics, Double>) -> Double {
            all.isEmpty ? 0 : all.reduce(0) { $0 + $1[keyPath: metric] } / Double(all.count)
        }
        self.init(
            ndcgAt10: mean(\.ndcgAt10), recallAt10: mean(\.recallAt10), recallAt100: mean(\.recallAt100),
            mrr: mean(\.mrr))
    }
}

private func gain(_ grades: some Collection<Int>) -> Double {
    grades.enumerated().reduce(0) { $0 + Double($1.element) / log2(Double($1.offset + 2)) }
}

/// Metrics of a lane with the 95% interval of each, by the percentile bootstrap over queries (Efron & Tibshirani 1993).
package struct EvaluatedLane: Sendable, Equatable {
    package let mean: RankingMetrics
    package let low: RankingMetrics
    package let high: RankingMetrics

    /// The mean over queries and its interval.
    ///
    /// - Precondition: there is a query.
    package init(of queries: [RankingMetrics]) {
        let bootstrap = Bootstrap(queryCount: queries.count)
        func interval(_ metric: KeyPath<RankingMetrics, Double>) -> (low: Double, high: Double) {
            bootstrap.interval(of: queries.map { $0[keyPath: metric] })
        }
        let (ndcg, recall10, recall100) = (interval(\.ndcgAt10), interval(\.recallAt10), interval(\.recallAt100))
        let mrr = interval(\.mrr)
        mean = RankingMetrics(meanOf: queries)
        low = RankingMetrics(ndcgAt10: ndcg.low, recallAt10: recall10.low, recallAt100: recall100.low, mrr: mrr.low)
        high = RankingMetrics(
            ndcgAt10: ndcg.high, recallAt10: recall10.high, recallAt100: recall100.high, mrr: mrr.high)
    }
}
