import Foundation
import IndexFiles
import LinearAlgebra
import Storage
import TextEmbedding

/// Builds the next generation from the database: embeds what is new, writes the index files, and serves them.
struct GenerationBuilder {
    let store: Store
    let embedder: Embedder
    let indexes: URL
    let threadCount: Int
    let report: (IngestProgress) -> Void

    /// Chunks embedded between two commits: what a kill can cost.
    private static let checkpointChunkCount = 128

    struct Result {
        let generation: Int
        let chunkCount: Int
        let embeddedCount: Int
    }

    func build(at time: Date) throws -> Result {
        let embeddedCount = try embedNewChunks()
        let state = try store.servingState()
        let generation = try store.nextGeneration()
        let files = GenerationFiles(of: generation, database: state.identity, in: indexes)
        try FileManager.default.createDirectory(at: files.folder, withIntermediateDirectories: true)
        let rows = try writeLanes(files)
        let stamp = try GenerationStamp(
            database: state.identity, generation: generation, createdAt: Generation.text(of: time), files: files,
            hasLatentModel: embedder.latent != nil)
        try rows.write(to: files.rows, stamp: stamp)
        FailPoint.writtenIndex.pass()
        try store.serve(
            generation: generation, fingerprint: embedder.fingerprint, chunkCount: rows.count, at: time)
        // The one before may be rolled back to, and a process may be about to open it.
        GenerationFiles.removeAll(but: [generation - 1, generation], database: state.identity, in: indexes)
        return Result(generation: generation, chunkCount: rows.count, embeddedCount: embeddedCount)
    }

    private func embedNewChunks() throws -> Int {
        let fingerprint = embedder.fingerprint
        let chunks = try store.unembeddedChunks(fingerprint: fingerprint, dimension: embedder.dimension)
        for start in stride(from: 0, to: chunks.count, by: Self.checkpointChunkCount) {
            report(.embedding(done: start, of: chunks.count))
            let batch = chunks[start..<min(start + Self.checkpointChunkCount, chunks.count)]
            let texts = batch.map {
                embeddingText(title: $0.title, headingPath: $0.headingPath, searchText: $0.searchText)
            }
            let vectors = try embedder.embeddings(of: texts, as: .document)
            let rows = batch.enumerated().map { ($1.textHash, Array(vectors[row: $0])) }
            try store.store(embeddings: rows, fingerprint: fingerprint)
        }
        if !chunks.isEmpty { report(.embedding(done: chunks.count, of: chunks.count)) }
        return chunks.count
    }

    private func writeLanes(_ files: GenerationFiles) throws -> RowTable {
        report(.indexing)
        var lanes = LaneWriter(
            files, dimension: embedder.dimension, fingerprint: embedder.fingerprint, threadCount: threadCount)
        try store.forEachCurrentChunk(fingerprint: embedder.fingerprint, dimension: embedder.dimension) {
            chunk, vector in lanes.append(chunk, vector)
        }
        try embedder.latent?.write(to: files.latentModel)
        return try lanes.finish()
    }
}
