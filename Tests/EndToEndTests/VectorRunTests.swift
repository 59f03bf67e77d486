import Foundation
import TestSupport
import Testing

/// `docket bench vectors` on files as NumPy writes them.
@Suite struct VectorRunTests {
    private static let dimension = 24
    /// Enough for an index to hold codes, so that the three systems read different things.
    private static let vectors = numbers(3_000, seed: 1)
    private static let queries = numbers(230, seed: 2)
    private static let keys: Set = [
        "system", "rows", "dimension", "queries", "threads", "build_s", "bytes_per_vector", "p50_ms", "p99_ms",
        "queries_per_s", "recall_at_10", "checksum", "rows_coarse", "rows_fine", "rows_exact",
    ]

    private static func numbers(_ rowCount: Int, seed: UInt64) -> [Float] {
        var generator = SeededGenerator(seed: seed)
        return generator.values(rowCount * dimension)
    }

    /// A NumPy file, version 1.0, of float32 in C order.
    private static func numpy(_ values: [Float], columnCount: Int = dimension, type: String = "<f4") -> [UInt8] {
        let shape = "(\(values.count / columnCount), \(columnCount))"
        var header = "{'descr': '\(type)', 'fortran_order': False, 'shape': \(shape), }"
        header += String(repeating: " ", count: 117 - header.utf8.count) + "\n"
        let data = values.flatMap { value in (0..<4).map { UInt8(value.bitPattern >> ($0 * 8) & 255) } }
        return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8) + data
    }

    private func desk() throws -> Desk {
        let desk = try Desk()
        try desk.folder.write(Self.numpy(Self.vectors), to: "x.npy")
        try desk.folder.write(Self.numpy(Self.queries), to: "q.npy")
        return desk
    }

    private func bench(_ desk: Desk, _ arguments: [String], vectors: String = "x.npy", queries: String = "q.npy") throws
        -> DocketRun
    {
        try desk.run([Desk.binary.path, "bench", "vectors", "--vectors", vectors, "--queries", queries] + arguments)
    }

    /// What `--results` wrote: int32 `[queries, top]`.
    private func found(_ desk: Desk, _ system: String, top: Int) throws -> [[Int]] {
        let bytes = [UInt8](try Data(contentsOf: desk.url.appending(path: "found/\(system).npy")))
        let start = 10 + Int(bytes[8]) + Int(bytes[9]) << 8
        let header = String(decoding: bytes[10..<start], as: UTF8.self)
        try #require(header.contains("'<i4'") && header.contains("(200, \(top))"), "\(header)")
        let rows = stride(from: start, to: bytes.count, by: 4).map { place in
            Int(Int32(bitPattern: (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[place + $1]) << UInt32($1 * 8) }))
        }
        return stride(from: 0, to: rows.count, by: top).map { Array(rows[$0..<$0 + top]) }
    }

    /// The given rows, those of the largest cosines first, by plain sums in fp64.
    private func nearest(_ rows: some Collection<Int>, to query: Int) -> [Int] {
        let cosines = rows.map { row in
            var (product, square) = (0.0, 0.0)
            for column in 0..<Self.dimension {
                let value = Double(Self.vectors[row * Self.dimension + column])
                product += value * Double(Self.queries[query * Self.dimension + column])
                square += value * value
            }
            return (row: row, cosine: product / square.squareRoot())
        }
        return cosines.sorted { $0.cosine > $1.cosine }.map(\.row)
    }

    @Test func everySystemHasItsLineAndItsRows() throws {
        let desk = try desk()
        let run = try bench(desk, ["--top", "7", "--threads", "2", "--results", "found", "--json"])
        #expect(run.status == 0 && run.errors == "", "\(run.errors)")
        let lines = try run.jsonLines()
        #expect(try lines.map { try $0.string("system") } == ["exact", "certified", "approximate"])
        for line in lines {
            #expect(line.keys == Self.keys)
            #expect(try line.integer("rows") == 3_000 && line.integer("dimension") == 24)
            #expect(try line.integer("queries") == 200 && line.integer("threads") == 2)
            #expect(try line.number("p50_ms") <= line.number("p99_ms") && line.number("queries_per_s") > 0)
            #expect(try line.number("bytes_per_vector") > 96)
            let rows = try found(desk, line.string("system"), top: 7)
            #expect(rows.allSatisfy { Set($0).count == 7 && $0.allSatisfy((0..<3_000).contains) })
        }
        #expect(try lines[1].string("checksum") == lines[0].string("checksum"))
        #expect(try lines[1].number("recall_at_10") == 1 && lines[1].number("rows_exact") < 3_000)
        #expect(try lines[2].number("recall_at_10") > 0.5)
        for system in ["exact", "certified"] {
            let rows = try found(desk, system, top: 7)
            for query in [0, 3, 199] { #expect(rows[query] == Array(nearest(0..<3_000, to: query).prefix(7))) }
        }
    }

    /// Few rows are looked up one by one, without a scan of the codes.
    @Test(arguments: [("1", true), ("0.5", true), ("0.01", false)])
    func theCertifiedScanFindsWhatTheExactOneFinds(_ filterShare: String, readsCodes: Bool) throws {
        let desk = try desk()
        let options = ["--top", "7", "--filter-share", filterShare, "--results", "found", "--json"]
        let lines = try bench(desk, options).jsonLines()
        #expect(try lines[0].string("checksum") == lines[1].string("checksum"))
        #expect(try (lines[1].number("rows_coarse") > 0) == readsCodes && lines[1].number("rows_exact") < 100)
        #expect(try found(desk, "certified", top: 7) == found(desk, "exact", top: 7))
    }

    /// Of 3,000 rows some 30 may be found, never 100.
    @Test func whereAFilterLeavesFewRowsTheRestIsMinusOne() throws {
        let desk = try desk()
        let run = try bench(desk, ["--top", "100", "--filter-share", "0.01", "--results", "found", "--json"])
        #expect(run.status == 0 && run.errors == "", "\(run.errors)")
        #expect(try run.jsonLines().prefix(2).map { try $0.number("recall_at_10") } == [1, 1])
        let exact = try found(desk, "exact", top: 100)
        let allowed = Set(exact[0]).subtracting([-1])
        #expect((10...60).contains(allowed.count))
        for (query, rows) in exact.enumerated() {
            #expect(rows.dropFirst(allowed.count).allSatisfy { $0 == -1 })
            #expect(Array(rows.prefix(allowed.count)) == nearest(allowed, to: query), "the same rows for every query")
        }
        #expect(try found(desk, "certified", top: 100) == exact)
    }

    @Test func withoutJSONThereIsATable() throws {
        let run = try bench(try desk(), ["--top", "3"])
        #expect(run.status == 0)
        let names = run.output.split(separator: "\n").map { $0.prefix { $0 != " " } }
        #expect(names == ["system", "exact", "certified", "approximate"])
    }

    @Test(arguments: [
        ("none.npy", "q.npy", "none.npy: there is no such file"),
        ("x.npy", "none.npy", "none.npy: there is no such file"),
        ("x.npy", ".", ".: is no regular file"),
        ("empty.npy", "q.npy", "empty.npy: is not a NumPy file of float32"),
        ("text.npy", "q.npy", "text.npy: is not a NumPy file of float32"),
        ("doubles.npy", "q.npy", "doubles.npy: is not a NumPy file of float32"),
        ("short.npy", "q.npy", "short.npy: has 2047 bytes, fewer than 20 rows of 24 take"),
        ("x.npy", "narrow.npy", "narrow.npy: has 8 components a query, the vectors have 24"),
        ("x.npy", "norows.npy", "norows.npy: holds nothing"),
        ("nan.npy", "q.npy", "nan.npy: row 1 "), ("x.npy", "nan.npy", "nan.npy: row 1 "),
    ])
    func aFileThatCannotBeMeasuredIsBadInput(_ vectors: String, _ queries: String, complaint: String) throws {
        let desk = try desk()
        let good = Self.numbers(20, seed: 3)
        var broken = good
        broken[Self.dimension + 3] = .nan
        for (name, bytes) in [
            "empty": [], "text": Array("no vectors".utf8), "doubles": Self.numpy(good, type: "<f8"),
            "short": Self.numpy(good).dropLast(), "narrow": Self.numpy(good, columnCount: 8),
            "norows": Self.numpy([]), "nan": Self.numpy(broken),
        ] as [String: [UInt8]] { try desk.folder.write(bytes, to: "\(name).npy") }
        let run = try bench(desk, [], vectors: vectors, queries: queries)
        #expect(run.status == 3 && run.errors.contains(complaint), "\(run.errors)")
    }

    @Test(arguments: [
        (["--filter-share", "2"], "--filter-share takes a number above 0, at most 1"),
        (["--filter-share", "0"], "--filter-share takes"), (["--filter-share", "nan"], "--filter-share takes"),
        (["--recall", "0"], "--recall takes a number above 0, at most 1"), (["--recall", "1.1"], "--recall takes"),
        (["--top", "0"], "--top takes a number from 1 to 10000"), (["--top", "10001"], "--top takes a number from 1"),
        (["--top", "3001"], "--top takes at most the 3000 rows of x.npy"),
        (["--threads", "0"], "--threads takes a number from 1 to 256"), (["--threads", "257"], "--threads takes"),
    ])
    func aNumberOutOfItsRangeIsAUsageError(_ arguments: [String], complaint: String) throws {
        let run = try bench(try desk(), arguments)
        #expect(run.status == 2 && run.errors.contains(complaint), "\(run.errors)")
    }

    /// Nothing can be made below /proc, not even by root.
    @Test func aFolderForResultsThatCannotBeMadeIsSaidFirst() throws {
        let run = try bench(try desk(), ["--results", "/proc/found"])
        #expect(run.status == 3 && run.output == "")
        #expect(run.errors.contains("/proc/found: cannot be written"), "\(run.errors)")
    }
}
