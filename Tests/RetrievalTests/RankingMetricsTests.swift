import Foundation
import Retrieval
import TestSupport
import Testing

@Suite struct RankingMetricsTests {
    private static let grades = ["a": 2, "b": 1, "c": 1]
    /// The best gain of `grades`: 2/log2(2) + 1/log2(3) + 1/log2(4).
    private static let ideal = 2 + 1 / 1.584962500721156 + 0.5

    /// Rankings with nDCG@10, recall@10, recall@100 and the reciprocal rank, worked out by hand.
    static let table: [(ranking: [String], ndcg: Double, recall10: Double, recall100: Double, mrr: Double)] = [
        (["a", "b", "c"], 1, 1, 1, 1),
        (["a", "c", "b"], 1, 1, 1, 1),
        (["x", "a"], (2 / 1.584962500721156) / ideal, 1.0 / 3, 1.0 / 3, 0.5),
        (["b", "x", "x2", "a"], (1 + 2 / 2.321928094887362) / ideal, 2.0 / 3, 2.0 / 3, 1),
        ([], 0, 0, 0, 0),
        (["x", "y", "z"], 0, 0, 0, 0),
        ((0..<10).map { "x\($0)" } + ["a"], 0, 0, 1.0 / 3, 1.0 / 11),
        ((0..<99).map { "x\($0)" } + ["a"], 0, 0, 1.0 / 3, 0.01),
        ((0..<100).map { "x\($0)" } + ["a"], 0, 0, 0, 0),
        ((0..<9).map { "x\($0)" } + ["b"], (1 / 3.4594316186372973) / ideal, 1.0 / 3, 1.0 / 3, 0.1),
    ]

    @Test(arguments: table.indices) func handComputedValuesComeOut(_ index: Int) {
        let expected = Self.table[index]
        let metrics = RankingMetrics(of: expected.ranking, judgements: Self.grades)
        #expect(abs(metrics.ndcgAt10 - expected.ndcg) < 1e-12)
        #expect(abs(metrics.recallAt10 - expected.recall10) < 1e-12)
        #expect(abs(metrics.recallAt100 - expected.recall100) < 1e-12)
        #expect(abs(metrics.mrr - expected.mrr) < 1e-12)
    }

    @Test func moreRelevantUnitsThanTenStillMakeAPerfectRanking() {
        let grades = Dictionary(uniqueKeysWithValues: (0..<40).map { ("u\($0)", $0 % 4 + 1) })
        let ranking = grades.sorted { ($0.value, $1.key) > ($1.value, $0.key) }.map(\.key)
        let metrics = RankingMetrics(of: ranking, judgements: grades)
        #expect(metrics.ndcgAt10 == 1)
        #expect(metrics.recallAt10 == 0.25)
        #expect(metrics.recallAt100 == 1)
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>) func aPlainSecondImplementationAgrees(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<50 {
            let pool = (0..<Int.random(in: 1...200, using: &random)).map { "u\($0)" }
            let relevant = pool.filter { _ in Int.random(in: 0..<8, using: &random) == 0 }.prefix(30)
            let grades = Dictionary(uniqueKeysWithValues: relevant.map { ($0, Int.random(in: 1...3, using: &random)) })
            let ranking = Array(pool.shuffled(using: &random).prefix(Int.random(in: 0...150, using: &random)))
            let metrics = RankingMetrics(of: ranking, judgements: grades)
            #expect(abs(metrics.ndcgAt10 - plainNDCG(ranking, grades)) < 1e-12)
            #expect(abs(metrics.recallAt10 - plainRecall(ranking, grades, 10)) < 1e-12)
            #expect(abs(metrics.recallAt100 - plainRecall(ranking, grades, 100)) < 1e-12)
            #expect(abs(metrics.mrr - plainReciprocalRank(ranking, grades)) < 1e-12)
        }
    }

    @Test func aLaneIsTheMeanOverItsQueries() {
        let lane = EvaluatedLane(of: Self.table.map { RankingMetrics(of: $0.ranking, judgements: Self.grades) })
        let count = Double(Self.table.count)
        #expect(abs(lane.mean.ndcgAt10 - Self.table.reduce(0) { $0 + $1.ndcg } / count) < 1e-12)
        #expect(abs(lane.mean.mrr - Self.table.reduce(0) { $0 + $1.mrr } / count) < 1e-12)
        #expect(lane.low.mrr < lane.mean.mrr && lane.mean.mrr < lane.high.mrr)
        for (low, high) in zip(lane.low.named, lane.high.named) {
            #expect(low.value >= 0 && high.value <= 1 && low.value <= high.value)
        }
        #expect(lane.mean.named.map(\.name) == ["ndcg_at_10", "recall_at_10", "recall_at_100", "mrr"])
    }

    @Test func theIntervalIsTheSameEveryTimeAndAPointForEqualQueries() {
        let queries = Self.table.map { RankingMetrics(of: $0.ranking, judgements: Self.grades) }
        #expect(EvaluatedLane(of: queries) == EvaluatedLane(of: queries))
        let one = EvaluatedLane(of: [queries[2]])
        #expect(one.low == one.mean && one.high == one.mean)
    }

    /// Of n coin flips the share of heads has a 95% interval of about ±1.96 · √(p(1-p)/n).
    @Test func theIntervalIsAsWideAsTheNormalApproximationSays() {
        let (hit, miss) = (
            RankingMetrics(of: ["a"], judgements: ["a": 1]), RankingMetrics(of: ["x"], judgements: ["a": 1])
        )
        let lane = EvaluatedLane(of: (0..<400).map { $0 % 4 == 0 ? hit : miss })
        let half = 1.96 * (0.25 * 0.75 / 400).squareRoot()
        #expect(abs(lane.high.mrr - lane.low.mrr - 2 * half) < 0.2 * half)
    }
}

private func plainNDCG(_ ranking: [String], _ grades: [String: Int]) -> Double {
    func gain(_ grades: [Int]) -> Double {
        var sum = 0.0
        for place in 1...10 where place <= grades.count {
            sum += Double(grades[place - 1]) * log(2) / log(Double(place) + 1)
        }
        return sum
    }
    let best = gain(grades.values.sorted().reversed())
    return best == 0 ? 0 : gain(ranking.map { grades[$0, default: 0] }) / best
}

private func plainRecall(_ ranking: [String], _ grades: [String: Int], _ depth: Int) -> Double {
    grades.isEmpty ? 0 : Double(Set(ranking.prefix(depth)).intersection(grades.keys).count) / Double(grades.count)
}

private func plainReciprocalRank(_ ranking: [String], _ grades: [String: Int]) -> Double {
    for (place, unit) in ranking.enumerated() where place < 100 && grades[unit] != nil { return 1 / Double(place + 1) }
    return 0
}
