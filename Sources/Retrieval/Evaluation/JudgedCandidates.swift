/// What both lanes propose for the queries of a judged set.
struct JudgedCandidates {
    let set: EvaluationSet
    let lanes: Lanes
    /// By query, in the set's order.
    let scores: [LaneScores]

    static let rankingDepth = 100

    /// The fused rankings of all queries.
    func run(options: FusionOptions) throws -> TRECRun {
        var run = TRECRun()
        for (query, scores) in zip(set.queries, scores) {
            let rows = try lanes.fused(scores, options: options).rows
            let units = firstOfUnits(rows) { $0.row }
                .map { TRECRun.Result(unit: set.rows[$0.row].unit, score: $0.scores.fused) }
            run.append(Array(TRECRun.ranked(units).prefix(Self.rankingDepth)), to: query.id)
        }
        return run
    }

    /// How good each query's ranking by one lane is.
    func metrics(of order: (LaneScores) -> [Int]) -> [RankingMetrics] {
        zip(set.queries, scores).map { query, scores in
            let rows = firstOfUnits(order(scores)) { $0 }
            return RankingMetrics(of: rows.map { set.rows[$0].unit }, judgements: query.judgements)
        }
    }

    /// A section is as good as its best chunk: what stands first of each unit.
    private func firstOfUnits<Ranked>(_ ranking: [Ranked], row: (Ranked) -> Int) -> [Ranked] {
        var seen: Set<String> = []
        return ranking.filter { seen.insert(set.rows[row($0)].unit).inserted }
    }
}

extension Evaluator {
    /// How good each lane is on a set, and both fused.
    package struct Report: Sendable {
        package let rowCount: Int
        package let fused: EvaluatedLane
        package let dense: EvaluatedLane
        package let lexical: EvaluatedLane
        /// How much better fused rankings are than the cosine's alone, and than BM25's.
        package let overDense: PairedComparison
        package let overLexical: PairedComparison
        /// The fused rankings.
        package let run: TRECRun
        private let queries: [EvaluationSet.Query]

        package var queryCount: Int { queries.count }

        init(of candidates: JudgedCandidates, options: FusionOptions) throws {
            queries = candidates.set.queries
            rowCount = candidates.set.rows.count
            run = try candidates.run(options: options)
            let metrics = run.metrics(for: queries)
            let (byDense, byLexical) = (candidates.metrics(of: \.denseOrder), candidates.metrics(of: \.lexicalOrder))
            fused = EvaluatedLane(of: metrics)
            dense = EvaluatedLane(of: byDense)
            lexical = EvaluatedLane(of: byLexical)
            overDense = PairedComparison(of: metrics.map(\.ndcgAt10), with: byDense.map(\.ndcgAt10))
            overLexical = PairedComparison(of: metrics.map(\.ndcgAt10), with: byLexical.map(\.ndcgAt10))
        }

        /// How much better the fused rankings are than those of a run of the same set; a query that it lacks counts 0.
        package func compared(with other: TRECRun) -> PairedComparison {
            PairedComparison(
                of: run.metrics(for: queries).map(\.ndcgAt10), with: other.metrics(for: queries).map(\.ndcgAt10))
        }
    }
}

extension TRECRun {
    /// How good each query's ranking is, in the order of the queries.
    func metrics(for queries: [EvaluationSet.Query]) -> [RankingMetrics] {
        queries.map { query in
            RankingMetrics(of: (rankings[query.id] ?? []).map(\.unit), judgements: query.judgements)
        }
    }
}
