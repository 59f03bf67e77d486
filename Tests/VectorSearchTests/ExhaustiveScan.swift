import Foundation
import IndexFiles
import LinearAlgebra
import TestSupport

/// The search as its description says it, in fp64 and without any cleverness: what `VectorIndex` must equal.
struct ExhaustiveScan {
    let rows: [[Float]]

    init(_ matrix: Matrix) {
        rows = (0..<matrix.rowCount).map { unit(Array(matrix[row: $0])) }
    }

    func score(_ query: [Float], of row: Int) -> Float {
        var sum = 0.0
        for (a, b) in zip(unit(query), rows[row]) { sum += Double(a) * Double(b) }
        return Float(sum)
    }

    func search(_ query: [Float], limit: Int, in allowed: RowSet? = nil) -> [ScoredRow] {
        guard query.contains(where: { $0 != 0 }) else { return [] }
        let scored = rows.indices.filter { allowed?.contains($0) ?? true }
            .map { ScoredRow(row: $0, score: score(query, of: $0)) }
        return Array(scored.sorted { ($0.score, -$0.row) > ($1.score, -$1.row) }.prefix(limit))
    }
}

/// A vector divided by its length; a zero vector as it is.
private func unit(_ vector: [Float]) -> [Float] {
    var square = 0.0
    for value in vector { square += Double(value) * Double(value) }
    return square > 0 ? vector.map { Float(Double($0) / square.squareRoot()) } : vector
}

extension SeededGenerator {
    /// A vector around the origin; a fifth of its components are 0, as in real ones of few words.
    mutating func vector(_ dimension: Int) -> [Float] {
        (0..<dimension).map { _ in
            Int.random(in: 0..<5, using: &self) == 0 ? 0 : Float.random(in: -1...1, using: &self)
        }
    }

    /// Rows of which some are zero, some twice, some scaled: much that ties.
    mutating func matrix(rowCount: Int, columnCount: Int) -> Matrix {
        var values: [Float] = []
        values.reserveCapacity(rowCount * columnCount)
        for row in 0..<rowCount {
            switch Int.random(in: 0..<10, using: &self) {
            case 0: values += [Float](repeating: 0, count: columnCount)
            case 1...3 where row > 0:
                let other = Int.random(in: 0..<row, using: &self) * columnCount
                let scale: Float = [1, 1, 0.5, 8].randomElement(using: &self) ?? 1
                values += values[other..<other + columnCount].map { $0 * scale }
            default: values += vector(columnCount)
            }
        }
        return Matrix(rowCount: rowCount, columnCount: columnCount, values: values)
    }
}
