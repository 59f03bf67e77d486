import LinearAlgebra
import TestSupport
import Testing

/// Without a penalty to speak of, one feature of two values has a solution by hand: the log odds of each.
@Test func logisticRegressionFindsTheLogOddsOfTwoGroups() throws {
    // 1 of 4 without the feature, 3 of 4 with it.
    let rows = [[0.0], [0], [0], [0], [1], [1], [1], [1]]
    let labels = [true, false, false, false, true, true, true, false]
    let fit = try LogisticRegression(
        fitting: rows, labels: labels, importance: labels.map { _ in 1 }, ridge: 1e-9)
    #expect(abs(fit.bias + 1.0986122887) < 1e-6)
    #expect(abs(fit.weights[0] - 2 * 1.0986122887) < 1e-6)
    #expect(abs(fit.logit(of: [1]) - 1.0986122887) < 1e-6)
}

/// An example that counts twice is the same as two of it.
@Test(arguments: 0..<5) func importanceIsRepetition(_ seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    let rows = (0..<30).map { _ in (0..<3).map { _ in Double.random(in: -1...1, using: &random) } }
    let labels = rows.map { $0[0] + 0.3 * $0[1] + Double.random(in: -0.8...0.8, using: &random) > 0 }
    let twice = rows.indices.map { $0 % 3 == 0 ? 2.0 : 1 }
    let weighted = try LogisticRegression(fitting: rows, labels: labels, importance: twice, ridge: 0.5)
    let indexes = rows.indices + rows.indices.filter { $0 % 3 == 0 }
    let repeated = try LogisticRegression(
        fitting: indexes.map { rows[$0] }, labels: indexes.map { labels[$0] }, importance: indexes.map { _ in 1 },
        ridge: 0.5)
    #expect(abs(weighted.bias - repeated.bias) < 1e-8)
    #expect(zip(weighted.weights, repeated.weights).allSatisfy { abs($0 - $1) < 1e-8 })
    #expect(weighted.weights[0] > weighted.weights[2])
}

@Test func separableClassesHaveFiniteWeights() throws {
    let fit = try LogisticRegression(
        fitting: [[-2.0], [-1], [1], [2]], labels: [false, false, true, true], importance: [1, 1, 1, 1], ridge: 1)
    #expect(fit.weights[0] > 0 && fit.weights[0] < 10)
    #expect(abs(fit.bias) < 1e-6)
}

@Test func valuesThatAreNotFiniteAreRefused() {
    #expect(throws: LinearAlgebraError.self) {
        _ = try LogisticRegression(fitting: [[.nan]], labels: [true], importance: [1], ridge: 1)
    }
}

@Test func noExamplesGiveNoWeights() throws {
    let fit = try LogisticRegression(fitting: [], labels: [], importance: [], ridge: 1)
    #expect(fit.weights.isEmpty && fit.bias == 0)
}
