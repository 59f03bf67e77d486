import Dispatch
import Foundation
import Synchronization

/// The texts in order, cut where a request has enough of them or enough bytes; a text alone may have more.
func batches(of texts: [String], textCountMax: Int, byteCountMax: Int) -> [ArraySlice<String>] {
    var batches: [ArraySlice<String>] = []
    var (start, byteCount) = (0, 0)
    for (index, text) in texts.enumerated() {
        let isFull = index - start == textCountMax || byteCount + text.utf8.count > byteCountMax
        if index > start && isFull {
            batches.append(texts[start..<index])
            (start, byteCount) = (index, 0)
        }
        byteCount += text.utf8.count
    }
    if start < texts.count { batches.append(texts[start...]) }
    return batches
}

/// The values of `work` for 0 up to `count`, in order; it runs on `threadCountMax` threads at most. After an error no
/// further one is begun.
///
/// Requests wait far more than they compute, so the threads are not those of the processors.
func inParallel<Value: Sendable, Fault: Error>(
    _ count: Int, threadCountMax: Int, _ work: @escaping @Sendable (Int) throws(Fault) -> Value
) throws(Fault) -> [Value] {
    let state = Mutex(ParallelWork<Value, Fault>())
    let group = DispatchGroup()
    for _ in 0..<min(threadCountMax, count) {
        group.enter()
        Thread.detachNewThread {
            defer { group.leave() }
            while let index = state.withLock({ $0.take(of: count) }) {
                do throws(Fault) {
                    let value = try work(index)
                    state.withLock { $0.values[index] = value }
                } catch {
                    state.withLock { $0.fault = $0.fault ?? error }
                }
            }
        }
    }
    group.wait()
    let result = state.withLock { $0 }
    if let fault = result.fault { throw fault }
    return (0..<count).compactMap { result.values[$0] }
}

/// What the threads of one call share.
private struct ParallelWork<Value: Sendable, Fault: Error>: Sendable {
    private var next = 0
    var values: [Int: Value] = [:]
    var fault: Fault?

    mutating func take(of count: Int) -> Int? {
        guard fault == nil, next < count else { return nil }
        defer { next += 1 }
        return next
    }
}
