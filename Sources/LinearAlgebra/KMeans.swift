/// Centroids that minimise the squared distances of rows to the nearest of them, by Lloyd's iteration (1982,
/// <https://doi.org/10.1109/TIT.1982.1056489>) from random rows.
///
/// The same rows give the same bits on one machine, whatever the number of threads.
package struct KMeans: Sendable {
    /// `[clusters, columns]`
    package let centroids: Matrix
    /// Half the squared length of each centroid: what a row's product with it is reduced by to order by distance.
    private let halfSquares: [Float]

    package static let iterationCount = 8
    /// Rows whose products with all centroids are held at once.
    private static let blockRowCount = 512

    /// - Precondition: at least one row, and no more clusters than rows.
    package init(of rows: Matrix, clusterCount: Int, threadCount: Int, seed: UInt64 = 1) {
        precondition(clusterCount > 0 && clusterCount <= rows.rowCount, "more clusters than rows")
        var generator = SplitMix64(seed: seed)
        let first = (0..<rows.rowCount).shuffled(using: &generator).prefix(clusterCount).sorted()
        var current = KMeans(centroids: rows.rows(first))
        for _ in 0..<Self.iterationCount {
            let clusters = unsafe rows.values.withUnsafeBufferPointer { values in
                unsafe current.clusters(of: values.baseAddress!, rowCount: rows.rowCount, threadCount: threadCount)
            }
            current = KMeans(centroids: current.means(of: rows, in: clusters))
        }
        self = current
    }

    package init(centroids: Matrix) {
        self.centroids = centroids
        halfSquares = (0..<centroids.rowCount).map { row in
            centroids[row: row].reduce(0) { $0 + $1 * $1 } / 2
        }
    }

    /// The nearest centroid of each row; of equally near ones the first.
    ///
    /// - Parameter rows: `[rowCount, columns]`
    package func clusters(of rows: UnsafePointer<Float>, rowCount: Int, threadCount: Int) -> [UInt32] {
        let clusterCount = centroids.rowCount
        let columnCount = centroids.columnCount
        return unsafe [UInt32](unsafeUninitializedCapacity: rowCount) { clusters, count in
            nonisolated(unsafe) let (rows, clusters) = unsafe (rows, clusters)
            forEachBlock(of: rowCount, size: Self.blockRowCount, threadCount: threadCount) { block in
                unsafe withUnsafeTemporaryAllocation(of: Float.self, capacity: block.count * clusterCount) { products in
                    unsafe multiply(
                        rows + block.lowerBound * columnCount, centroids.values, transposed: true,
                        into: products.baseAddress!, m: block.count, n: clusterCount, k: columnCount)
                    for row in block {
                        let own = unsafe products.baseAddress! + (row - block.lowerBound) * clusterCount
                        unsafe clusters[row] = unsafe nearest(own)
                    }
                }
            }
            count = rowCount
        }
    }

    private func nearest(_ products: UnsafePointer<Float>) -> UInt32 {
        var best = 0
        var bestScore = -Float.infinity
        for (cluster, halfSquare) in halfSquares.enumerated() {
            let score = unsafe products[cluster] - halfSquare
            if score > bestScore { (best, bestScore) = (cluster, score) }
        }
        return UInt32(best)
    }

    /// The mean of each cluster's rows; a cluster without rows keeps its centroid.
    private func means(of rows: Matrix, in clusters: [UInt32]) -> Matrix {
        let columnCount = centroids.columnCount
        var sums = [Double](repeating: 0, count: centroids.values.count)
        var counts = [Int](repeating: 0, count: centroids.rowCount)
        for (row, cluster) in clusters.enumerated() {
            counts[Int(cluster)] += 1
            let (from, to) = (row * columnCount, Int(cluster) * columnCount)
            for column in 0..<columnCount { sums[to + column] += Double(rows.values[from + column]) }
        }
        var means = centroids.values
        for (cluster, count) in counts.enumerated() where count > 0 {
            for index in cluster * columnCount..<(cluster + 1) * columnCount {
                means[index] = Float(sums[index] / Double(count))
            }
        }
        return Matrix(rowCount: centroids.rowCount, columnCount: columnCount, values: means)
    }
}

extension Matrix {
    /// Those rows, in that order.
    package func rows(_ indexes: [Int]) -> Matrix {
        var values: [Float] = []
        values.reserveCapacity(indexes.count * columnCount)
        for index in indexes { values += self[row: index] }
        return Matrix(rowCount: indexes.count, columnCount: columnCount, values: values)
    }
}
