import LinearAlgebra
import Synchronization

/// Codes rows coarsely, block by block.
struct CoarseCoder: Sendable {
    let shape: CoarseShape
    let vectors: Matrix
    let centroids: Matrix
    let rotation: Matrix
    let steps: [Float]

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
                blocks[shape.errorByte(index, at: place)] = UInt8(
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
                var square = 0.0
                for column in 0..<dimension {
                    let rest = vectors.values[row + column] - centroids.values[centroid + column]
                    residuals[to + column] = rest
                    square += Double(rest) * Double(rest)
                }
                // The subtraction's rounding, at most 2⁻²⁴ of each component, is within this.
                largest.residual = max(largest.residual, square.squareRoot() * (1 + 0x1p-23))
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
        for group in 0..<shape.groupCount {
            let (largestCode, middleCode) = (Float(shape.largestCode(ofGroup: group)), shape.middleCode(ofGroup: group))
            var square = 0.0
            for component in shape.group(group) where steps[component] > 0 {
                let step = steps[component]
                let level = unsafe (rotated[component] / step).rounded(.down) + (largestCode + 1) / 2
                let code = max(0, min(largestCode, level))
                let middle = Double(code) - middleCode
                let (byte, bit) = shape.position(of: component, at: place)
                unsafe blocks[byte] |= UInt8(code) << UInt8(bit)
                unsafe rotated[component] = Float(Double(rotated[component]) - Double(step) * middle)
                square += middle * middle
            }
            largest.codeNorms[group] = max(largest.codeNorms[group], square.squareRoot())
        }
        for index in 0..<CoarseShape.errorCount {
            let bound = unsafe Float(length(of: rotated, shape.errorRange(index)) * Self.restRounding).nextUp
            unsafe errors[index] = bound
            largest.errors[index] = max(largest.errors[index], Double(bound))
        }
    }

    private func length(of values: UnsafeMutablePointer<Float>, _ range: Range<Int>) -> Double {
        var square = 0.0
        for index in range { square += unsafe Double(values[index]) * Double(values[index]) }
        return square.squareRoot()
    }
}
