import LinearAlgebra
import Synchronization

/// Codes rows coarsely, block by block.
struct CoarseCoder: Sendable {
    let shape: CoarseShape
    let vectors: Matrix
    let centroids: Matrix
    let rotation: Matrix
    /// `[codes]`, and what each is multiplied by to be 1.
    let steps: [Float]
    let inverses: [Float]

    /// Largest lengths over rows.
    private struct Largest {
        var codeNorms: [Double]
        var errors = [Double](repeating: 0, count: CoarseShape.errorCount)
        var residual = 0.0
        var rotated = 0.0

        mutating func formMaximum(_ other: Largest) {
            for index in codeNorms.indices { codeNorms[index] = max(codeNorms[index], other.codeNorms[index]) }
            for index in errors.indices { errors[index] = max(errors[index], other.errors[index]) }
            residual = max(residual, other.residual)
            rotated = max(rotated, other.rotated)
        }
    }

    /// The lengths that a sum of squares in fp64 may have, whatever its rounding.
    private static let roundingUp = 1 + 0x1p-40
    private static let errorByteMax = 127.0
    /// What is left out is rounded to fp32 before its length is taken.
    private static let restRounding = 1 + 0x1p-23

    init(shape: CoarseShape, vectors: Matrix, centroids: Matrix, rotation: Matrix, steps: [Float]) {
        (self.shape, self.vectors, self.centroids) = (shape, vectors, centroids)
        (self.rotation, self.steps) = (rotation, steps)
        inverses = steps.map { $0 >= .leastNormalMagnitude ? 1 / $0 : 0 }
    }

    /// - Returns: the blocks, `[blocks, lines, 32, 4]`, and what holds for all rows.
    func encode(
        listStarts: [UInt32], rows: [UInt32], blocksAtOnce: Int, threadCount: Int
    ) -> (facts: CoarseCodes.Facts, blocks: [UInt8]) {
        let blockCount = rows.count / CoarseShape.blockRowCount
        var listOfBlock: [Int] = []
        for list in 0..<listStarts.count - 1 {
            listOfBlock += repeatElement(list, count: Int(listStarts[list + 1] - listStarts[list]))
        }
        var errors = [Float](repeating: 0, count: rows.count * CoarseShape.errorCount)
        let largest = Mutex(Largest(codeNorms: [Double](repeating: 0, count: shape.groupCount)))
        var blocks = [UInt8](repeating: 0, count: blockCount * shape.blockByteCount)
        unsafe blocks.withUnsafeMutableBufferPointer { blocks in
            unsafe errors.withUnsafeMutableBufferPointer { errors in
                nonisolated(unsafe) let (blocks, errors) = unsafe (blocks, errors)
                forEachBlock(of: blockCount, size: blocksAtOnce, threadCount: threadCount) { [listOfBlock] range in
                    var own = Largest(codeNorms: [Double](repeating: 0, count: shape.groupCount))
                    var rotated = rotatedResiduals(of: range, rows: rows, listOfBlock, &own)
                    for place in range.lowerBound * CoarseShape.blockRowCount..<range.upperBound
                        * CoarseShape.blockRowCount
                    where rows[place] != CoarseCodes.noRow {
                        let first = (place - range.lowerBound * CoarseShape.blockRowCount) * shape.dimension
                        unsafe rotated.withUnsafeMutableBufferPointer { rotated in
                            unsafe encode(
                                rotated.baseAddress! + first, at: place, into: blocks.baseAddress!,
                                errors: errors.baseAddress! + place * CoarseShape.errorCount, &own)
                        }
                    }
                    largest.withLock { $0.formMaximum(own) }
                }
            }
        }
        let all = largest.withLock { $0 }
        let errorSteps = all.errors.map { $0 * Self.roundingUp / Self.errorByteMax }
        for place in rows.indices where rows[place] != CoarseCodes.noRow {
            for index in 0..<CoarseShape.errorCount where errorSteps[index] > 0 {
                let length = Double(errors[place * CoarseShape.errorCount + index])
                blocks[shape.firstByte(at: place) + index] = UInt8(
                    min(Self.errorByteMax, (length / errorSteps[index]).rounded(.up)))
            }
        }
        return (facts(all, errorSteps: errorSteps), blocks)
    }

    private func facts(_ all: Largest, errorSteps: [Double]) -> CoarseCodes.Facts {
        CoarseCodes.Facts(
            listCount: centroids.rowCount, nibbleCount: shape.nibbleCount, pairCount: shape.pairCount,
            codeNorms: all.codeNorms.map { $0 * Self.roundingUp }, errorSteps: errorSteps,
            residualNorm: all.residual * Self.roundingUp, rotatedNorm: all.rotated * Self.roundingUp,
            centroidNorm: (0..<centroids.rowCount).map { norm(centroids[row: $0]) }.reduce(0, max) * Self.roundingUp,
            rotationNorm: norm(rotation.values[...]) * Self.roundingUp,
            skewness: skewness * Self.roundingUp)
    }

