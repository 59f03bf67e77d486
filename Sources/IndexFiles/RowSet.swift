/// A set of row numbers as a bitmap: which rows a search may return.
package struct RowSet: Sendable, Equatable {
    /// One past the highest row that the set can hold.
    package let rowCount: Int
    /// A bit for each row, the first row the lowest of the first word; those behind the last row are 0.
    package private(set) var words: [UInt64]

    /// The empty set over `rowCount` rows.
    package init(rowCount: Int) {
        self.rowCount = rowCount
        words = [UInt64](repeating: 0, count: Self.wordCount(ofRows: rowCount))
    }

    package static func wordCount(ofRows rowCount: Int) -> Int { (rowCount + 63) / 64 }

    /// The rows for which `isIncluded` holds.
    package init(rowCount: Int, where isIncluded: (Int) -> Bool) {
        self.init(rowCount: rowCount)
        for row in 0..<rowCount where isIncluded(row) { insert(row) }
    }

    package var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }
    package var isEmpty: Bool { words.allSatisfy { $0 == 0 } }

    package func contains(_ row: Int) -> Bool {
        precondition(row >= 0 && row < rowCount, "row outside the set's range")
        return words[row >> 6] >> UInt64(row & 63) & 1 == 1
    }

    package mutating func insert(_ row: Int) {
        precondition(row >= 0 && row < rowCount, "row outside the set's range")
        words[row >> 6] |= 1 << UInt64(row & 63)
    }

    package mutating func remove(_ row: Int) {
        precondition(row >= 0 && row < rowCount, "row outside the set's range")
        words[row >> 6] &= ~(1 << UInt64(row & 63))
    }

    /// The rows of the set, in order.
    package var rows: [Int] {
        var rows: [Int] = []
        for (index, var word) in words.enumerated() {
            while word != 0 {
                rows.append(index << 6 + word.trailingZeroBitCount)
                word &= word - 1
            }
        }
        return rows
    }

    /// The rows of a range, counted from its first.
    package func slice(_ range: Range<Int>) -> RowSet {
        precondition(range.lowerBound >= 0 && range.upperBound <= rowCount, "rows outside the set's range")
        var slice = RowSet(rowCount: range.count)
        let (first, shift) = (range.lowerBound >> 6, UInt64(range.lowerBound & 63))
        for word in slice.words.indices {
            slice.words[word] = words[first + word] >> shift
            if shift > 0, first + word + 1 < words.count {
                slice.words[word] |= words[first + word + 1] << (64 - shift)
            }
        }
        let excess = UInt64(range.count & 63)
        if excess > 0 { slice.words[slice.words.count - 1] &= 1 << excess - 1 }
        return slice
    }

    package mutating func formIntersection(_ other: RowSet) {
        precondition(other.rowCount == rowCount)
        for word in words.indices { words[word] &= other.words[word] }
    }
}
