import IndexFiles
import TestSupport
import Testing

@Suite struct RowSetTests {
    @Test(arguments: [0, 1, 63, 64, 65, 1000], [1, 2] as [UInt64])
    func behavesAsASetOfIntegers(rowCount: Int, seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var rows = RowSet(rowCount: rowCount)
        var reference: Set<Int> = []
        for _ in 0..<(rowCount * 3) {
            let row = Int.random(in: 0..<rowCount, using: &generator)
            if Bool.random(using: &generator) {
                rows.insert(row)
                reference.insert(row)
            } else {
                rows.remove(row)
                reference.remove(row)
            }
            #expect(rows.contains(row) == reference.contains(row))
        }
        #expect(members(of: rows) == reference)
        #expect(rows.count == reference.count)
        #expect(rows.isEmpty == reference.isEmpty)
        #expect(rows == RowSet(rowCount: rowCount) { reference.contains($0) })
    }

    @Test(arguments: [5, 6] as [UInt64])
    func aSliceHasTheRowsOfItsRange(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let rows = RowSet(rowCount: 300) { _ in Bool.random(using: &generator) }
        for _ in 0..<200 {
            let low = Int.random(in: 0...300, using: &generator)
            let range = low..<Int.random(in: low...300, using: &generator)
            #expect(rows.slice(range) == RowSet(rowCount: range.count) { rows.contains(range.lowerBound + $0) })
        }
        #expect(rows.slice(0..<300) == rows)
    }

    @Test(arguments: [3, 4] as [UInt64])
    func intersectsAsSetsDo(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let first = Set((0..<100).map { _ in Int.random(in: 0..<200, using: &generator) })
        let second = Set((0..<100).map { _ in Int.random(in: 0..<200, using: &generator) })
        var rows = RowSet(rowCount: 200) { first.contains($0) }
        rows.formIntersection(RowSet(rowCount: 200) { second.contains($0) })
        #expect(members(of: rows) == first.intersection(second))
    }
}

private func members(of rows: RowSet) -> Set<Int> { Set((0..<rows.rowCount).filter { rows.contains($0) }) }

@Suite struct RowRunsTests {
    /// Against counting through, runs without rows among them.
    @Test(arguments: [[3, 2], [1], [0, 4, 0, 0, 1, 7], [5, 0]]) func eachRowIsInTheRunThatHasIt(_ counts: [Int]) {
        let runs = RowRuns(counts: counts)
        #expect(runs.rowCount == counts.reduce(0, +) && runs.ranges.map(\.count) == counts)
        let expected = counts.indices.flatMap { [Int](repeating: $0, count: counts[$0]) }
        #expect((0..<runs.rowCount).map(runs.run) == expected)
    }

    @Test func noRunsHaveNoRows() { #expect(RowRuns(counts: []).rowCount == 0) }
}
