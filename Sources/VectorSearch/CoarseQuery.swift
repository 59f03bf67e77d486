import CKernels
import IndexFiles
import LinearAlgebra

/// A query made ready for a scan of coarse codes: integer weights, and what has to be added to make an integer sum an
/// upper bound of a similarity.
///
/// For a unit query q and a row o = c + z, with u = fl(P·q), y = fl(P·fl(z)), ŷ its codes and e = y − ŷ:
///
///     q·o = q·c + q·z
///     q·z = (P·q)·(P·z) + q·(I − PᵀP)·z
///         = u·ŷ + u·e + (P·q − u)·y − (P·q)·(y − P·z) + q·(I − PᵀP)·z
///
/// - `u·e ≤ Σ ‖u_r‖·‖e_r‖` over the ranges r of components (Cauchy and Schwarz). The row knows ‖e_r‖ as a byte, rounded
///   up; the weight of the byte is rounded up too.
/// - `u·ŷ = Σᵢ vᵢ·(codeᵢ − middle)` with `vᵢ = uᵢ·stepᵢ`. In group g of 64 components v is replaced by `s_g·k`, k integers and
///   s_g a multiple of the sum's unit; it loses at most `‖v − s_g·k‖·‖code − middle‖`, the first computed, the second the largest among all rows.
/// - A product of n terms in fp32 is off by at most `γₙ = n·2⁻²⁴ / (1 − n·2⁻²⁴)` times the sum of the terms' magnitudes,
///   in any order (Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section 3.1). So
///   `‖P·q − u‖ ≤ γ·‖P‖_F·‖q‖`, `‖y − P·z‖ ≤ γ·‖P‖_F·‖z‖`, counting the rounding of z, and fl(q·c) is off by `γ·‖q‖·‖c‖`.
/// - `‖P·q‖ ≤ ‖q‖·√(1 + ‖I − PᵀP‖)`, and the last term is at most `‖q‖·‖I − PᵀP‖·‖z‖`.
/// - A similarity is q·o in fp64, rounded to fp32, and so is the bound: `resultRounding` is more than both can lose.
///
/// What fp64 loses in computing these bounds, below 1e-12, is far within the last.
@safe final class CoarseQuery {
    private let codes: CoarseCodes
    /// What the kernel takes; its weights and multipliers belong to this object.
    private var kernelQuery: docket_code_scan
    /// Room for what is found in the longest list.
    private let places: UnsafeMutablePointer<UInt32>
    private let sums: UnsafeMutablePointer<Int32>
    /// What 1 of a scan's sum stands for.
    private let scale: Double
    /// What is added to each sum: the constant part of the product, and the errors that are no row's own.
    private let offset: Double
    /// fl(q·c) for each list.
    let listScores: [Float]

    private static let weightMax = 127.0
    /// What the multipliers add up to at most: beyond it a sum would overflow.
    private static let multiplierSum = 16_384

    /// - Parameters:
    ///   - query: `[dimension]`, of length 1.
    ///   - boundShare: how much of the error is added: 1 gives a bound.
    init(_ query: [Float], of codes: CoarseCodes, boundShare: Double) {
        let facts = codes.facts
        let shape = codes.shape
        self.codes = codes
        listScores = product(codes.centroids, query, rowCount: codes.listCount)
        let rotated = product(codes.rotation, query, rowCount: query.count)
        let steps = codes.steps
        let exactWeights = (0..<shape.codeCount).map { index in
            index < query.count ? Double(rotated[index]) * Double(steps[index]) : 0
        }
        let groups = (0..<shape.groupCount).map { Array(exactWeights[shape.group($0)]) }
        let errors = (0..<CoarseShape.errorCount).map { index in
            boundShare * norm(rotated[shape.errorRange(index)]) * facts.errorSteps[index]
        }

        // Each group's largest weight becomes 127, and the largest of the errors.
        let needed = (groups + [errors]).map { values in values.reduce(0) { max($0, abs($1)) } / Self.weightMax }
        let unit = max(needed.reduce(0, +) / Double(Self.multiplierSum - needed.count), .leastNormalMagnitude)
        let multipliers = needed.map { Int32(($0 / unit).rounded(.up)) }
        let scales = multipliers.map { max(unit * Double($0), .leastNormalMagnitude) }
        scale = unit

        var weights: [Int8] = []
        var (sum, loss) = (0.0, 0.0)
        for (index, group) in groups.enumerated() {
            let integers = group.map { ($0 / scales[index]).rounded().clamped(to: Self.weightMax) }
            weights += integers.map { Int8($0) }
            sum += shape.middleCode(ofGroup: index) * scales[index] * integers.reduce(0, +)
            loss += norm(zip(group, integers).map { $0 - scales[index] * $1 }) * facts.codeNorms[index]
        }
        let errorWeights = errors.map { Int8(($0 / scales[groups.count]).rounded(.up).clamped(to: Self.weightMax)) }
        offset = boundShare * (loss + Self.roundingError(query, facts)) - sum
        unsafe kernelQuery = docket_code_scan(
            nibble_count: shape.nibbleCount, pair_count: shape.pairCount, weights: copied(weights),
            multipliers: copied(multipliers), error_multiplier: multipliers[groups.count],
            error_weights: (errorWeights[0], errorWeights[1], errorWeights[2], errorWeights[3]))
        let placeCount = codes.longestList * CoarseShape.blockRowCount
        unsafe (places, sums) = (.allocate(capacity: placeCount), .allocate(capacity: placeCount))
    }

