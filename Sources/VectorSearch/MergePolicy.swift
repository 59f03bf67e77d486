import Foundation

/// Which segments are merged, and when.
///
/// Only neighbours are, so that row numbers ascend from segment to segment. Segments are put into tiers by the logarithm
/// of their size, and a tier is merged when it has `mergeFactor` of them, as Lucene's `LogMergePolicy` does it
/// (<https://lucene.apache.org/core/9_12_0/core/org/apache/lucene/index/LogMergePolicy.html>): a row is written anew once
/// a tier. A segment with many tombstones is written anew alone.
package struct MergePolicy: Sendable {
    /// Neighbours of a tier that are merged.
    package var mergeFactor = 8
    /// Smaller segments are of one tier: searching them costs little but their number does.
    package var smallRowCount = 1_024
    /// The share of tombstones above which a segment is written anew. They are found by scans and take space until then.
    package var tombstoneShareMax = 0.25
    /// The floats, in bytes, of a segment that comes of several: merging holds them in memory, and about a third as much
    /// for their codes.
    package var mergedByteCountMax = 512 << 20

    /// How far below the largest of its tier a segment may be, on the scale of `level`: as in `LogMergePolicy`.
    private static let tierHeight = 0.75

    package init() {}

    package struct Size: Equatable {
        package let liveCount: Int
        package let tombstoneCount: Int

        package init(liveCount: Int, tombstoneCount: Int = 0) {
            (self.liveCount, self.tombstoneCount) = (liveCount, tombstoneCount)
        }
    }

    /// The neighbours to be merged next; `nil` where all is well.
    package func due(_ sizes: [Size], dimension: Int) -> Range<Int>? {
        let rowCountMax = rowCountMax(dimension)
        let levels = sizes.map(level)
        var start = 0
        while let top = levels[start...].max() {
            let end = 1 + (levels[start...].lastIndex { $0 >= top - Self.tierHeight } ?? start)
            if let range = run(of: sizes, in: start..<end, rowCountMax: rowCountMax) {
                return range
            }
            start = end
        }
        return sizes.firstIndex(where: hasManyTombstones).map { $0..<$0 + 1 }
    }

    /// The rows of a segment that comes of several, at most.
    package func rowCountMax(_ dimension: Int) -> Int {
        mergedByteCountMax / (dimension * MemoryLayout<Float>.stride)
    }

    private func level(_ size: Size) -> Double {
        log(Double(max(size.liveCount, smallRowCount))) / log(Double(mergeFactor))
    }

    private func hasManyTombstones(_ size: Size) -> Bool {
        Double(size.tombstoneCount) > tombstoneShareMax * Double(size.liveCount + size.tombstoneCount)
    }

    /// The first neighbours, as many as there are, whose rows together are few enough.
    private func run(of sizes: [Size], in range: Range<Int>, rowCountMax: Int) -> Range<Int>? {
        for start in range {
            var (end, rowCount) = (start, 0)
            while end < range.upperBound, rowCount + sizes[end].liveCount <= rowCountMax {
                rowCount += sizes[end].liveCount
                end += 1
            }
            if end - start >= mergeFactor { return start..<end }
        }
        return nil
    }
}
