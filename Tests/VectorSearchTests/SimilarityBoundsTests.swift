import Foundation
import LinearAlgebra
import TestSupport
import Testing
import VectorSearch

/// The bounds of the certified scan, row by row: a result says only that they were good enough for the best.
@Suite struct SimilarityBoundsTests {
    private let folder = try! TemporaryFolder()

    @Test(arguments: CertifiedScanTests.Rows.allCases, [1, 8, 33, 86, 130, 384])
    func noRowIsMoreSimilarThanItsBounds(_ rows: CertifiedScanTests.Rows, dimension: Int) throws {
        var generator = SeededGenerator(seed: UInt64(dimension))
        let matrix = rows.matrix(dimension, &generator)
        let index = try index(matrix)
        for query in queries(of: matrix, &generator) {
            let bounds = try #require(try index.bounds(query))
            let scores = try index.scores(query, of: Array(0..<matrix.rowCount))
            #expect(zip(bounds, scores).allSatisfy { $0.coarse >= $1 && $0.fine >= $1 })
        }
    }

    /// Some rows need more than half of what a bound allows for, so that the parts of it are needed: without either part
    /// of the fine bound, or any of the four ranges of the coarse one, rows are more similar than these suites' bounds.
    @Test func theErrorsAreReached() throws {
        var generator = SeededGenerator(seed: 7)
        let matrix = CertifiedScanTests.Rows.clustered.matrix(64, &generator)
        let index = try index(matrix)
        var (coarse, fine) = (0.0, 0.0)
        for query in queries(of: matrix, &generator) {
            let bounds = try #require(try index.bounds(query))
            let estimates = try #require(try index.bounds(query, boundShare: 0))
            let scores = try index.scores(query, of: Array(0..<matrix.rowCount))
            for (row, score) in scores.enumerated() {
                let (bound, estimate) = (bounds[row], estimates[row])
                coarse = max(coarse, Double((score - estimate.coarse) / (bound.coarse - estimate.coarse)))
                fine = max(fine, Double((score - estimate.fine) / (bound.fine - estimate.fine)))
            }
        }
        #expect(coarse > 0.5 && coarse <= 1)
        #expect(fine > 0.5 && fine <= 1)
    }

    /// Random ones, rows, differences of rows, and what eight bits leave of a row.
    private func queries(of matrix: Matrix, _ generator: inout SeededGenerator) -> [[Float]] {
        var queries: [[Float]] = []
        for row in [0, 1, 4, 1_000, 2_299] {
            let values = Array(matrix[row: row])
            let other = matrix[row: (row + 20) % matrix.rowCount]
            let scale = values.reduce(0) { max($0, abs($1)) } / 127
            queries += [
                generator.values(matrix.columnCount), values, zip(values, other).map { $0 - $1 },
                values.map { scale > 0 ? $0 - scale * ($0 / scale).rounded() : 0 },
            ]
        }
        return queries.filter { $0.contains { abs($0) > 1e-30 } }
    }

    private func index(_ matrix: Matrix) throws -> VectorIndex {
        let url = folder.url.appending(path: "vectors.index")
        try VectorIndex.write(matrix, fingerprint: "model", to: url)
        return try VectorIndex(opening: url)
    }
}
