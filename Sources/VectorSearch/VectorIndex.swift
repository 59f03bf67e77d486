package import Foundation
package import IndexFiles
package import LinearAlgebra

/// Unit vectors in a memory-mapped file, searched by cosine similarity.
///
/// The vectors are a row-major fp32 matrix `[rows, dimension]`. A similarity is the fp64 dot product rounded to fp32, the
/// same whenever and with whatever other rows it is asked for. Every search but `approximateSearch` finds the rows that
/// are best by it, equal ones by row number: the exact scan by reading all floats, the certified scan, which `search`
/// takes, by bounds. The index knows row numbers only: what a row stands for, and which rows a reader may see, is its
/// caller's to say.
package final class VectorIndex: Sendable {
    package let rowCount: Int
    package let dimension: Int
    /// The model that made the vectors; vectors of different models must never be compared.
    package let fingerprint: String
    let vectors: StoredVectors
    /// `nil` where `hasCodes` says that there are none.
    let coded: CodedVectors?

    /// What stands in the file beside the vectors.
    struct Facts: Codable {
        let rowCount: Int
        let dimension: Int
        let fingerprint: String
    }

    package convenience init(opening url: URL) throws(IndexFileError) {
        try self.init(in: try IndexFile(opening: url, kind: .vectors))
    }

    init(in file: IndexFile) throws(IndexFileError) {
        let facts = try file.value(of: "facts", as: Facts.self)
        let (valueCount, isTooLarge) = facts.rowCount.multipliedReportingOverflow(by: facts.dimension)
        guard facts.rowCount >= 0, facts.dimension > 0, !isTooLarge else {
            throw .unexpectedContent(path: file.path, block: "facts")
        }
        (rowCount, dimension, fingerprint) = (facts.rowCount, facts.dimension, facts.fingerprint)
        vectors = StoredVectors(
            values: try file.checkedElements(of: "vectors", count: valueCount), rowCount: rowCount,
            dimension: dimension)
        guard Self.hasCodes(rowCount: rowCount, dimension: dimension) else {
            coded = nil
            return
        }
        let coarse = try CoarseCodes(in: file, dimension: dimension, rowCount: rowCount)
        coded = CodedVectors(
            vectors: vectors, coarse: coarse,
            fine: try FineCodes(in: file, dimension: dimension, placeCount: coarse.rows.count),
            probes: try ProbeTable(in: file, listCount: coarse.listCount))
    }

    /// Writes the rows of `vectors`, each scaled to length 1; a zero row stays zero and is similar to nothing.
    ///
    /// - Throws: `VectorError.notFinite` with the row for a NaN or an infinity; `IndexFileError` from the disk.
    /// - Precondition: a vector has components.
    package static func write(
        _ vectors: consuming Matrix, fingerprint: String, to url: URL, threadCount: Int = 1
    ) throws {
        let unit = try normalised(vectors, threadCount: threadCount)
        let writer = try IndexFileWriter(creating: url, kind: .vectors)
        try append(unit: unit, fingerprint: fingerprint, to: writer, threadCount: threadCount)
        try writer.finish()
    }

    /// Appends the blocks of an index of rows that have length 1 or 0.
    static func append(
        unit vectors: Matrix, fingerprint: String, to writer: IndexFileWriter, threadCount: Int
    ) throws {
        precondition(vectors.columnCount > 0, "a vector needs components")
        let facts = Facts(rowCount: vectors.rowCount, dimension: vectors.columnCount, fingerprint: fingerprint)
        try writer.append(json: facts, as: "facts")
        try writer.append(vectors.values, as: "vectors")
        guard hasCodes(rowCount: vectors.rowCount, dimension: vectors.columnCount) else { return }
        try CodeBuilder(vectors: vectors, threadCount: threadCount).append(to: writer)
    }

    /// Whether an index of this size has codes. Without them, the exact scan answers every search.
    package static func hasCodes(rowCount: Int, dimension: Int) -> Bool {
        rowCount >= CodeBuilder.rowCountMin && dimension <= CodeBuilder.dimensionMax
    }

    /// The similarity of `query` to each of `rows`, in their order: the scores that a search gives them.
    ///
    /// - Precondition: the rows are rows of this index.
    package func scores(_ query: [Float], of rows: [Int]) throws -> [Float] {
        precondition(rows.allSatisfy { (0..<rowCount).contains($0) }, "row outside the index")
        let query = try unit(query)
        return try rows.map { row in try vectors.similarity(query, row) }
    }

    /// Whether a row is this vector, `[dimension]`, scaled to length 1, to the last bit.
    ///
    /// - Precondition: it is a row of this index.
    package func row(_ row: Int, is vector: [Float]) throws -> Bool {
        let unit = try unit(vector)
        return try vectors.values(ofRow: row) == unit
    }

    /// Makes sure that nothing in the file is damaged: what a search checks as it goes.
    package func check() throws(IndexFileError) {
        try vectors.values.checkAll()
        try coded?.coarse.rows.checkAll()
        try coded?.coarse.places.checkAll()
        try coded?.coarse.blocks.checkAll()
        try coded?.fine.codes.checkAll()
        try coded?.fine.facts.checkAll()
    }

    /// The vectors as `[rows, dimension]`, copied out of the file.
    package func matrix() throws(IndexFileError) -> Matrix {
        try vectors.values.checkAll()
        return Matrix(rowCount: rowCount, columnCount: dimension, values: vectors.values.unchecked.copied)
    }

    func unit(_ query: [Float]) throws(VectorError) -> [Float] {
        try unitQuery(query, dimension: dimension)
    }
}
