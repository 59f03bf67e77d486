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
        let moving = heap[start]
        var place = start
        while place > 0 {
            let parent = (place - 1) / 2
            guard heap[parent].ranksBefore(moving) else { break }
            heap[place] = heap[parent]
            place = parent
        }
        heap[place] = moving
    }

    private mutating func siftDown(from start: Int) {
        let moving = heap[start]
        var place = start
        while 2 * place + 1 < heap.count {
            var child = 2 * place + 1
            if child + 1 < heap.count, heap[child].ranksBefore(heap[child + 1]) { child += 1 }
            guard moving.ranksBefore(heap[child]) else { break }
            heap[place] = heap[child]
            place = child
        }
        heap[place] = moving
    }
}
