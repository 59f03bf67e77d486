import VectorSearch

/// What the segments of the next generation are made of: each is kept, or written of the current chunks whose ids are in a
/// range.
struct SegmentPlan: Equatable {
    private(set) var parts: [Part] = []

    struct Part: Equatable {
        /// `nil` where it is to be written.
        var kept: GenerationManifest.Segment?
        /// Ids of chunks. No other current chunk is in the range.
        var chunks: ClosedRange<Int64>
        var liveCount: Int
        var deadCount: Int
        /// Of how many segments it is made.
        var sourceCount: Int
    }

    /// - Parameters:
    ///   - segments: in the order of their chunks' ids.
    ///   - isLive: whether a document, by its key, is a current one.
    ///   - newChunkCount: current chunks behind all of the segments'.
    init(
        keeping segments: [(entry: GenerationManifest.Segment, rows: RowTable)], where isLive: (Int64) -> Bool,
        newChunkCount: Int, policy: MergePolicy, dimension: Int
    ) {
        var last: Int64 = 0
        for (entry, rows) in segments {
            guard let low = rows.chunks.first, let high = rows.chunks.last else { continue }
            let areLive = rows.documents.map(isLive)
            let liveCount = rows.documentOfRow.count { areLive[Int($0)] }
            last = high
            guard liveCount > 0 else { continue }
            parts.append(
                Part(
                    kept: entry, chunks: low...high, liveCount: liveCount, deadCount: rows.count - liveCount,
                    sourceCount: 1))
        }
        if newChunkCount > 0 {
            parts.append(
                Part(kept: nil, chunks: last + 1...Int64.max, liveCount: newChunkCount, deadCount: 0, sourceCount: 0))
        }
        merge(by: policy, dimension)
    }

    var liveCount: Int { parts.reduce(0) { $0 + $1.liveCount } }

    private mutating func merge(by policy: MergePolicy, _ dimension: Int) {
        while let range = policy.due(
            parts.map { MergePolicy.Size(liveCount: $0.liveCount, tombstoneCount: $0.deadCount) },
            dimension: dimension)
        {
            join(range)
        }
        // What is written anyway is written as one where it may be.
        var place = 1
        while place < parts.count {
            let (first, second) = (parts[place - 1], parts[place])
            if first.kept == nil, second.kept == nil,
                first.liveCount + second.liveCount <= policy.rowCountMax(dimension)
            {
                join(place - 1..<place + 1)
            } else {
                place += 1
            }
        }
    }

    private mutating func join(_ range: Range<Int>) {
        let joined = parts[range]
        guard let first = joined.first, let last = joined.last else { return }
        let part = Part(
            kept: nil, chunks: first.chunks.lowerBound...last.chunks.upperBound,
            liveCount: joined.reduce(0) { $0 + $1.liveCount }, deadCount: 0,
            sourceCount: joined.reduce(0) { $0 + $1.sourceCount })
        parts.replaceSubrange(range, with: [part])
    }
}