    deinit {
        unsafe kernelQuery.weights.deallocate()
        unsafe kernelQuery.multipliers.deallocate()
        unsafe places.deallocate()
        unsafe sums.deallocate()
    }

    /// What rounding and a rotation that is not quite one can add to a similarity.
    private static func roundingError(_ query: [Float], _ facts: CoarseCodes.Facts) -> Double {
        let rounding = accumulatedRounding(count: query.count + 2)
        let length = norm(query[...])
        let turned = rounding * facts.rotationNorm * (facts.rotatedNorm + (1 + facts.skewness) * facts.residualNorm)
        return length * (turned + facts.skewness * facts.residualNorm + rounding * facts.centroidNorm) + resultRounding
    }

    /// Appends the places in a list whose bound reaches `threshold`; where there is a filter, those of rows it allows.
    func scan(
        _ list: Int, threshold: Float, in allowed: RowSet?, into candidates: inout Candidates
    ) throws(IndexFileError) {
        let blocks = codes.blocks(ofList: list)
        try codes.check(blocks)
        let base = Double(listScores[list]) + offset
        // One less than the sum that gives the threshold: fp64 loses less than 1 here, or, where 1 of a sum stands for less
        // than fp64 can see of the threshold, less than the rounding that `offset` has.
        let least = ((Double(threshold) - base) / scale).rounded(.down) - 1
        let leastSum = Int32(max(Double(Int32.min), min(Double(Int32.max), least)))
        let count = unsafe codes.blocks.unchecked.withUnsafeBufferPointer { memory in
            unsafe ScanKernels.table.pointee.scan_blocks(
                &kernelQuery, memory.baseAddress! + blocks.lowerBound * codes.shape.blockByteCount, blocks.count,
                leastSum, places, sums)
        }
        let first = UInt32(blocks.lowerBound * CoarseShape.blockRowCount)
        for found in 0..<count {
            let place = unsafe first + places[found]
            if let allowed {
                guard let row = try codes.row(at: place), allowed.contains(row) else { continue }
            }
            candidates.append(place, bound: unsafe Float(base + scale * Double(sums[found])))
        }
    }
}

private func copied<Element>(_ values: [Element]) -> UnsafePointer<Element> {
    let copy = UnsafeMutablePointer<Element>.allocate(capacity: values.count)
    unsafe copy.initialize(from: values, count: values.count)
    return unsafe UnsafePointer(copy)
}

/// What rounding to fp32 can add to a similarity, 2⁻²⁴, and take from a bound below 4, 2⁻²³; the rest is for lengths that
/// are 1 only to within rounding. A greater bound is above every similarity, however it is rounded.
let resultRounding = 0x1p-22

/// γₙ of fp32.
func accumulatedRounding(count: Int) -> Double {
    let rounding = Double(count) * 0x1p-24
    return rounding / (1 - rounding)
}

func norm(_ values: ArraySlice<Float>) -> Double {
    values.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
}

private func norm(_ values: [Double]) -> Double { values.reduce(0) { $0 + $1 * $1 }.squareRoot() }

private func product(_ matrix: MappedArray<Float>, _ vector: [Float], rowCount: Int) -> [Float] {
    unsafe [Float](unsafeUninitializedCapacity: rowCount) { result, count in
        unsafe matrix.withUnsafeBufferPointer { matrix in
            unsafe multiply(
                matrix.baseAddress!, vector: vector, into: result.baseAddress!, m: rowCount, n: vector.count)
        }
        count = rowCount
    }
}

extension Double {
    fileprivate func clamped(to largest: Double) -> Double { max(-largest, min(largest, self)) }
}
