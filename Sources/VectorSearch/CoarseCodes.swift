import IndexFiles
import LinearAlgebra

/// Rows in lists around centroids, and four or two bits for each of a row's leading components: a fifteenth of its floats.
///
/// A row o of list j is `o = c + z`, with c the list's centroid. A rotation P (the principal components of such
/// residuals, the largest first) makes `y = P·z`, whose first components are coded, each with a step of its own:
/// `ŷᵢ = stepᵢ · (code − middle)`. What the codes leave out, e = y − ŷ, is known by its length in four ranges of
/// components. `CoarseQuery` says how that bounds a similarity from above.
final class CoarseCodes: Sendable {
    let facts: Facts
    let shape: CoarseShape
    /// `[lists, dimension]`
    let centroids: MappedArray<Float>
    /// `[dimension, dimension]`: row i is the i-th direction.
    let rotation: MappedArray<Float>
    /// `[codes]`
    let steps: [Float]
    /// `[lists + 1]`: where each list's blocks begin; the last is the number of blocks.
    let listStarts: [UInt32]
    /// `[blocks · 32]`: the row at each place, or `noRow` where a list does not fill its last block.
    let rows: CheckedArray<UInt32>
    /// `[rows]`: the place of each row.
    let places: CheckedArray<UInt32>
    /// `[blocks, lines, 32, 4]`, as `docket_code_scan` reads it.
    let blocks: CheckedArray<UInt8>

    /// The blocks of the longest list.
    let longestList: Int

    static let noRow = UInt32.max

    /// Bounds that hold for all rows, each rounded up.
    struct Facts: Codable, Equatable {
        let listCount: Int
        let nibbleCount: Int
        let pairCount: Int
        /// By group of 64 codes, the largest length of `code − middle`.
        let codeNorms: [Double]
        /// The length that an error byte counts in.
        let errorSteps: [Double]
        /// The largest lengths of a z, a y and a centroid.
        let residualNorm: Double
        let rotatedNorm: Double
        let centroidNorm: Double
        /// The Frobenius norms of P and of I − PᵀP.
        let rotationNorm: Double
        let skewness: Double
    }

    private let rowCount: Int

    /// What a component of a centroid, a rotation or a step cannot reach where vectors have length 1.
    private static let componentMax: Float = 4

    init(in file: IndexFile, dimension: Int, rowCount: Int) throws(IndexFileError) {
        self.rowCount = rowCount
        facts = try file.value(of: "coarse facts", as: Facts.self)
        shape = CoarseShape(
            dimension: dimension, nibbleCount: facts.nibbleCount, pairCount: facts.pairCount)
        guard facts.isPlausible(shape, rowCount: rowCount) else {
            throw .unexpectedContent(path: file.path, block: "coarse facts")
        }
        centroids = try Self.components(of: "centroids", in: file, count: facts.listCount * dimension)
        rotation = try Self.components(of: "rotation", in: file, count: dimension * dimension)
        steps = try Self.components(of: "steps", in: file, count: shape.codeCount).copied
        listStarts = Array(try file.elements(of: "list starts", count: facts.listCount + 1))
        let blockCount = Int(listStarts[facts.listCount])
        guard listStarts[0] == 0, zip(listStarts, listStarts.dropFirst()).allSatisfy({ $0 <= $1 }) else {
            throw .unexpectedContent(path: file.path, block: "list starts")
        }
        rows = try file.checkedElements(of: "rows", count: blockCount * CoarseShape.blockRowCount)
        places = try file.checkedElements(of: "places", count: rowCount)
        blocks = try file.checkedElements(of: "coarse", count: blockCount * shape.blockByteCount)
        longestList = zip(listStarts, listStarts.dropFirst()).reduce(0) { max($0, Int($1.1 - $1.0)) }
    }

    private static func components(
        of name: String, in file: IndexFile, count: Int
    ) throws(IndexFileError) -> MappedArray<Float> {
        let values: MappedArray<Float> = try file.elements(of: name, count: count)
        let arePossible = unsafe values.withUnsafeBufferPointer { values in
            // Nor is NaN within the limit.
            unsafe values.allSatisfy { abs($0) < componentMax }
        }
        guard arePossible else { throw .unexpectedContent(path: file.path, block: name) }
        return values
    }

    func blocks(ofList list: Int) -> Range<Int> { Int(listStarts[list])..<Int(listStarts[list + 1]) }

    var listCount: Int { facts.listCount }

    func check(_ range: Range<Int>) throws(IndexFileError) {
        let (bytes, rowCount) = (shape.blockByteCount, CoarseShape.blockRowCount)
        try blocks.check(range.lowerBound * bytes..<range.upperBound * bytes)
        try rows.check(range.lowerBound * rowCount..<range.upperBound * rowCount)
    }

    /// The row at a place, if there is one.
    func row(at place: UInt32) throws(IndexFileError) -> Int? {
        let place = Int(place)
        try rows.check(place..<place + 1)
        let row = rows.unchecked[place]
        guard row != Self.noRow else { return nil }
        guard row < rowCount else { throw rows.unexpectedContent }
        return Int(row)
    }

    func place(of row: Int) throws(IndexFileError) -> UInt32 {
        try places.check(row..<row + 1)
        let place = places.unchecked[row]
        guard place < rows.count else { throw places.unexpectedContent }
        return place
    }
}

extension CoarseCodes.Facts {
    /// Whether arrays of these sizes can be: what a file says is not to be believed.
    fileprivate func isPlausible(_ shape: CoarseShape, rowCount: Int) -> Bool {
        let numbers = codeNorms + errorSteps + [residualNorm, rotatedNorm, centroidNorm, rotationNorm, skewness]
        return listCount > 0 && listCount <= rowCount && shape.isPlausible && codeNorms.count == shape.groupCount
            && errorSteps.count == CoarseShape.errorCount && numbers.allSatisfy { (0...Self.numberMax).contains($0) }
    }

    /// What none of the lengths of differences, codes and rotations of unit vectors reaches.
    private static let numberMax = 65_536.0
}
