import LexicalSearch
import LinearAlgebra
import Storage
import VectorSearch

/// Writes the lanes of a generation: chunk after chunk a row of each.
struct LaneWriter: ~Copyable {
    private let files: GenerationFiles
    private let fingerprint: String
    private let threadCount: Int
    private var rows = RowTable()
    private var vectors: [Float] = []
    private let dimension: Int
    private var postings = LexicalIndexBuilder(analyser: Analyser())

    /// - Parameter dimension: of the vectors.
    init(_ files: GenerationFiles, dimension: Int, fingerprint: String, threadCount: Int) {
        (self.files, self.dimension, self.fingerprint, self.threadCount) = (files, dimension, fingerprint, threadCount)
    }

    /// - Precondition: a vector of the writer's dimension.
    mutating func append(_ chunk: IndexedChunk, _ vector: [Float]) {
        precondition(vector.count == dimension, "vectors of one model have one length")
        rows.append(chunk: chunk.id, document: chunk.documentKey)
        vectors += vector
        postings.append(
            LexicalFields(
                title: chunk.title, headings: chunk.headingPath.joined(separator: "\n"), body: chunk.searchText))
    }

    /// Writes the files of both lanes; the table of rows, which names them, is the caller's to write.
    consuming func finish() throws -> RowTable {
        try postings.write(to: files.postings)
        FailPoint.writingIndex.pass()
        try VectorIndex.write(
            Matrix(rowCount: rows.count, columnCount: dimension, values: vectors), fingerprint: fingerprint,
            to: files.vectors, threadCount: threadCount)
        return rows
    }
}