    /// The Frobenius norm of I − PᵀP, which is that of I − PPᵀ, in fp64, where the products are exact.
    private var skewness: Double {
        var square = 0.0
        unsafe rotation.values.withUnsafeBufferPointer { rows in
            for i in 0..<shape.dimension {
                for j in 0...i {
                    let (first, second) = (i * shape.dimension, j * shape.dimension)
                    let product = unsafe dot(
                        rows.baseAddress! + first, rows.baseAddress! + second, count: shape.dimension)
                    let rest = product - (i == j ? 1 : 0)
                    square += (i == j ? 1 : 2) * rest * rest
                }
            }
        }
        return square.squareRoot() + 0x1p-40
    }

    /// y = P·(o − c) of the rows at the places of some blocks, `[places, dimension]`.
    private func rotatedResiduals(
        of blocks: Range<Int>, rows: [UInt32], _ listOfBlock: [Int], _ largest: inout Largest
    ) -> [Float] {
        let (dimension, blockRowCount) = (shape.dimension, CoarseShape.blockRowCount)
        var residuals = [Float](repeating: 0, count: blocks.count * blockRowCount * dimension)
        for block in blocks {
            let centroid = listOfBlock[block] * dimension
            for place in block * blockRowCount..<(block + 1) * blockRowCount where rows[place] != CoarseCodes.noRow {
                let row = Int(rows[place]) * dimension
                let to = (place - blocks.lowerBound * blockRowCount) * dimension
                let length = unsafe residuals.withUnsafeMutableBufferPointer { residuals in
                    let rest = unsafe residuals.baseAddress! + to
                    unsafe vectors.values.withUnsafeBufferPointer { vectors in
                        unsafe centroids.values.withUnsafeBufferPointer { centroids in
                            for column in 0..<dimension {
                                unsafe rest[column] = vectors[row + column] - centroids[centroid + column]
                            }
                        }
                    }
                    return unsafe dot(rest, rest, count: dimension).squareRoot()
                }
                // The subtraction's rounding, at most 2⁻²⁴ of each component, is within this.
                largest.residual = max(largest.residual, length * (1 + 0x1p-23))
            }
        }
        return Matrix(rowCount: blocks.count * blockRowCount, columnCount: dimension, values: residuals)
            .multiplied(byTransposed: rotation).values
    }

    /// - Parameter rotated: `[dimension]`; what the codes leave out when it returns.
    private func encode(
        _ rotated: UnsafeMutablePointer<Float>, at place: Int, into blocks: UnsafeMutablePointer<UInt8>,
        errors: UnsafeMutablePointer<Float>, _ largest: inout Largest
    ) {
        largest.rotated = unsafe max(largest.rotated, length(of: rotated, 0..<shape.dimension))
        let firstByte = shape.firstByte(at: place)
        for group in 0..<shape.groupCount {
            let range = shape.group(group)
            let largestCode = Float(shape.largestCode(ofGroup: group))
            var square: Float = 0
            for first in stride(from: range.lowerBound, to: range.upperBound, by: 8) {
                // Eight codes, a byte each.
                var codes: UInt64 = 0
                for component in min(first, shape.dimension)..<min(first + 8, shape.dimension) {
                    let value = unsafe rotated[component]
                    let level = max(0, min(largestCode, value * inverses[component] + largestCode / 2)) + nearestInteger
                    codes |= UInt64(level.bitPattern & 0xf) << UInt64(8 * (component - first))
                    let middle = level - nearestInteger - largestCode / 2
                    unsafe rotated[component] = Float(Double(value) - Double(steps[component]) * Double(middle))
                    square += middle * middle
                }
                unsafe write(codes, of: first, into: blocks + firstByte)
            }
            largest.codeNorms[group] = max(largest.codeNorms[group], Double(square).squareRoot())
        }
        for index in 0..<CoarseShape.errorCount {
            let bound = unsafe Float(length(of: rotated, shape.errorRange(index)) * Self.restRounding).nextUp
            unsafe errors[index] = bound
            largest.errors[index] = max(largest.errors[index], Double(bound))
        }
    }

    /// - Parameter row: its bytes in the line of the errors.
    private func write(_ codes: UInt64, of first: Int, into row: UnsafeMutablePointer<UInt8>) {
        let (line, bit, bitCount) = shape.position(ofEight: first)
        let bytes = (UInt32(truncatingIfNeeded: codes) | UInt32(codes >> 32) << UInt32(bitCount)) << UInt32(bit)
        let to = unsafe row + line * CoarseShape.blockRowCount * CoarseShape.lineByteCount
        for index in 0..<CoarseShape.lineByteCount {
            unsafe to[index] |= UInt8(truncatingIfNeeded: bytes >> UInt32(8 * index))
        }
    }

    private func length(of values: UnsafePointer<Float>, _ range: Range<Int>) -> Double {
        let first = unsafe values + range.lowerBound
        return unsafe dot(first, first, count: range.count).squareRoot()
    }
}
