import Dispatch
import Synchronization

/// Runs token sequences of any number through an encoder: in batches without padding, on the threads whose turn it is.
final class BatchRunner: Sendable {
    /// The most tokens that one forward pass takes, unless one sequence alone has more; it bounds the memory, some 13 kB a
    /// token for 384 hidden values, and keeps the activations near the caches.
    static let batchTokenCountMax = 1024
    /// Documents are shared out in batches of no fewer tokens, below which products are slower.
    private static let sharedBatchTokenCount = 128

    let encoder: BertEncoder
    let turns: EncoderTurns
    /// Passes that are still to run on one thread, since other work had the processors when one last ran on several.
    private let loneCount = Atomic(0)
    /// What a pass that stalls costs, some milliseconds, is spread over so many.
    private static let loneCountMax = 100
    /// The memory of passes that are over.
    private let idle = Mutex<[PassMemory]>([])

    /// - Parameter turns: shared by all encoders of a process that are to share its processors.
    init(_ encoder: BertEncoder, turns: EncoderTurns) {
        self.encoder = encoder
        self.turns = turns
    }

    /// Calls `finish` once for each sequence, in any order and on several threads at once, with its number and the last
    /// layer's output, `[tokens, hidden]`.
    ///
    /// A single query has all threads to itself where they are free; other work gets a thread for each batch.
    func run(
        _ sequences: [TokenSequence], as role: TextEncoder.Role, cancellation: Cancellation?,
        finish: @Sendable (_ sequence: Int, _ tokens: UnsafePointer<Float>, _ tokenCount: Int) -> Void
    ) throws(EncodingError) {
        try turns.admitting(role) { () throws(EncodingError) in
            try unsafe runAdmitted(sequences, as: role, cancellation: cancellation, finish: finish)
        }
    }

    private func runAdmitted(
        _ sequences: [TokenSequence], as role: TextEncoder.Role, cancellation: Cancellation?,
        finish: @Sendable (Int, UnsafePointer<Float>, Int) -> Void
    ) throws(EncodingError) {
        let batches = batches(of: sequences)
        let next = Atomic(0)
        let failure = Mutex<EncodingError?>(nil)
        let isAlone = batches.count == 1 && role == .query && loneCount.load(ordering: .relaxed) <= 0
        DispatchQueue.concurrentPerform(iterations: min(turns.threadCount, batches.count)) { _ in
            do throws(EncodingError) {
                while true {
                    let index = next.add(1, ordering: .relaxed).oldValue
                    guard index < batches.count, failure.withLock({ $0 == nil }) else { return }
                    let taken = try turns.take(
                        role, wanted: isAlone ? turns.threadCount : 1, cancellation: cancellation)
                    defer { turns.giveBack(taken) }
                    unsafe try run(
                        batches[index], of: sequences, as: role, threadCount: taken, cancellation, finish)
                }
            } catch {
                failure.withLock { $0 = error }
            }
        }
        if let error = failure.withLock({ $0 }) { throw error }
    }

    private func run(
        _ indices: [Int], of sequences: [TokenSequence], as role: TextEncoder.Role, threadCount: Int,
        _ cancellation: Cancellation?, _ finish: @Sendable (Int, UnsafePointer<Float>, Int) -> Void
    ) throws(EncodingError) {
        let batch = TokenBatch(indices.map { sequences[$0] })
        if threadCount == 1 { loneCount.subtract(1, ordering: .relaxed) }
        let memory = idle.withLock { $0.popLast() } ?? PassMemory()
        defer { idle.withLock { $0.append(memory) } }
        let hasStalled = try Team.with(threadCount) { team throws(EncodingError) in
            try encoder.run(batch, in: &memory.workspace, by: team) { () throws(EncodingError) in
                if cancellation?.isCancelled ?? false { throw .cancelled }
                if role == .document { turns.stepAside() }
            }
        }
        if hasStalled { loneCount.store(Self.loneCountMax, ordering: .relaxed) }
        for (index, sequence) in zip(indices, batch.sequences) {
            let tokens = unsafe memory.workspace.hidden.base + sequence.lowerBound * encoder.configuration.hiddenSize
            unsafe finish(index, tokens, sequence.count)
        }
    }

    /// Groups sequences of like length, longest first, under the token budget; an element is an index into `sequences`.
    private func batches(of sequences: [TokenSequence]) -> [[Int]] {
        let tokenCount = sequences.reduce(0) { $0 + $1.ids.count }
        let share = max((tokenCount + turns.threadCount - 1) / turns.threadCount, Self.sharedBatchTokenCount)
        let budget = min(share, Self.batchTokenCountMax)
        var batches: [[Int]] = []
        var room = 0
        for index in sequences.indices.sorted(by: { sequences[$0].ids.count > sequences[$1].ids.count }) {
            if room < sequences[index].ids.count {
                batches.append([])
                room = budget
            }
            batches[batches.count - 1].append(index)
            room -= sequences[index].ids.count
        }
        return batches
    }
}

/// A workspace that is handed from pass to pass; one pass at a time has it.
private final class PassMemory: @unchecked Sendable {
    var workspace = Workspace()
}
