import IndexFiles
import TestSupport
import Testing

@Suite struct TopRowsTests {
    @Test(arguments: [0, 1, 2, 10, 999, 1000, 2000, Int.max], [1, 2, 3] as [UInt64])
    func keepsTheBeginningOfAFullSort(limit: Int, seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        // Few distinct scores, so that most rows tie.
        let scored = (0..<1000).map { row in
            ScoredRow(row: row, score: Float(Int.random(in: -5...5, using: &generator)))
        }
        var top = TopRows(limit: limit)
        for candidate in scored.shuffled(using: &generator) { top.insert(candidate) }
        let sorted = scored.sorted { ($0.score, -$0.row) > ($1.score, -$1.row) }
        #expect(top.sorted() == Array(sorted.prefix(limit)))
    }

    @Test func theThresholdIsTheScoreOfTheLastRowOnceFull() {
        var top = TopRows(limit: 2)
        #expect(top.threshold == -.infinity)
        top.insert(ScoredRow(row: 0, score: 3))
        #expect(top.threshold == -.infinity)
        top.insert(ScoredRow(row: 1, score: 5))
        #expect(top.threshold == 3)
        top.insert(ScoredRow(row: 2, score: 4))
        #expect(top.threshold == 4)
        #expect(TopRows(limit: 0).threshold == .infinity)
    }
}
