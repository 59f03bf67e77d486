package import Foundation
package import IndexFiles
package import LinearAlgebra

/// Unit vectors in a memory-mapped file, searched by cosine similarity.
///
/// The vectors are a row-major fp32 matrix `[rows, dimension]`. A similarity is the fp64 dot product rounded to fp32, the
/// same whenever and with whatever other rows it is asked for; BLAS only finds the rows that are worth it, since its last
/// bits depend on where a row stands in a block. The index knows row numbers only: what a row stands for, and which rows
/// a reader may see, is its caller's to say.
package final class VectorIndex: Sendable {
    package let rowCount: Int
    package let dimension: Int
    /// The model that made the vectors; vectors of different models must never be compared.
    package let fingerprint: String
    private let vectors: MappedArray<Float>

    /// What stands in the file beside the vectors.
    struct Facts: Codable {
        let rowCount: Int
        let dimension: Int
        let fingerprint: String
    }

    package init(opening url: URL) throws(IndexFileError) {
        let file = try IndexFile(opening: url, kind: .vectors)
        let facts = try file.value(of: "facts", as: Facts.self)
        let (valueCount, isTooLarge) = facts.rowCount.multipliedReportingOverflow(by: facts.dimension)
        guard facts.rowCount >= 0, facts.dimension > 0, !isTooLarge else {
            throw .corruptBlock(path: file.path, block: "facts")
        }
        vectors = try file.elements(of: "vectors", count: valueCount)
        rowCount = facts.rowCount
        dimension = facts.dimension
        fingerprint = facts.fingerprint
    }

    /// Writes the rows of `vectors`, each scaled to length 1; a zero row stays zero and is similar to nothing.
    ///
    /// - Throws: `VectorError.notFinite` with the row for a NaN or an infinity; `IndexFileError` from the disk.
    /// - Precondition: a vector has components.
    package static func write(_ vectors: Matrix, fingerprint: String, to url: URL) throws {
        precondition(vectors.columnCount > 0, "a vector needs components")
        let writer = try IndexFileWriter(creating: url, kind: .vectors)
        let facts = Facts(rowCount: vectors.rowCount, dimension: vectors.columnCount, fingerprint: fingerprint)
        try writer.append(json: facts, as: "facts")
        try writer.append(normalised(vectors).values, as: "vectors")
        try writer.finish()
    }

    /// The `limit` rows most similar to `query`, best first, equal scores by row number.
    ///
    /// - Parameters:
    ///   - query: `[dimension]`, of any length but zero; a zero query finds nothing.
    ///   - rows: the rows that may be returned, all where `nil`; an empty set gives nothing.
    /// - Precondition: `rows` is a set over this index's rows.
    package func search(_ query: [Float], limit: Int, in rows: RowSet? = nil) throws(VectorError) -> [ScoredRow] {
        precondition(rows == nil || rows?.rowCount == rowCount, "the set of rows belongs to another index")
        let query = try unit(query)
        guard limit > 0, rowCount > 0, query.contains(where: { $0 != 0 }) else { return [] }
        var top = TopRows(limit: min(limit, rowCount))
        for start in stride(from: 0, to: rowCount, by: scanRowCount) {
            let block = start..<min(start + scanRowCount, rowCount)
            for (row, estimate) in zip(block, estimates(query, of: block)) {
                guard estimate >= top.threshold - estimateError, rows?.contains(row) ?? true else { continue }
                top.insert(ScoredRow(row: row, score: similarity(query, row)))
            }
        }
        return top.sorted()
    }

    /// The similarity of `query` to each of `rows`, in their order: the scores that a search gives them.
    ///
    /// - Precondition: the rows are rows of this index.
    package func scores(_ query: [Float], of rows: [Int]) throws(VectorError) -> [Float] {
        precondition(rows.allSatisfy { (0..<rowCount).contains($0) }, "row outside the index")
        let query = try unit(query)
        return rows.map { row in similarity(query, row) }
    }

    /// The vectors as `[rows, dimension]`, copied out of the file.
    package func matrix() -> Matrix {
        Matrix(rowCount: rowCount, columnCount: dimension, values: Array(vectors))
    }

    /// One product through BLAS: each within `estimateError` of the similarity.
    private func estimates(_ query: [Float], of rows: Range<Int>) -> [Float] {
        unsafe [Float](unsafeUninitializedCapacity: rows.count) { estimates, count in
            unsafe vectors.withUnsafeBufferPointer { vectors in
                unsafe multiply(
                    vectors.baseAddress! + rows.lowerBound * dimension, vector: query, into: estimates.baseAddress!,
                    m: rows.count, n: dimension)
            }
            count = rows.count
        }
    }

    /// What rounding can do to an fp32 dot product of unit vectors, whatever the order of its sums: n · 2⁻²⁴ to first
    /// order (Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section 3.1), here twice that.
    private var estimateError: Float { Float(dimension + 2) * Float.ulpOfOne }

    private func similarity(_ query: [Float], _ row: Int) -> Float {
        unsafe vectors.withUnsafeBufferPointer { vectors in
            unsafe query.withUnsafeBufferPointer { query in
                unsafe Float(dot(query.baseAddress!, vectors.baseAddress! + row * dimension, count: dimension))
            }
        }
    }

    private func unit(_ query: [Float]) throws(VectorError) -> [Float] {
        guard query.count == dimension else { throw .wrongDimension(got: query.count, expected: dimension) }
        return try normalised(Matrix(rowCount: 1, columnCount: dimension, values: query)).values
    }
}

/// Rows scored by one product: their scores stay in the first-level cache until they are looked at.
private let scanRowCount = 4096
