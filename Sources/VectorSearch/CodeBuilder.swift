import IndexFiles
import LinearAlgebra
import Synchronization

/// Makes the codes of unit vectors: lists by k-means, a rotation by the principal components of what the centroids leave,
/// and both kinds of codes.
///
/// The same vectors give the same bytes on one machine, whatever the number of threads.
struct CodeBuilder {
    let vectors: Matrix
    let threadCount: Int

    /// Below it the exact scan is as quick as any.
    static let rowCountMin = 2048
    /// Beyond it a kernel's sums would overflow.
    static let dimensionMax = 65_536
    /// Lists are this share of the root of the number of rows.
    private static let listShare = 0.8
    /// Rows from which centroids are learned, a list, and at least.
    private static let sampleCountPerList = 64
    private static let sampleCountMin = 16_384
    /// Rows from which the rotation is learned.
    private static let rotationSampleCount = 16_384
    /// The steps, in standard deviations, of the best uniform quantisers of a normal distribution with 16 and 4 levels
    /// (Max 1960, "Quantizing for minimum distortion", <https://doi.org/10.1109/TIT.1960.1057548>, table II).
    private static let nibbleStepOfDeviation = 0.3352
    private static let pairStepOfDeviation = 0.9957
    /// Blocks of 32 rows that are rotated by one product.
    private static let blocksAtOnce = 32

    private var dimension: Int { vectors.columnCount }

    /// Writes the codes as blocks of an index file.
    func append(to file: IndexFileWriter) throws {
        let listCount = max(1, Int(Self.listShare * Double(vectors.rowCount).squareRoot()))
        let sample = sampleRows(max(listCount * Self.sampleCountPerList, Self.sampleCountMin))
        let lists = KMeans(of: sample, clusterCount: listCount, threadCount: threadCount)
        let (rotation, energies) = try principalComponents(
            of: residuals(of: sampleRows(Self.rotationSampleCount), lists))
        let shape = CoarseShape(energies: energies)
        let steps = (0..<shape.codeCount).map { index in
            guard index < dimension else { return Float(0) }
            let step = index < shape.nibbleCount ? Self.nibbleStepOfDeviation : Self.pairStepOfDeviation
            return Float(step * energies[index].squareRoot())
        }
        let clusters = unsafe lists.clusters(
            of: vectors.values, rowCount: vectors.rowCount, threadCount: threadCount)
        let (starts, rows) = places(of: clusters, listCount: listCount)
        let coder = CoarseCoder(
            shape: shape, vectors: vectors, centroids: lists.centroids, rotation: rotation, steps: steps)
        let coarse = coder.encode(
            listStarts: starts, rows: rows, blocksAtOnce: Self.blocksAtOnce, threadCount: threadCount)

        try file.append(json: coarse.facts, as: "coarse facts")
        try file.append(lists.centroids.values, as: "centroids")
        try file.append(rotation.values, as: "rotation")
        try file.append(steps, as: "steps")
        try file.append(starts, as: "list starts")
        try file.append(rows, as: "rows")
        try file.append(places(of: rows), as: "places")
        try file.append(coarse.blocks, as: "coarse")
        let fine = fineCodes(of: rows)
        try file.append(fine.codes, as: "fine")
        try file.append(fine.facts, as: "fine facts")
        let probes = ProbeTable.measure(
            vectors, centroids: lists.centroids, clusters: clusters, threadCount: threadCount)
        try file.append(probes, as: "probes")
    }

    /// Rows evenly spread over all.
    private func sampleRows(_ countMax: Int) -> Matrix {
        let count = min(countMax, vectors.rowCount)
        return vectors.rows((0..<count).map { $0 * vectors.rowCount / count })
    }

    private func residuals(of sample: Matrix, _ lists: KMeans) -> Matrix {
        let clusters = unsafe lists.clusters(of: sample.values, rowCount: sample.rowCount, threadCount: threadCount)
        var values = sample.values
        for (row, cluster) in clusters.enumerated() {
            for column in 0..<dimension {
                values[row * dimension + column] -= lists.centroids[Int(cluster), column]
            }
        }
        return Matrix(rowCount: sample.rowCount, columnCount: dimension, values: values)
    }

    /// The directions, `[dimension, dimension]`, of the largest energy first, and each one's mean energy.
    private func principalComponents(of residuals: Matrix) throws -> (rotation: Matrix, energies: [Double]) {
        let rowCount = Double(residuals.rowCount)
        // Below as many rows as columns zeros are no change.
        let missing = max(0, dimension - residuals.rowCount) * dimension
        let tall = Matrix(
            rowCount: max(residuals.rowCount, dimension), columnCount: dimension,
            values: residuals.values + [Float](repeating: 0, count: missing))
        let (_, values, directions) = try tall.triangularFactor().singularValues()
        return (directions, values.map { Double($0) * Double($0) / rowCount })
    }

    /// Where each list's blocks begin, and the row at each place, by number within a list.
    private func places(of clusters: [UInt32], listCount: Int) -> (starts: [UInt32], rows: [UInt32]) {
        var rowsOfList = [[UInt32]](repeating: [], count: listCount)
        for (row, cluster) in clusters.enumerated() { rowsOfList[Int(cluster)].append(UInt32(row)) }
        var (starts, rows): ([UInt32], [UInt32]) = ([0], [])
        rows.reserveCapacity(vectors.rowCount + rowsOfList.count * CoarseShape.blockRowCount)
        for list in rowsOfList {
            rows += list
            let excess = rows.count % CoarseShape.blockRowCount
            if excess > 0 { rows += repeatElement(CoarseCodes.noRow, count: CoarseShape.blockRowCount - excess) }
            starts.append(UInt32(rows.count / CoarseShape.blockRowCount))
        }
        return (starts, rows)
    }

    /// The place of each row.
    private func places(of rows: [UInt32]) -> [UInt32] {
        var places = [UInt32](repeating: 0, count: vectors.rowCount)
        for (place, row) in rows.enumerated() where row != CoarseCodes.noRow { places[Int(row)] = UInt32(place) }
        return places
    }

    private func fineCodes(of rows: [UInt32]) -> (codes: [UInt8], facts: [Float]) {
        let columnCount = FineCodes.columnCount(ofDimension: dimension)
        var facts = [Float](repeating: 0, count: 2 * rows.count)
        let codes = unsafe [UInt8](unsafeUninitializedCapacity: rows.count * columnCount) { codes, count in
            unsafe facts.withUnsafeMutableBufferPointer { facts in
                unsafe vectors.values.withUnsafeBufferPointer { values in
                    nonisolated(unsafe) let (codes, facts, values) = unsafe (codes, facts, values.baseAddress!)
                    forEachBlock(of: rows.count, size: 1024, threadCount: threadCount) { [dimension] places in
                        for place in places {
                            let codes = unsafe codes.baseAddress! + place * columnCount
                            guard rows[place] != CoarseCodes.noRow else {
                                unsafe codes.initialize(repeating: 128, count: columnCount)
                                continue
                            }
                            let code = unsafe FineCodes.encode(
                                values + Int(rows[place]) * dimension, dimension: dimension, into: codes)
                            unsafe facts[2 * place] = code.scale
                            unsafe facts[2 * place + 1] = code.residual
                        }
                    }
                }
            }
            count = rows.count * columnCount
        }
        return (codes, facts)
    }
}
