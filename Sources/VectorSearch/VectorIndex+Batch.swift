package import IndexFiles
package import LinearAlgebra
import Synchronization

extension VectorIndex {
    /// As `search` for many queries, `[queries, dimension]`: the codes of a list are read once for many of them.
    package func search(
        _ queries: Matrix, limit: Int, in rows: RowSet? = nil, threadCount: Int = 1
    ) throws -> [[ScoredRow]] {
        guard let coded else { return try exactSearch(queries, limit: limit, in: rows) }
        let units = try (0..<queries.rowCount).map { row in
            try searchable(Array(queries[row: row]), limit: limit, in: rows)
        }
        let results = Mutex([Result<[[ScoredRow]], IndexFileError>?](repeating: nil, count: batchCount(units.count)))
        forEachBlock(of: units.count, size: queriesAtOnce, threadCount: threadCount) { block in
            let result = Result { () throws(IndexFileError) in
                try Self.scan(Array(units[block]), of: coded, limit: min(limit, rowCount), in: rows)
            }
            results.withLock { $0[block.lowerBound / queriesAtOnce] = result }
        }
        return try results.withLock { $0 }.flatMap { try $0?.get() ?? [] }
    }

    private func batchCount(_ queryCount: Int) -> Int { (queryCount + queriesAtOnce - 1) / queriesAtOnce }

    private static func scan(
        _ queries: [[Float]?], of coded: CodedVectors, limit: Int, in rows: RowSet?
    ) throws(IndexFileError) -> [[ScoredRow]] {
        var scans: [CertifiedScan] = []
        for query in queries {
            guard let query else { continue }
            var scan = CertifiedScan(query, of: coded, top: TopRows(limit: limit), in: rows)
            try scan.begin()
            scans.append(scan)
        }
        for list in 0..<coded.coarse.listCount {
            for index in scans.indices { try scans[index].proceed(to: list) }
        }
        for index in scans.indices { try scans[index].settle() }
        var results = scans.map { $0.top.sorted() }[...]
        return queries.map { $0 == nil ? [] : results.removeFirst() }
    }
}

/// Queries that read a list of codes while it is in the second-level cache.
private let queriesAtOnce = 32
