import CKernels
import IndexFiles

/// Eight bits for each component of a row, `ô = scale · (code − 128)`, and the length of what that leaves out. They stand
/// at the places of the coarse codes: rows that are read for one query stand together.
final class FineCodes: Sendable {
    /// `[places, columnCount]`; the columns beyond the dimension are 128, which stands for 0.
    let codes: CheckedArray<UInt8>
    /// `[places, 2]`: each row's scale, and ‖o − ô‖ rounded up.
    let facts: CheckedArray<Float>
    let columnCount: Int

    init(in file: IndexFile, dimension: Int, placeCount: Int) throws(IndexFileError) {
        columnCount = Self.columnCount(ofDimension: dimension)
        codes = try file.checkedElements(of: "fine", count: placeCount * columnCount)
        facts = try file.checkedElements(of: "fine facts", count: placeCount * 2)
    }

    func check(_ places: [UInt32]) throws(IndexFileError) {
        if codes.hasPassed && facts.hasPassed { return }
        for place in places {
            try codes.check(Int(place) * columnCount..<(Int(place) + 1) * columnCount)
            try facts.check(2 * Int(place)..<2 * Int(place) + 2)
        }
    }

    /// Kernels take the columns by so many.
    private static let columnStep = 128

    static func columnCount(ofDimension dimension: Int) -> Int {
        (dimension + columnStep - 1) / columnStep * columnStep
    }

    /// Codes a row of floats.
    ///
    /// - Parameters:
    ///   - row: `[dimension]`
    ///   - codes: `[columnCount(ofDimension: dimension)]`, overwritten
    /// - Returns: its scale and ‖o − ô‖, rounded up.
    static func encode(
        _ row: UnsafePointer<Float>, dimension: Int, into codes: UnsafeMutablePointer<UInt8>
    ) -> (scale: Float, residual: Float) {
        var largest: Float = 0
        for column in 0..<dimension { largest = unsafe Float.maximum(largest, abs(row[column])) }
        let scale = largest / 127
        let inverse = scale >= .leastNormalMagnitude ? 1 / scale : 0
        for column in 0..<dimension {
            let integer = unsafe row[column] * inverse + nearestInteger
            unsafe codes[column] = UInt8(truncatingIfNeeded: integer.bitPattern) &+ 128
        }
        var squares = SIMD8<Double>.zero
        for first in stride(from: 0, to: dimension, by: 8) {
            let values = unsafe eight(row + first, count: dimension - first)
            let integers = values * inverse + nearestInteger - nearestInteger
            let rest = SIMD8<Double>(values) - Double(scale) * SIMD8<Double>(integers)
            squares += rest * rest
        }
        let square = squares.sum()
        for column in dimension..<columnCount(ofDimension: dimension) { unsafe codes[column] = 128 }
        // The sum's own rounding is far below the last place of its root in fp32.
        return (scale, Float(square.squareRoot()).nextUp)
    }
}

/// A query made ready to bound similarities by fine codes.
///
/// With `q̂` the query's codes, e = q − q̂ and r = o − ô: `q·o = q̂·ô + e·ô + q·r ≤ q̂·ô + ‖e‖·(‖o‖ + ‖r‖) + ‖q‖·‖r‖`.
final class FineQuery {
    private let codes: [Int8]
    private let scale: Double
    /// ‖e‖ and ‖q‖.
    private let lostLength: Double
    private let length: Double
    private let boundShare: Double

    /// A row's length is 1 or 0 to within rounding; this is more.
    private static let rowLength = 1 + 0x1p-20

    init(_ query: [Float], columnCount: Int, boundShare: Double) {
        let scale = query.reduce(0) { max($0, abs(Double($1))) } / 127
        let integers = query.map { (Double($0) / scale).rounded() }
        codes = integers.map { Int8($0) } + [Int8](repeating: 0, count: columnCount - query.count)
        lostLength = zip(query, integers).reduce(0) { sum, pair in
            let rest = Double(pair.0) - scale * pair.1
            return sum + rest * rest
        }.squareRoot()
        self.scale = scale
        length = norm(query[...])
        self.boundShare = boundShare
    }

    /// Appends those of `places`, as rows, whose similarity may be `threshold` or more.
    func scan(
        _ places: [UInt32], of fine: FineCodes, threshold: Float, into found: inout [ScoredRow]
    ) throws(IndexFileError) {
        try fine.check(places)
        unsafe withUnsafeTemporaryAllocation(of: Int32.self, capacity: places.count) { sums in
            unsafe fine.codes.unchecked.withUnsafeBufferPointer { memory in
                unsafe ScanKernels.table.pointee.dot_rows(
                    memory.baseAddress, fine.columnCount, codes, places, places.count, sums.baseAddress)
            }
            unsafe fine.facts.unchecked.withUnsafeBufferPointer { facts in
                for (index, place) in places.enumerated() {
                    let rowScale = unsafe Double(facts[2 * Int(place)])
                    let residual = unsafe Double(facts[2 * Int(place) + 1])
                    let error = lostLength * (Self.rowLength + residual) + length * residual + resultRounding
                    let bound = unsafe Float(scale * rowScale * Double(sums[index]) + boundShare * error)
                    // A bound that is no number says nothing.
                    guard !(bound < threshold) else { continue }
                    found.append(ScoredRow(row: Int(place), score: bound.isNaN ? .infinity : bound))
                }
            }
        }
    }
}
