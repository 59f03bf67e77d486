import LinearAlgebra
import TestSupport
import Testing

/// Products through BLAS against the triple loop.
@Suite struct MultiplyTests {
    struct Shape {
        let m: Int
        let n: Int
        let k: Int
    }

    static let shapes = [
        Shape(m: 1, n: 1, k: 1), Shape(m: 3, n: 5, k: 7), Shape(m: 16, n: 16, k: 16), Shape(m: 1, n: 40, k: 33),
        Shape(m: 31, n: 2, k: 65),
    ]

    @Test(arguments: shapes, [false, true])
    func aProductEqualsTheTripleLoop(shape: Shape, transposed: Bool) {
        var generator = SeededGenerator(seed: 1)
        let a = generator.values(shape.m * shape.k)
        let b = generator.values(shape.k * shape.n)
        var c = [Float](repeating: .nan, count: shape.m * shape.n)
        c.withUnsafeMutableBufferPointer { c in
            multiply(
                a, b, transposed: transposed, into: c.baseAddress!, m: shape.m, n: shape.n, k: shape.k, alpha: 0.5)
        }
        for row in 0..<shape.m {
            for column in 0..<shape.n {
                let terms = (0..<shape.k).map { index in
                    a[row * shape.k + index]
                        * (transposed ? b[column * shape.k + index] : b[index * shape.n + column])
                }
                #expect(abs(c[row * shape.n + column] - 0.5 * terms.reduce(0, +)) < 1e-4)
            }
        }
    }

    @Test func aProductOfBlocksLeavesTheRestOfTheTargetAlone() {
        // a is columns 1...2 of a [2, 4] matrix, b column 3 and 0 of it as [n, k]; the target has rows of 3.
        let wide: [Float] = [1, 2, 3, 4, 5, 6, 7, 8]
        var target = [Float](repeating: -1, count: 6)
        wide.withUnsafeBufferPointer { wide in
            target.withUnsafeMutableBufferPointer { target in
                let block = Strided(wide.baseAddress! + 1, rowStride: 4)
                multiply(
                    block, block, transposed: true, into: target.baseAddress! + 1, rowStride: 3, m: 2, n: 2, k: 2)
            }
        }
        #expect(target == [-1, 13, 33, -1, 33, 85])
    }

    @Test func aMatrixTimesAVectorEqualsTheLoop() {
        let a: [Float] = [1, 2, 3, 4, 5, 6]
        var y = [Float](repeating: .nan, count: 2)
        y.withUnsafeMutableBufferPointer { y in
            multiply(a, vector: [1, 0, -1], into: y.baseAddress!, m: 2, n: 3)
        }
        #expect(y == [-2, -2])
    }
}
