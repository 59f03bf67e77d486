import Foundation
import LexicalSearch
import LinearAlgebra
import Storage
import VectorSearch

/// Writes the files of a segment: chunk after chunk, in the order of their ids, a row of each lane.
struct LaneWriter: ~Copyable {
    private let files: SegmentFiles
    private let fingerprint: String
    private let threadCount: Int
    private var rows = RowTable()
    private var vectors: [Float] = []
    private let dimension: Int
    private var postings = LexicalIndexBuilder(analyser: Analyser())

    /// - Parameters:
    ///   - dimension: of the vectors.
    ///   - rowCount: as far as it is known: room is made for so many, and no more where they come.
    init(_ files: SegmentFiles, dimension: Int, rowCount: Int, fingerprint: String, threadCount: Int) {
        (self.files, self.dimension, self.fingerprint, self.threadCount) = (files, dimension, fingerprint, threadCount)
        vectors.reserveCapacity(rowCount * dimension)
    }

    var rowCount: Int { rows.count }

    /// - Precondition: a vector of the writer's dimension.
    mutating func append(_ chunk: IndexedChunk, _ vector: [Float]) {
        precondition(vector.count == dimension, "vectors of one model have one length")
        rows.append(chunk: chunk.id, document: chunk.documentKey)
        vectors += vector
        postings.append(
            LexicalFields(
                title: chunk.title, headings: chunk.headingPath.joined(separator: "\n"), body: chunk.searchText))
    }

    consuming func finish() throws {
        try FileManager.default.createDirectory(at: files.folder, withIntermediateDirectories: true)
        try postings.write(to: files.postings)
        FailPoint.writingIndex.pass()
        try VectorIndex.write(
            Matrix(rowCount: rows.count, columnCount: dimension, values: vectors), fingerprint: fingerprint,
            to: files.vectors, threadCount: threadCount)
        try rows.write(to: files)
        FailPoint.writtenSegment.pass()
    }
}
