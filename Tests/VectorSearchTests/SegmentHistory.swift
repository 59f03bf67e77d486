import Foundation
import IndexFiles
import LinearAlgebra
import TestSupport
import Testing
import VectorSearch

/// What a folder of segments should have: the vectors that are left, as they were given, in the order of their numbers.
struct LiveVectors {
    let dimension: Int
    private(set) var rows: [(number: Int, vector: [Float])] = []

    init(dimension: Int) { self.dimension = dimension }

    mutating func append(_ matrix: Matrix, as numbers: Range<Int>) {
        for (row, number) in numbers.enumerated() { rows.append((number, Array(matrix[row: row]))) }
    }

    mutating func remove(_ numbers: Set<Int>) { rows.removeAll { numbers.contains($0.number) } }

    /// One index of all that is left, which gives row numbers.
    func rebuilt(in folder: TemporaryFolder) throws -> RebuiltIndex {
        let url = folder.url.appending(path: "rebuilt-\(UUID().uuidString)")
        let matrix = Matrix(rowCount: rows.count, columnCount: dimension, values: rows.flatMap(\.vector))
        try VectorIndex.write(matrix, fingerprint: "rebuilt", to: url)
        return RebuiltIndex(index: try VectorIndex(opening: url), numbers: rows.map(\.number))
    }
}

struct RebuiltIndex {
    let index: VectorIndex
    let numbers: [Int]

    func search(_ query: [Float], limit: Int, in wanted: RowSet?) throws -> [ScoredRow] {
        let rows = wanted.map { wanted in
            RowSet(rowCount: numbers.count) { numbers[$0] < wanted.rowCount && wanted.contains(numbers[$0]) }
        }
        return try index.search(query, limit: limit, in: rows).map {
            ScoredRow(row: numbers[$0.row], score: $0.score)
        }
    }
}

/// All searches of a snapshot give what one index rebuilt from its rows gives, with every kind of filter.
func expect(
    _ snapshot: VectorSnapshot, equals expected: LiveVectors, queries: [[Float]], in folder: TemporaryFolder,
    _ generator: inout SeededGenerator
) throws {
    let rebuilt = try expected.rebuilt(in: folder)
    #expect(snapshot.rowNumbers == rebuilt.numbers)
    #expect(snapshot.rowCount == rebuilt.numbers.count)
    let count = snapshot.nextRow
    let one = Int.random(in: 0...count, using: &generator)
    let filters: [RowSet?] = [
        nil, RowSet(rowCount: count), RowSet(rowCount: count) { _ in true }, RowSet(rowCount: count) { $0 == one },
        RowSet(rowCount: count) { _ in Bool.random(using: &generator) }, RowSet(rowCount: count / 2) { _ in true },
        RowSet(rowCount: count + 100) { $0 % 7 != 3 }, RowSet(rowCount: 0),
    ]
    for filter in filters {
        for limit in [1, 10, Int.random(in: 0...count + 1, using: &generator), .max] {
            let results = try queries.map { try rebuilt.search($0, limit: limit, in: filter) }
            for (query, result) in zip(queries, results) {
                #expect(try snapshot.search(query, limit: limit, in: filter) == result)
                #expect(try snapshot.exactSearch(query, limit: limit, in: filter) == result)
            }
            let batch = Matrix(
                rowCount: queries.count, columnCount: expected.dimension, values: queries.flatMap { $0 })
            #expect(try snapshot.search(batch, limit: limit, in: filter) == results)
        }
    }
    let all = try rebuilt.search(queries[0], limit: .max, in: nil)
    #expect(try snapshot.scores(queries[0], of: all.map(\.row)) == all.map(\.score))
}
