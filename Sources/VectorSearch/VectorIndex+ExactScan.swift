import CKernels
package import IndexFiles
package import LinearAlgebra

extension VectorIndex {
    /// The search by reading every float: what all other searches are compared with.
    ///
    /// BLAS finds the rows that are worth it, since its last bits depend on where a row stands in a block; their
    /// similarities are computed anew.
    package func exactSearch(_ query: [Float], limit: Int, in rows: RowSet? = nil) throws -> [ScoredRow] {
        guard let query = try searchable(query, limit: limit, in: rows) else { return [] }
        return try exactSearch([query], limit: limit, in: rows, rowsAtOnce: scanRowCount)[0]
    }

    /// The same for many queries, `[queries, dimension]`: a product of matrices for each block of rows.
    package func exactSearch(_ queries: Matrix, limit: Int, in rows: RowSet? = nil) throws -> [[ScoredRow]] {
        var results = [[ScoredRow]](repeating: [], count: queries.rowCount)
        var searched: [(place: Int, query: [Float])] = []
        for place in 0..<queries.rowCount {
            if let query = try searchable(Array(queries[row: place]), limit: limit, in: rows) {
                searched.append((place, query))
            }
        }
        for start in stride(from: 0, to: searched.count, by: batchQueryCount) {
            let batch = searched[start..<min(start + batchQueryCount, searched.count)]
            let found = try exactSearch(batch.map(\.query), limit: limit, in: rows, rowsAtOnce: batchRowCount)
            for (query, rows) in zip(batch, found) { results[query.place] = rows }
        }
        return results
    }

    /// - Precondition: queries of length 1.
    private func exactSearch(
        _ queries: [[Float]], limit: Int, in rows: RowSet?, rowsAtOnce: Int
    ) throws(IndexFileError) -> [[ScoredRow]] {
        var tops = [TopRows](repeating: TopRows(limit: min(limit, rowCount)), count: queries.count)
        let flat = queries.flatMap { $0 }
        var estimates = [Float](repeating: 0, count: queries.count * rowsAtOnce)
        var places = [UInt32](repeating: 0, count: rowsAtOnce)
        for start in stride(from: 0, to: rowCount, by: rowsAtOnce) {
            let block = start..<min(start + rowsAtOnce, rowCount)
            try vectors.values.check(block.lowerBound * dimension..<block.upperBound * dimension)
            unsafe estimate(flat, queryCount: queries.count, rows: block, into: &estimates)
            for (index, query) in queries.enumerated() {
                let threshold = tops[index].threshold - estimateError
                let count = unsafe estimates.withUnsafeBufferPointer { estimates in
                    unsafe ScanKernels.table.pointee.select_values(
                        estimates.baseAddress! + index * block.count, block.count, threshold, &places)
                }
                for place in places[..<count] {
                    let row = start + Int(place)
                    // The threshold rises within a block.
                    guard estimates[index * block.count + Int(place)] >= tops[index].threshold - estimateError,
                        rows?.contains(row) ?? true
                    else { continue }
                    tops[index].insert(ScoredRow(row: row, score: try vectors.similarity(query, row)))
                }
            }
        }
        return tops.map { $0.sorted() }
    }

    /// The products of queries and rows, `[queries, rows]`, each within `estimateError` of the similarity.
    private func estimate(
        _ queries: [Float], queryCount: Int, rows: Range<Int>, into estimates: UnsafeMutablePointer<Float>
    ) {
        unsafe vectors.values.unchecked.withUnsafeBufferPointer { vectors in
            let first = unsafe vectors.baseAddress! + rows.lowerBound * dimension
            if queryCount == 1 {
                unsafe multiply(first, vector: queries, into: estimates, m: rows.count, n: dimension)
            } else {
                unsafe multiply(
                    queries, first, transposed: true, into: estimates, m: queryCount, n: rows.count, k: dimension)
            }
        }
    }

    /// What rounding can do to an fp32 dot product of unit vectors, whatever the order of its sums: n · 2⁻²⁴ to first
    /// order (Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section 3.1), here twice that.
    private var estimateError: Float { Float(dimension + 2) * Float.ulpOfOne }
}

/// Rows scored by one product: their scores stay in the first-level cache until they are looked at.
private let scanRowCount = 4096
/// The same of a product of matrices, whose scores stay in the second level.
private let batchRowCount = 1024
private let batchQueryCount = 256
