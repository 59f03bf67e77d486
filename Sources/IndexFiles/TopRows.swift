/// A row and its score in one lane.
package struct ScoredRow: Sendable, Equatable {
    package let row: Int
    package let score: Float

    package init(row: Int, score: Float) {
        self.row = row
        self.score = score
    }

    /// Higher scores first; equal scores by row number.
    package func ranksBefore(_ other: ScoredRow) -> Bool {
        score > other.score || (score == other.score && row < other.row)
    }
}

/// The best `limit` rows seen so far: a binary heap whose root is the worst of them.
///
/// Inserting costs O(log limit); a row that cannot enter costs one comparison.
package struct TopRows: Sendable {
    /// A limit may be anything; memory for more rows than these is taken as they come.
    static let reservedCountMax = 1024

    package let limit: Int
    private var heap: [ScoredRow] = []

    package init(limit: Int) {
        precondition(limit >= 0)
        self.limit = limit
        heap.reserveCapacity(min(limit, Self.reservedCountMax))
    }

    /// The score that a row has to reach to enter; minus infinity while there is room.
    package var threshold: Float {
        heap.count < limit ? -.infinity : heap.first?.score ?? .infinity
    }

    package mutating func insert(_ candidate: ScoredRow) {
        if heap.count < limit {
            heap.append(candidate)
            siftUp(from: heap.count - 1)
        } else if let worst = heap.first, candidate.ranksBefore(worst) {
            heap[0] = candidate
            siftDown(from: 0)
        }
    }

    /// The rows, best first.
    package func sorted() -> [ScoredRow] {
        heap.sorted { $0.ranksBefore($1) }
    }

    private mutating func siftUp(from start: Int) {
        var child = start
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[parent].ranksBefore(heap[child]) else { return }
            heap.swapAt(parent, child)
            child = parent
        }
    }

    private mutating func siftDown(from start: Int) {
        var parent = start
        while true {
            var worst = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < heap.count && heap[worst].ranksBefore(heap[child]) {
                worst = child
            }
            guard worst != parent else { return }
            heap.swapAt(parent, worst)
            parent = worst
        }
    }
}
