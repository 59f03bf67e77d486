/// Runs of rows that stand in files of their own and are numbered through, in their order.
///
///     let runs = RowRuns(counts: [3, 2])
///     runs.ranges      // [0..<3, 3..<5]
///     runs.run(of: 3)  // 1
package struct RowRuns: Sendable, Equatable {
    package let ranges: [Range<Int>]

    package init(counts: [Int]) {
        var start = 0
        ranges = counts.map { count in
            defer { start += count }
            return start..<start + count
        }
    }

    package var rowCount: Int { ranges.last?.upperBound ?? 0 }

    /// The run that has a row, by bisection.
    ///
    /// - Precondition: one of the rows.
    package func run(of row: Int) -> Int {
        precondition((0..<rowCount).contains(row), "row outside the runs")
        var (low, high) = (0, ranges.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound <= row { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
