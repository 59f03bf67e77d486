import Foundation
import IndexFiles
import LinearAlgebra
import Storage
import TextEmbedding
import VectorSearch

/// Builds the next generation from the database: embeds what is new, writes the segments that no earlier generation has,
/// and serves them.
struct GenerationBuilder {
    let store: Store
    let embedder: Embedder
    let indexes: URL
    let threadCount: Int
    var policy = MergePolicy()
    let report: (IngestProgress) -> Void

    /// Chunks embedded between two commits: what a kill can cost.
    private static let checkpointChunkCount = 128

    struct Result {
        let generation: Int
        let embeddedCount: Int
        let reusedCount: Int
    }

    /// Embeddings are looked for, and made where there are none, of the chunks whose segments are written; what a kept
    /// segment was built from is in it.
    ///
    /// - Parameter base: what the segments are taken from that need not be written; of the embedder's vectors.
    func build(onto base: IndexBase?, at time: Date) throws -> Result {
        let plan = try plan(onto: base)
        let unembedded = try store.unembeddedChunks(
            in: plan.parts.filter { $0.kept == nil }.map(\.chunks), fingerprint: embedder.fingerprint,
            dimension: embedder.dimension)
        try embed(unembedded)
        let state = try store.servingState()
        let generation = try store.nextGeneration()
        let folder = IndexFolder(of: state.identity, in: indexes)
        report(.indexing)
        let (segments, chunkCount) = try segments(of: plan, generation, folder)
        let manifest = GenerationManifest(
            database: state.identity, generation: generation, createdAt: Generation.text(of: time),
            fingerprint: embedder.fingerprint, dimension: embedder.dimension,
            latentModel: try latentModel(of: generation, base, folder), segments: segments)
        FailPoint.writingManifest.pass()
        try manifest.write(to: folder.manifest(of: generation))
        FailPoint.writtenIndex.pass()
        try store.serve(
            generation: generation, fingerprint: embedder.fingerprint, chunkCount: chunkCount, at: time)
        // The one before may be rolled back to, and a process may be about to open it.
        folder.removeAll(but: [generation - 1, generation])
        return Result(
            generation: generation, embeddedCount: unembedded.count,
            reusedCount: max(chunkCount - unembedded.count, 0))
    }

    private func embed(_ chunks: [UnembeddedChunk]) throws {
        for start in stride(from: 0, to: chunks.count, by: Self.checkpointChunkCount) {
            report(.embedding(done: start, of: chunks.count))
            let batch = chunks[start..<min(start + Self.checkpointChunkCount, chunks.count)]
            let texts = batch.map {
                embeddingText(title: $0.title, headingPath: $0.headingPath, searchText: $0.searchText)
            }
            let vectors = try embedder.embeddings(of: texts, as: .document)
            let rows = batch.enumerated().map { ($1.textHash, Array(vectors[row: $0])) }
            try store.store(embeddings: rows, fingerprint: embedder.fingerprint)
        }
        if !chunks.isEmpty { report(.embedding(done: chunks.count, of: chunks.count)) }
    }

    /// Everything is written anew where the base does not hold what it must: all current chunks but the newest.
    private func plan(onto base: IndexBase?) throws -> SegmentPlan {
        let chunkCount = try store.currentChunkCount()
        if let base, base.segments.count < GenerationManifest.segmentCountMax {
            let current = Set(try store.currentDocumentKeys())
            let plan = SegmentPlan(
                keeping: base.segments.map { ($0.entry, $0.rows) }, where: current.contains,
                newChunkCount: try store.currentChunkCount(behind: base.lastChunk), policy: policy,
                dimension: embedder.dimension)
            if plan.liveCount == chunkCount { return plan }
        }
        return SegmentPlan(
            keeping: [], where: { _ in false }, newChunkCount: chunkCount, policy: policy, dimension: embedder.dimension
        )
    }

    /// - Returns: the segments, and how many chunks they show. Pages that were removed since the plan was made are in none.
    private func segments(
        of plan: SegmentPlan, _ generation: Int, _ folder: IndexFolder
    ) throws -> (segments: [GenerationManifest.Segment], chunkCount: Int) {
        var (segments, chunkCount) = ([GenerationManifest.Segment](), 0)
        for (place, part) in plan.parts.enumerated() {
            if let kept = part.kept {
                segments.append(kept)
                chunkCount += part.liveCount
                continue
            }
            let name = SegmentName(generation: generation, place: place)
            let files = folder.files(of: name)
            var lanes = LaneWriter(
                files, dimension: embedder.dimension, rowCount: part.liveCount, fingerprint: embedder.fingerprint,
                threadCount: threadCount)
            try store.forEachCurrentChunk(
                in: part.chunks, fingerprint: embedder.fingerprint, dimension: embedder.dimension
            ) { chunk, vector in lanes.append(chunk, vector) }
            guard lanes.rowCount > 0 else { continue }
            chunkCount += lanes.rowCount
            try lanes.finish()
            if part.sourceCount > 0 { FailPoint.mergedSegments.pass() }
            segments.append(try GenerationManifest.Segment(name, files: files))
        }
        return (segments, chunkCount)
    }

    /// The fit that the base has, or a new one.
    private func latentModel(
        of generation: Int, _ base: IndexBase?, _ folder: IndexFolder
    ) throws -> GenerationManifest.LatentModel? {
        guard let latent = embedder.latent else { return nil }
        if let kept = base?.manifest.latentModel { return kept }
        return try latent.write(ofGeneration: generation, in: folder)
    }
}

/// The segments of a generation, sound, that the next one can keep.
struct IndexBase {
    let manifest: GenerationManifest
    let segments: [IndexSegment]

    /// The highest id of a chunk; 0 where there is none.
    var lastChunk: Int64 { segments.last?.rows.chunks.last ?? 0 }
}
