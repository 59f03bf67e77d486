import IndexFiles
import LinearAlgebra

/// The unit vectors themselves, `[rows, dimension]`, row-major fp32.
struct StoredVectors: Sendable {
    let values: CheckedArray<Float>
    let rowCount: Int
    let dimension: Int

    /// A row's components, `[dimension]`.
    func values(ofRow row: Int) throws(IndexFileError) -> [Float] {
        let range = row * dimension..<(row + 1) * dimension
        try values.check(range)
        return unsafe values.unchecked.withUnsafeBufferPointer { values in
            unsafe Array(UnsafeBufferPointer(rebasing: values[range]))
        }
    }

    /// The fp64 dot product with a query, rounded to fp32: the similarity, the same whenever it is asked for.
    func similarity(_ query: [Float], _ row: Int) throws(IndexFileError) -> Float {
        try values.check(row * dimension..<(row + 1) * dimension)
        return unsafe values.unchecked.withUnsafeBufferPointer { vectors in
            unsafe query.withUnsafeBufferPointer { query in
                unsafe Float(dot(query.baseAddress!, vectors.baseAddress! + row * dimension, count: dimension))
            }
        }
    }
}

/// The vectors with their codes.
final class CodedVectors: Sendable {
    let vectors: StoredVectors
    let coarse: CoarseCodes
    let fine: FineCodes
    let probes: ProbeTable

    init(vectors: StoredVectors, coarse: CoarseCodes, fine: FineCodes, probes: ProbeTable) {
        (self.vectors, self.coarse, self.fine, self.probes) = (vectors, coarse, fine, probes)
    }
}
