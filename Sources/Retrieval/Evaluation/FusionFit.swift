/// Looks for the weights of fusion on judged sets: every pair of a grid is tried, and each set is also judged by the pair
/// that is best on the others alone.
///
/// The measure is nDCG@10 as a share of the better lane's, each set counting the same.
package struct FusionFit {
    private let evaluator: Evaluator
    private let options: FusionOptions

    /// What a cosine's weight of `FusionOptions.denseWeight` is held against.
    package static let lexicalWeights: [Float] = [0, 0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.1]
    package static let feedbackWeights: [Float] = [0, 0.1, 0.2, 0.3, 0.4, 0.5]

    /// nDCG@10 with a pair of weights.
    package struct Trial: Sendable {
        package let lexicalWeight: Float
        package let feedbackWeight: Float
        /// By set.
        package let ndcgAt10: [Double]
    }

    package struct Report: Sendable {
        /// nDCG@10 of the better lane alone, by set.
        package let betterLane: [Double]
        /// With the weights that are built in, by set.
        package let current: Trial
        /// Best first.
        package let trials: [Trial]
        /// By set: the pair that is best on the other sets, as it does on this one; empty for a single set.
        package let heldOut: [Trial]
    }

    package init(evaluator: Evaluator, options: FusionOptions = FusionOptions()) {
        (self.evaluator, self.options) = (evaluator, options)
    }

    /// - Precondition: there is a set.
    package func report(on sets: [EvaluationSet], progress: (_ done: Int, _ total: Int) -> Void) throws -> Report {
        precondition(!sets.isEmpty, "weights are fitted on something")
        let candidates = try sets.map(evaluator.candidates)
        let better = candidates.map { set in
            max(mean(set.metrics(of: \.denseOrder)), mean(set.metrics(of: \.lexicalOrder)))
        }
        func trial(_ options: FusionOptions) throws -> Trial {
            Trial(
                lexicalWeight: options.lexicalWeight, feedbackWeight: options.feedbackWeight,
                ndcgAt10: try candidates.map { mean(try $0.run(options: options).metrics(for: $0.set.queries)) })
        }
        let grid = Self.lexicalWeights.flatMap { lexical in Self.feedbackWeights.map { (lexical, $0) } }
        let trials = try grid.enumerated().map { done, weights in
            progress(done, grid.count)
            var options = options
            (options.lexicalWeight, options.feedbackWeight) = weights
            return try trial(options)
        }
        func best(on sets: [Int]) -> [Trial] {
            func gain(_ trial: Trial) -> Double { sets.reduce(0) { $0 + trial.ndcgAt10[$1] / better[$1] } }
            return trials.sorted { gain($0) > gain($1) }
        }
        let all = Array(sets.indices)
        let heldOut = sets.count > 1 ? all.compactMap { held in best(on: all.filter { $0 != held }).first } : []
        return Report(betterLane: better, current: try trial(options), trials: best(on: all), heldOut: heldOut)
    }

    private func mean(_ metrics: [RankingMetrics]) -> Double { RankingMetrics(meanOf: metrics).ndcgAt10 }
}
