/// The tokens of a statement laid beside those of the span that it cites (Needleman & Wunsch 1970,
/// <https://doi.org/10.1016/0022-2836(70)90057-4>), and the places where they differ.
///
/// What the span says before and behind costs nothing. Time and memory grow with the product of both counts.
struct TokenAlignment {
    /// Neighbours in both texts that differ in what stands between them.
    struct Gap {
        let statement: Range<Int>
        let span: Range<Int>
        /// How many tokens directly before and behind are the same in both texts; a function word counts half.
        let before: Double
        let after: Double

        /// Whether the place is beyond doubt the same in both.
        var isAnchored: Bool { before > 0 && after > 0 && before + after >= 2.5 }
    }

    private(set) var gaps: [Gap] = []
    /// Tokens that are the same in both, in order.
    private(set) var matches: [(statement: Int, span: Int)] = []
    /// Share of the statement's tokens that stand in the span in the same order, 0 to 1.
    private(set) var closeness = 0.0
    /// How many of them do not; a function word counts half.
    private(set) var unmatched = 0.0

    private static let (word, function, synonym) = (Float(2), Float(1), Float(1.2))
    private static let (mismatch, gap) = (Float(-0.7), Float(-0.8))
    /// Longer texts are not laid beside one another.
    static let cellCountMax = 1_000_000
    /// Neighbours that are looked at on each side of a gap.
    private static let anchorMax = 4.0

    init(_ statement: ComparedTokens, _ span: ComparedTokens) {
        let (rows, columns) = (statement.count + 1, span.count + 1)
        guard statement.count > 0, Self.canAlign(statement.count, span.count) else { return }
        var scores = [Float](repeating: 0, count: rows * columns)
        var pairScores = [Float](repeating: 0, count: rows * columns)
        for row in 1..<rows {
            scores[row * columns] = Float(row) * Self.gap
            for column in 1..<columns {
                let pair = Self.pairScore(statement, row - 1, span, column - 1)
                pairScores[row * columns + column] = pair
                let above = scores[(row - 1) * columns + column] + Self.gap
                let left = scores[row * columns + column - 1] + (row == rows - 1 ? 0 : Self.gap)
                scores[row * columns + column] = max(scores[(row - 1) * columns + column - 1] + pair, above, left)
            }
        }
        trace(statement, span, scores, pairScores, columns: columns)
    }

    static func canAlign(_ statementCount: Int, _ spanCount: Int) -> Bool {
        (statementCount + 1) * (spanCount + 1) <= cellCountMax
    }

    private static func pairScore(_ left: ComparedTokens, _ i: Int, _ right: ComparedTokens, _ j: Int) -> Float {
        if left.isSame(i, right, j) { return left.tokens[i].isFunction ? function : word }
        return left.relation(i, right, j) == .same ? synonym : mismatch
    }

    private mutating func trace(
        _ statement: ComparedTokens, _ span: ComparedTokens, _ scores: [Float], _ pairScores: [Float], columns: Int
    ) {
        var (row, column) = (statement.count, span.count)
        while row > 0, column > 0 {
            let score = scores[row * columns + column]
            if score == scores[(row - 1) * columns + column - 1] + pairScores[row * columns + column] {
                (row, column) = (row - 1, column - 1)
                if statement.isSame(row, span, column) { matches.append((row, column)) }
            } else if score == scores[(row - 1) * columns + column] + Self.gap {
                row -= 1
            } else {
                column -= 1
            }
        }
        matches.reverse()
        let weight = { (index: Int) in statement.tokens[index].isFunction ? 0.5 : 1 }
        let total = statement.tokens.indices.reduce(0) { $0 + weight($1) }
        let matched = matches.reduce(0) { $0 + weight($1.0) }
        closeness = matched / max(total, 1)
        unmatched = total - matched
        findGaps(matches, statement, span, weight)
    }

    private mutating func findGaps(
        _ matches: [(Int, Int)], _ statement: ComparedTokens, _ span: ComparedTokens, _ weight: (Int) -> Double
    ) {
        /// A beginning or an end that both texts share holds as well as a word.
        let ends = [(-1, -1)] + matches + [(statement.count, span.count)]
        for (index, (left, right)) in zip(ends, ends.dropFirst()).enumerated()
        where right.0 > left.0 + 1 || right.1 > left.1 + 1 {
            let isEnd = index == ends.count - 2
            var before = index == 0 ? 0 : run(ends, from: index, by: -1, weight)
            var after = isEnd ? 0 : run(ends, from: index + 1, by: 1, weight)
            var spanRange = left.1 + 1..<right.1
            if index == 0 {
                let start = span.clauseStart(before: right.1, within: right.0 + 2)
                if start != nil { before = 1 }
                spanRange = (start ?? right.1)..<right.1
            }
            if isEnd {
                let end = span.clauseEnd(after: left.1, within: statement.count - left.0 + 1)
                if end != nil { after = 1 }
                spanRange = left.1 + 1..<(end ?? left.1 + 1)
            }
            gaps.append(Gap(statement: left.0 + 1..<right.0, span: spanRange, before: before, after: after))
        }
    }

    private func run(_ ends: [(Int, Int)], from start: Int, by step: Int, _ weight: (Int) -> Double) -> Double {
        var total = 0.0
        var index = start
        while index > 0, index < ends.count - 1, total < Self.anchorMax {
            total += weight(ends[index].0)
            let next = index + step
            guard next > 0, next < ends.count - 1, ends[next].0 == ends[index].0 + step,
                ends[next].1 == ends[index].1 + step
            else { break }
            index = next
        }
        return total
    }
}
