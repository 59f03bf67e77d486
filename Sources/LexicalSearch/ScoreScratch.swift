import IndexFiles
import Synchronization

/// The sums of one search: a score a row, all 0 between searches, and which rows are not 0.
struct ScoreScratch: Sendable {
    private var scores: [Float]
    /// One place more than rows: the next free place is written before it is known to be needed.
    private var touched: [UInt32]
    private var touchedCount = 0

    init(rowCount: Int) {
        scores = [Float](repeating: 0, count: rowCount)
        touched = [UInt32](repeating: 0, count: rowCount + 1)
    }

    /// Adds a term's share to every row that has it.
    mutating func add(_ list: PostingList, of postings: Postings, norms: [Float]) {
        unsafe postings.rows.withUnsafeBufferPointer { rows in
            unsafe postings.counts.withUnsafeBufferPointer { counts in
                unsafe norms.withUnsafeBufferPointer { norms in
                    unsafe add(
                        weight: list.weight, rows: UnsafeBufferPointer(rebasing: rows[list.range]),
                        counts: UnsafeBufferPointer(rebasing: counts[list.range]), norms: norms)
                }
            }
        }
    }

    /// The index checked when it opened that rows lie in it and counts are positive, so every share is above 0.
    private mutating func add(
        weight: Float, rows: UnsafeBufferPointer<UInt32>, counts: UnsafeBufferPointer<UInt8>,
        norms: UnsafeBufferPointer<Float>
    ) {
        touchedCount = unsafe scores.withUnsafeMutableBufferPointer { scores in
            unsafe touched.withUnsafeMutableBufferPointer { touched in
                unsafe addShares(weight, rows, counts, norms, scores, touched, touchedCount)
            }
        }
    }

    /// Calls `body` with each row touched and its score, and leaves everything at 0.
    mutating func drain(_ body: (_ row: Int, _ score: Float) -> Void) {
        for place in 0..<touchedCount {
            let row = Int(touched[place])
            body(row, scores[row])
            scores[row] = 0
        }
        touchedCount = 0
    }
}

/// One term's postings and what a full match of it is worth.
struct PostingList {
    let range: Range<Int>
    let weight: Float
}

/// Adds `weight · tf / (tf + norm)` to the rows' scores and appends the rows that had none; returns how many have one now.
private func addShares(
    _ weight: Float, _ rows: UnsafeBufferPointer<UInt32>, _ counts: UnsafeBufferPointer<UInt8>,
    _ norms: UnsafeBufferPointer<Float>, _ scores: UnsafeMutableBufferPointer<Float>,
    _ touched: UnsafeMutableBufferPointer<UInt32>, _ touchedCount: Int
) -> Int {
    var next = touchedCount
    for posting in rows.indices {
        let row = unsafe Int(rows[posting])
        let count = unsafe Float(counts[posting])
        let score = unsafe scores[row]
        unsafe touched[next] = unsafe rows[posting]
        next += score == 0 ? 1 : 0
        unsafe scores[row] = unsafe score + weight * (count / (count + norms[row]))
    }
    return next
}

/// Scratches at rest, so that a search need not clear memory for every row of the index.
final class ScratchPool: Sendable {
    /// More searches at once than this make their own.
    static let restingCountMax = 8

    private let rowCount: Int
    private let resting = Mutex<[ScoreScratch]>([])

    init(rowCount: Int) { self.rowCount = rowCount }

    func take() -> ScoreScratch {
        resting.withLock { $0.popLast() } ?? ScoreScratch(rowCount: rowCount)
    }

    func give(_ scratch: ScoreScratch) {
        resting.withLock { resting in
            if resting.count < Self.restingCountMax { resting.append(scratch) }
        }
    }
}
