/// How many statements the checker drops of those that it should and should not.
package struct CheckerBenchmark {
    private let checker: StatementChecker

    package init(checker: StatementChecker = StatementChecker()) { self.checker = checker }

    /// Of the statements of one kind, how many were dropped.
    package struct Row: Sendable, Equatable {
        package let set: String
        package let kind: String
        /// Whether statements of this kind are true, so that each one dropped is a false alarm.
        package let isSupported: Bool
        package internal(set) var count = 0
        package internal(set) var droppedCount = 0

        package var droppedShare: Double { count == 0 ? 0 : Double(droppedCount) / Double(count) }
    }

    /// A row a kind in the order in which they come, and one of all corruptions.
    package func rows(_ cases: [CheckerCase], set: String) -> [Row] {
        var rows: [Row] = []
        var all = Row(set: set, kind: "all corruptions", isSupported: false)
        for item in cases {
            let isDropped = !checker.judge(item.statement, citing: [item.quote]).isSupported
            let name = item.truth.name
            let index = rows.firstIndex { $0.kind == name } ?? rows.count
            if index == rows.count { rows.append(Row(set: set, kind: name, isSupported: item.truth.isSupported)) }
            rows[index].count += 1
            rows[index].droppedCount += isDropped ? 1 : 0
            guard case .corrupted = item.truth else { continue }
            all.count += 1
            all.droppedCount += isDropped ? 1 : 0
        }
        return rows.sorted { $0.kind < $1.kind } + [all]
    }

    /// How long the statements take, in milliseconds for each hundred of them, with the spans as they are; the best of
    /// `turnCount`.
    package func milliseconds(aHundredOf cases: [CheckerCase], turnCount: Int) -> Double {
        let times = (0..<turnCount).map { _ in
            let start = ContinuousClock.now
            for item in cases { _ = checker.judge(item.statement, citing: [item.quote]) }
            return (ContinuousClock.now - start) / .milliseconds(1)
        }
        return (times.min() ?? 0) * 100 / Double(max(cases.count, 1))
    }
}
