import Foundation
import IndexFiles
import LexicalSearch
import LinearAlgebra
import Storage
import TextEmbedding
import VectorSearch

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
        let generation = state.generation + 1
        let files = GenerationFiles(of: generation, database: state.identity, in: indexes)
        try FileManager.default.createDirectory(at: files.folder, withIntermediateDirectories: true)
        let rows = try writeLanes(files)
        let stamp = try GenerationStamp(
            database: state.identity, generation: generation, createdAt: Generation.text(of: time), files: files,
            hasLatentModel: embedder.latent != nil)
        try rows.write(to: files.rows, stamp: stamp)
        try store.serve(
            generation: generation, fingerprint: embedder.fingerprint, chunkCount: rows.count, at: time)
        GenerationFiles.removeAll(but: generation, database: state.identity, in: indexes)
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
        var rows = RowTable()
        var vectors: [Float] = []
        var postings = LexicalIndexBuilder(analyser: Analyser())
        try store.forEachCurrentChunk(fingerprint: embedder.fingerprint, dimension: embedder.dimension) {
            chunk, vector in
            rows.append(chunk: chunk.id, document: chunk.documentKey)
            vectors += vector
            postings.append(
                LexicalFields(
                    title: chunk.title, headings: chunk.headingPath.joined(separator: "\n"), body: chunk.searchText))
        }
        try postings.write(to: files.postings)
        try embedder.latent?.write(to: files.latentModel)
        try VectorIndex.write(
            Matrix(rowCount: rows.count, columnCount: embedder.dimension, values: vectors),
            fingerprint: embedder.fingerprint, to: files.vectors,
            threadCount: threadCount)
        return rows
    }
}
