import Foundation
import TestSupport
import Testing

/// `docket bench vectors`, on NumPy files.
@Suite struct VectorBenchRunTests {
    private static let dimension = 24
    /// More than the rows below which there are no codes.
    private static let rowCount = 2_500

    private func desk() throws -> Desk {
        let desk = try Desk()
        var generator = SeededGenerator(seed: 1)
        for (name, count) in [("x.npy", Self.rowCount), ("q.npy", 20)] {
            try numpy(generator.values(count * Self.dimension), columns: Self.dimension)
                .write(to: desk.folder.url.appending(path: name))
        }
        return desk
    }

    private func numpy(_ values: [Float], columns: Int) -> Data {
        var header = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(values.count / columns), \(columns)), }"
        header += String(repeating: " ", count: 117 - header.utf8.count) + "\n"
        return Data([0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0] + Array(header.utf8))
            + values.withUnsafeBytes { Data($0) }
    }

    @Test(arguments: [[], ["--filter-share", "0.5"], ["--filter-share", "0.01"]])
    func theCertifiedScanFindsWhatTheExactOneFinds(filter: [String]) throws {
        let desk = try desk()
        let run = try desk.run(
            [Desk.binary.path, "bench", "vectors", "--vectors", "x.npy", "--queries", "q.npy", "--top", "7", "--json"]
                + ["--threads", "2", "--results", "found"] + filter)
        #expect(run.status == 0 && run.errors == "")
        let lines = try run.jsonLines()
        #expect(try lines.map { try $0.string("system") } == ["exact", "certified", "approximate"])
        for line in lines {
            #expect(
                line.keys == [
                    "system", "rows", "dimension", "queries", "threads", "build_s", "bytes_per_vector", "p50_ms",
                    "p99_ms", "queries_per_s", "recall_at_10", "checksum", "rows_coarse", "rows_fine", "rows_exact",
                ])
            #expect(try line.integer("rows") == Self.rowCount && line.integer("queries") == 20)
        }
        #expect(try lines[0].string("checksum") == lines[1].string("checksum"))
        #expect(try lines[1].number("recall_at_10") == 1)
        let readsCodes = filter.last != "0.01"
        #expect(try (lines[1].number("rows_coarse") > 0) == readsCodes)
        #expect(try lines[1].number("rows_exact") < 100)
        let found = try ["exact", "certified"].map { name in
            try Data(contentsOf: desk.folder.url.appending(path: "found/\(name).npy"))
        }
        #expect(found[0] == found[1] && found[0].count == 128 + 20 * 7 * 4)
    }

    @Test(arguments: [
        (["--vectors", "none.npy", "--queries", "q.npy"], 3, "none.npy: there is no such file"),
        (["--vectors", "x.npy", "--queries", "none.npy"], 3, "none.npy: there is no such file"),
        (["--vectors", "text.npy", "--queries", "q.npy"], 3, "text.npy: is not a NumPy file"),
        (["--vectors", "short.npy", "--queries", "q.npy"], 3, "short.npy: has 2000 bytes"),
        (["--vectors", "x.npy", "--queries", "thin.npy"], 2, "the queries have 3"),
        (["--vectors", "x.npy", "--queries", "q.npy", "--top", "0"], 2, "--top takes a number from 1"),
        (["--vectors", "x.npy", "--queries", "q.npy", "--filter-share", "2"], 2, "--filter-share takes"),
        (["--vectors", "x.npy", "--queries", "q.npy", "--recall", "1.5"], 2, "--recall takes"),
    ])
    func badInputIsNamed(arguments: [String], status: Int32, complaint: String) throws {
        let desk = try desk()
        try desk.folder.write("no array", to: "text.npy")
        let whole = try Data(contentsOf: desk.folder.url.appending(path: "x.npy"))
        try whole.prefix(2000).write(to: desk.folder.url.appending(path: "short.npy"))
        try numpy([1, 2, 3], columns: 3).write(to: desk.folder.url.appending(path: "thin.npy"))
        let run = try desk.run([Desk.binary.path, "bench", "vectors"] + arguments)
        #expect(run.status == status && run.output == "")
        #expect(run.errors.contains(complaint), "\(run.errors)")
    }
}
