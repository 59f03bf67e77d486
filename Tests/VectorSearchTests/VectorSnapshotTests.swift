import Foundation
import IndexFiles
import LinearAlgebra
import TestSupport
import Testing
import VectorSearch

/// However rows are spread over indexes: what is found is what one index of all of them finds.
@Suite struct VectorSnapshotTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func index(_ matrix: Matrix, _ name: String) throws -> VectorIndex {
        let url = folder.url.appending(path: name)
        try VectorIndex.write(matrix, fingerprint: "f", to: url)
        return try VectorIndex(opening: url)
    }

    /// One of the indexes has codes, the others are scanned exactly; many rows are equal.
    @Test(arguments: [1, 2] as [UInt64]) func searchesAreThoseOfOneIndex(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let (dimension, rowCount) = (8, 3_000)
        let values = (0..<rowCount * dimension).map { _ in Float(Int.random(in: -2...2, using: &random)) }
        func rows(_ range: Range<Int>) -> Matrix {
            Matrix(
                rowCount: range.count, columnCount: dimension,
                values: Array(values[range.lowerBound * dimension..<range.upperBound * dimension]))
        }
        let whole = try index(rows(0..<rowCount), "whole")
        let ranges = [0..<2_200, 2_200..<2_201, 2_201..<rowCount]
        let parts = try ranges.enumerated().map { try index(rows($1), "part\($0)") }
        let snapshot = VectorSnapshot(parts, dimension: dimension, fingerprint: "f")
        for _ in 0..<10 {
            let query = (0..<dimension).map { _ in Float.random(in: -1...1, using: &random) }
            let allowed = RowSet(rowCount: rowCount) { _ in Bool.random(using: &random) }
            let found = try snapshot.search(query, limit: 100)
            #expect(try found == whole.search(query, limit: 100))
            #expect(try snapshot.search(query, limit: 100, in: allowed) == whole.search(query, limit: 100, in: allowed))
            #expect(try snapshot.scores(query, of: found.map(\.row)) == found.map(\.score))
            let best = found.prefix(3).map(\.row) + [2_200]
            #expect(try snapshot.rows(best) == VectorSnapshot(whole).rows(best))
        }
        #expect(throws: VectorError.wrongDimension(got: 1, expected: dimension)) { try snapshot.search([1], limit: 1) }
        #expect(try VectorSnapshot([], dimension: 2, fingerprint: "f").search([1, 0], limit: 10) == [])
    }
}
