import Foundation
import IndexFiles
import LinearAlgebra
import TestSupport
import Testing
import VectorSearch

/// The search by bounds finds what the exact scan finds, whatever the rows are like.
@Suite struct CertifiedScanTests {
    private let folder = try! TemporaryFolder()
    /// More than the rows below which there are no codes.
    private static let rowCount = 2_300

    enum Rows: String, CaseIterable {
        case random, clustered, decaying, duplicates, nearTies, zeros, oneHot, hugeAndTiny, equal

        func matrix(_ dimension: Int, _ generator: inout SeededGenerator) -> Matrix {
            let count = CertifiedScanTests.rowCount
            let centers = (0..<20).map { _ in generator.values(dimension) }
            var values: [Float] = []
            for row in 0..<count {
                let center = centers[row % centers.count]
                switch self {
                case .random: values += generator.values(dimension)
                case .clustered: values += zip(center, generator.values(dimension)).map { $0 + 0.2 * $1 }
                case .decaying:
                    values += generator.values(dimension).enumerated().map { $1 / (1 + Float($0)) + 0.1 * center[$0] }
                case .duplicates: values += center
                case .nearTies: values += zip(center, generator.values(dimension)).map { $0 + 1e-6 * $1 }
                case .zeros: values += row % 3 == 0 ? [Float](repeating: 0, count: dimension) : center
                case .oneHot: values += (0..<dimension).map { $0 == row % dimension ? 1 : 0 }
                case .hugeAndTiny:
                    let scale: Float = row.isMultiple(of: 2) ? 1e30 : 1e-30
                    values += generator.values(dimension).map { $0 * scale }
                case .equal: values += [Float](repeating: 1, count: dimension)
                }
            }
            return Matrix(rowCount: count, columnCount: dimension, values: values)
        }
    }

    @Test(arguments: Rows.allCases, [1, 2, 7, 8, 33, 64, 65, 85, 86, 102, 130, 257])
    func theResultIsThatOfTheExactScan(_ rows: Rows, dimension: Int) throws {
        var generator = SeededGenerator(seed: UInt64(dimension))
        let matrix = rows.matrix(dimension, &generator)
        let index = try index(matrix)
        let plain = ExhaustiveScan(matrix)
        for turn in 0..<6 {
            let query = turn.isMultiple(of: 2) ? generator.values(dimension) : Array(matrix[row: turn * 7])
            for limit in [1, 10, 300] {
                let found = try index.search(query, limit: limit)
                #expect(found == plain.search(query, limit: limit))
                #expect(try index.exactSearch(query, limit: limit) == found)
            }
        }
    }

    @Test func withoutTheErrorsOfItsBoundsItMissesRows() throws {
        var generator = SeededGenerator(seed: 5)
        let matrix = Rows.clustered.matrix(64, &generator)
        let index = try index(matrix)
        var missed = 0
        for _ in 0..<50 {
            let query = generator.values(64)
            let exact = try index.exactSearch(query, limit: 10)
            #expect(try index.countedSearch(query, limit: 10).rows == exact)
            if try index.countedSearch(query, limit: 10, boundShare: 0).rows != exact { missed += 1 }
        }
        #expect(missed > 0, "estimates taken for bounds lose rows")
    }

    @Test(arguments: [0, 1, 2, 50, 71, 72, 500, rowCount]) func everyFilterIsExact(allowedCount: Int) throws {
        var generator = SeededGenerator(seed: UInt64(allowedCount))
        let matrix = Rows.clustered.matrix(48, &generator)
        let index = try index(matrix)
        let plain = ExhaustiveScan(matrix)
        let chosen = Set((0..<Self.rowCount).shuffled(seed: 3).prefix(allowedCount))
        let allowed = RowSet(rowCount: Self.rowCount) { chosen.contains($0) }
        for _ in 0..<5 {
            let query = generator.values(48)
            let expected = plain.search(query, limit: 20, in: allowed)
            #expect(try index.search(query, limit: 20, in: allowed) == expected)
            #expect(try index.exactSearch(query, limit: 20, in: allowed) == expected)
        }
    }

    @Test(arguments: [1, 2]) func aBatchGivesWhatEachQueryGivesAlone(threadCount: Int) throws {
        var generator = SeededGenerator(seed: 9)
        let index = try index(Rows.clustered.matrix(40, &generator))
        let queries = Matrix(
            rowCount: 70, columnCount: 40, values: generator.values(69 * 40) + [Float](repeating: 0, count: 40))
        let alone = try (0..<70).map { try index.exactSearch(Array(queries[row: $0]), limit: 7) }
        #expect(try index.search(queries, limit: 7, threadCount: threadCount) == alone)
        #expect(try index.exactSearch(queries, limit: 7) == alone)
        #expect(alone[69].isEmpty, "a zero query finds nothing")
    }

    @Test func theApproximateSearchFindsWhatItsListsHold() throws {
        var generator = SeededGenerator(seed: 11)
        let index = try index(Rows.clustered.matrix(32, &generator))
        var hits = 0
        for _ in 0..<50 {
            let query = generator.values(32)
            let exact = try index.exactSearch(query, limit: 10)
            let all = try index.approximateSearch(query, limit: 10, recall: 1).rows
            hits += Set(all.map(\.row)).intersection(exact.map(\.row)).count
            let some = try index.approximateSearch(query, limit: 10, recall: 0.5)
            #expect(some.counts.coarse < Self.rowCount)
        }
        #expect(hits >= 450, "of 500 rows in the lists that held all of the sample's")
    }

    @Test func theFileHasTheSameBytesWhateverTheThreads() throws {
        var generator = SeededGenerator(seed: 2)
        let matrix = Rows.clustered.matrix(24, &generator)
        let urls = try [1, 2].map { threadCount in
            let url = folder.url.appending(path: "threads\(threadCount)")
            try VectorIndex.write(matrix, fingerprint: "m", to: url, threadCount: threadCount)
            return url
        }
        #expect(try Data(contentsOf: urls[0]) == Data(contentsOf: urls[1]))
    }

    private func index(_ matrix: Matrix) throws -> VectorIndex {
        let url = folder.url.appending(path: "vectors.index")
        try VectorIndex.write(matrix, fingerprint: "model", to: url)
        return try VectorIndex(opening: url)
    }
}
