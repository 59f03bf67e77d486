import Dispatch
import Synchronization

/// Calls `body` with one block of consecutive numbers after the other, up to `threadCount` of them at once.
///
/// The blocks are the same whatever the number of threads, so what is computed block by block has the same bits.
package func forEachBlock(
    of count: Int, size: Int, threadCount: Int, _ body: @Sendable (Range<Int>) -> Void
) {
    precondition(size > 0 && threadCount > 0)
    let blockCount = (count + size - 1) / size
    let next = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: min(threadCount, blockCount)) { _ in
        while true {
            let block = next.add(1, ordering: .relaxed).oldValue
            guard block < blockCount else { return }
            body(block * size..<min((block + 1) * size, count))
        }
    }
}
