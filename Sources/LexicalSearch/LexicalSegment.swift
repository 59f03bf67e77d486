import Foundation
import IndexFiles

/// An index as a part of a whole: which of its rows are left.
struct LexicalSegment: Sendable {
    let index: LexicalIndex
    /// The rows that are gone, counted within the index, ascending.
    private let dead: [Int]
    /// The same as a set, where there are some.
    private let live: RowSet?
    /// For each row `k₁ · (1 - b + b · length / mean length)`.
    private(set) var norms: [Float] = []

    /// - Parameter live: a set over the index's rows.
    init(_ index: LexicalIndex, live: RowSet) {
        self.index = index
        dead = live.count == index.rowCount ? [] : (0..<index.rowCount).filter { !live.contains($0) }
        self.live = dead.isEmpty ? nil : live
    }

    var liveCount: Int { index.rowCount - dead.count }

    /// The weighted words of the rows that are left.
    var liveLength: Double {
        let whole = unsafe index.lengths.withUnsafeBufferPointer { lengths in
            unsafe lengths.reduce(into: 0.0) { $0 += Double($1) }
        }
        return dead.reduce(into: whole) { $0 -= Double(index.lengths[$1]) }
    }

    mutating func setNorms(meanLength: Double) {
        let (k, b) = (Double(index.options.saturation), Double(index.options.lengthNormalisation))
        norms = unsafe index.lengths.withUnsafeBufferPointer { lengths in
            unsafe lengths.map { length in Float(k * (1 - b + b * Double(length) / meanLength)) }
        }
    }

    /// The postings of a term; `nil` where no row ever had it.
    func postings(of term: LexicalTerm) -> Range<Int>? {
        index.dictionary.number(of: term.bytes).map { index.postings.range(of: $0) }
    }

    /// How many of the postings are of rows that are left.
    func liveCount(of range: Range<Int>) -> Int {
        guard let live else { return range.count }
        // A bisection takes as many steps as the count has bits: whichever is less work.
        if dead.count * (Int.bitWidth - range.count.leadingZeroBitCount) < range.count {
            return range.count - dead.count { index.postings.position(of: $0, in: range) != nil }
        }
        return range.count { live.contains(Int(index.postings.rows[$0])) }
    }
}
