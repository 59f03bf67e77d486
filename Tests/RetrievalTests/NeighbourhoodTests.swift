import LinearAlgebra
import Retrieval
import TestSupport
import Testing

@Suite struct NeighbourhoodTests {
    /// Three rows that point the same way, one across them, and one that points nowhere.
    private let four = Neighbourhood(
        vectors: Matrix(rowCount: 5, columnCount: 2, values: [1, 0, 1, 0, 0.6, 0.8, 0, 1, 0, 0]))

    @Test func theCrowdIsTheNearestOthers() {
        expect(four.crowding(count: 1), are: [1, 1, 0.8, 0.8, 0])
        expect(four.crowding(count: 2), are: [0.8, 0.8, 0.7, 0.4, 0])
        expect(four.crowding(count: 100), are: [0.4, 0.4, 0.5, 0.2, 0])
    }

    @Test(arguments: [0, 1]) func aLoneCandidateHasNoCrowd(_ rowCount: Int) {
        let lone = Neighbourhood(vectors: Matrix(rowCount: rowCount, columnCount: 3))
        #expect(lone.crowding(count: 10) == [Float](repeating: 0, count: rowCount))
    }

    @Test func likenessIsTheSimilarityToTheMeanOfTheBest() {
        // The best alone.
        expect(four.likeness(toBestBy: [0, 0, 5, 1, 2], count: 1, sharpness: 1), are: [0.6, 0.6, 1, 0.8, 0])
        // Equally good: the mean of (1, 0) and (0, 1).
        expect(four.likeness(toBestBy: [3, 0, 0, 3, 0], count: 2, sharpness: 9), are: [0.5, 0.5, 0.7, 0.5, 0])
        // A difference in score of ln 3 makes the better one count three times as much.
        expect(four.likeness(toBestBy: [1.098_612_3, 0, -9, 0, -9], count: 2, sharpness: 1), are: [1, 1, 0.6, 0, 0])
        #expect(four.likeness(toBestBy: [1, 2, 3, 4, 5], count: 0, sharpness: 1) == [0, 0, 0, 0, 0])
    }

    @Test func equalRowsHaveEqualValuesWhereverTheyStand() {
        var random = SeededGenerator(seed: 4)
        let row = random.values(384)
        let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
        let rows = Neighbourhood(
            vectors: Matrix(rowCount: 37, columnCount: 384, values: (0..<37).flatMap { _ in row.map { $0 / length } }))
        #expect(Set(rows.crowding(count: 10)).count == 1)
        let scores = [Float](repeating: 1, count: 37)
        #expect(Set(rows.likeness(toBestBy: scores, count: 5, sharpness: 17.5)).count == 1)
    }

    /// Against the definition, by the triple loop.
    @Test(arguments: [1, 2, 9, 40]) func theCrowdOfManyIsAsDefined(_ rowCount: Int) {
        var random = SeededGenerator(seed: UInt64(rowCount))
        let values = (0..<rowCount * 8).map { _ in Float.random(in: -1...1, using: &random) }
        let vectors = Matrix(rowCount: rowCount, columnCount: 8, values: values)
        let expected = (0..<rowCount).map { row in
            let others = (0..<rowCount).filter { $0 != row }.map { other in
                zip(vectors[row: row], vectors[row: other]).reduce(0) { $0 + $1.0 * $1.1 }
            }
            let nearest = others.sorted(by: >).prefix(5)
            return nearest.isEmpty ? 0 : nearest.reduce(0, +) / Float(nearest.count)
        }
        expect(Neighbourhood(vectors: vectors).crowding(count: 5), are: expected)
    }

    private func expect(_ values: [Float], are expected: [Float], sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(values.count == expected.count, sourceLocation: sourceLocation)
        for (value, expected) in zip(values, expected) {
            #expect(abs(value - expected) < 2e-5, sourceLocation: sourceLocation)
        }
    }
}
