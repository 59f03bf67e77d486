import TestSupport
import Testing
import VectorSearch

@Suite struct MergePolicyTests {
    private typealias Size = MergePolicy.Size

    @Test(
        arguments: [
            ([], nil), ([1], nil), ([1, 1, 1, 1, 1, 1, 1], nil), ([1, 1, 1, 1, 1, 1, 1, 1], 0..<8),
            // Small ones are of one tier, however small, and all of a tier go at once.
            ([1_000, 1, 5, 1_024, 1, 1, 7, 900, 1, 1], 0..<10),
            // The tier above waits for its own.
            ([100_000, 1, 1, 1, 1, 1, 1, 1], nil), ([100_000, 1, 1, 1, 1, 1, 1, 1, 1], 1..<9),
            // A small one between large ones goes with them.
            ([9_000, 9_000, 1, 9_000, 9_000, 9_000, 9_000, 9_000], 0..<8),
            // Too large together: the largest is 349,525 rows of 384 components.
            ([349_525, 1], nil), ([Int](repeating: 50_000, count: 8), nil),
            ([50_000] + [Int](repeating: 43_690, count: 8), 1..<9),
        ] as [([Int], Range<Int>?)])
    func neighboursOfATierAreMerged(sizes: [Int], expected: Range<Int>?) {
        #expect(MergePolicy().due(sizes.map { Size(liveCount: $0) }, dimension: 384) == expected)
    }

    @Test func aSegmentWithManyTombstonesIsWrittenAnewAlone() {
        let clean = Size(liveCount: 100_000)
        #expect(MergePolicy().due([clean, Size(liveCount: 75, tombstoneCount: 25)], dimension: 384) == nil)
        #expect(MergePolicy().due([clean, Size(liveCount: 74, tombstoneCount: 26)], dimension: 384) == 1..<2)
    }

    /// However appends come, few segments are left, and a row is written few times.
    @Test(arguments: [1, 2, 3] as [UInt64]) func segmentsStayFewAndRowsAreSeldomWritten(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let policy = MergePolicy()
        var (sizes, appendedCount, writtenCount) = ([Int](), 0, 0)
        for _ in 0..<5_000 {
            let countMax = Int.random(in: 0..<20, using: &generator) == 0 ? 5_000 : 200
            let count = Int.random(in: 1...countMax, using: &generator)
            sizes.append(count)
            appendedCount += count
            while let range = policy.due(sizes.map { Size(liveCount: $0) }, dimension: 64) {
                let sum = sizes[range].reduce(0, +)
                writtenCount += sum
                sizes.replaceSubrange(range, with: [sum])
            }
            #expect(sizes.count <= 40)
        }
        #expect(sizes.reduce(0, +) == appendedCount)
        #expect(writtenCount < 6 * appendedCount)
    }
}
