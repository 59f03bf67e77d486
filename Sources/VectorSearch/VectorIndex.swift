package import Foundation
package import IndexFiles
package import LinearAlgebra

/// Unit vectors in a memory-mapped file, searched by cosine similarity.
///
/// The vectors are a row-major fp32 matrix `[rows, dimension]`; similarity is one product through BLAS. The index knows
/// row numbers only: what a row stands for, and which rows a reader may see, is its caller's to say.
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
    package static func write(_ vectors: Matrix, fingerprint: String, to url: URL) throws {
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
    package func search(_ query: [Float], limit: Int, in rows: RowSet? = nil) throws(VectorError) -> [ScoredRow] {
        let query = try unit(query)
        guard limit > 0, rowCount > 0, query.contains(where: { $0 != 0 }) else { return [] }
        var top = TopRows(limit: min(limit, rowCount))
        for start in stride(from: 0, to: rowCount, by: scanRowCount) {
            let block = start..<min(start + scanRowCount, rowCount)
            for (row, score) in zip(block, scores(query, of: block)) {
                guard score >= top.threshold, rows?.contains(row) ?? true else { continue }
                top.insert(ScoredRow(row: row, score: score))
            }
        }
        return top.sorted()
    }

    /// The similarity of `query` to each of `rows`, in their order.
    package func scores(_ query: [Float], of rows: [Int]) throws(VectorError) -> [Float] {
        let query = try unit(query)
        return rows.map { row in scores(query, of: row..<row + 1)[0] }
    }

    /// The vectors as `[rows, dimension]`, copied out of the file.
    package func matrix() -> Matrix {
        Matrix(rowCount: rowCount, columnCount: dimension, values: Array(vectors))
    }

    private func scores(_ query: [Float], of rows: Range<Int>) -> [Float] {
        unsafe [Float](unsafeUninitializedCapacity: rows.count) { scores, count in
            unsafe vectors.withUnsafeBufferPointer { vectors in
                unsafe multiply(
                    vectors.baseAddress! + rows.lowerBound * dimension, vector: query, into: scores.baseAddress!,
                    m: rows.count, n: dimension)
            }
            count = rows.count
        }
    }

    private func unit(_ query: [Float]) throws(VectorError) -> [Float] {
        guard query.count == dimension else { throw .wrongDimension(got: query.count, expected: dimension) }
        return try normalised(Matrix(rowCount: 1, columnCount: dimension, values: query)).values
    }
}

/// Rows scored by one product: their scores stay in the first-level cache until they are looked at.
private let scanRowCount = 4096

/// What a vector can be refused for.
package enum VectorError: Error, Equatable, CustomStringConvertible {
    case wrongDimension(got: Int, expected: Int)
    case notFinite(row: Int)

    package var description: String {
        switch self {
        case .wrongDimension(let got, let expected): "a vector has \(got) components, the index has \(expected)"
        case .notFinite(let row): "vector \(row) has a component that is not a finite number"
        }
    }
}

/// Each row divided by its Euclidean length, computed in fp64 so that huge and tiny rows neither overflow nor vanish.
private func normalised(_ matrix: Matrix) throws(VectorError) -> Matrix {
    var values = matrix.values
    for row in 0..<matrix.rowCount {
        let range = row * matrix.columnCount..<(row + 1) * matrix.columnCount
        let square = values[range].reduce(0.0) { $0 + Double($1) * Double($1) }
        guard square.isFinite else { throw .notFinite(row: row) }
        guard square > 0 else { continue }
        let length = square.squareRoot()
        for index in range { values[index] = Float(Double(values[index]) / length) }
    }
    return Matrix(rowCount: matrix.rowCount, columnCount: matrix.columnCount, values: values)
}
