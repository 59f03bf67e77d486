import Foundation
import IndexFiles
import LinearAlgebra
import TestSupport
import Testing
import VectorSearch

/// What a damaged file of coded vectors gives: the result that the sound one gives, or an error that names the block.
@Suite struct VectorDamageTests {
    private let folder = try! TemporaryFolder()
    private let sound: URL
    private let queries: Matrix
    private static let dimension = 48
    private static let blockNames = [
        "facts", "vectors", "coarse facts", "centroids", "rotation", "steps", "list starts", "rows", "places", "coarse",
        "fine", "fine facts", "probes",
    ]

    init() throws {
        var generator = SeededGenerator(seed: 4)
        let matrix = generator.matrix(rowCount: 2_300, columnCount: Self.dimension)
        queries = Matrix(rowCount: 3, columnCount: Self.dimension, values: generator.vector(3 * Self.dimension))
        sound = folder.url.appending(path: "sound")
        try VectorIndex.write(matrix, fingerprint: "m", to: sound)
    }

    @Test func theFileHasTheseBlocks() throws {
        #expect(try blocks(of: Data(contentsOf: sound)).map(\.name) == Self.blockNames)
    }

    @Test(arguments: blockNames) func aFlippedBitIsFoundBeforeItIsUsed(_ block: String) throws {
        let whole = try Data(contentsOf: sound)
        let expected = try outcomes(VectorIndex(opening: sound))
        let range = try #require(blocks(of: whole).first { $0.name == block }).range
        var foundCount = 0
        for place in stride(from: range.lowerBound, to: range.upperBound, by: max(1, range.count / 9)) {
            var bytes = whole
            bytes[place] ^= 1 << UInt8(place % 8)
            let url = try write(bytes)
            let damage = IndexFileError.corruptBlock(path: url.path, block: block)
            do {
                let index = try VectorIndex(opening: url)
                for (got, expected) in zip(try outcomes(index, orElse: damage), expected) {
                    if got == nil { foundCount += 1 } else { #expect(got == expected) }
                }
                #expect(throws: damage) { try index.check() }
            } catch let error as IndexFileError {
                #expect(error == damage)
                foundCount += 1
            }
        }
        #expect(foundCount > 0)
    }

    enum Forgery: String, CaseIterable {
        case nibbles, pairs, lists, hugeNorm, negativeNorm, starts, rows, places, step, rotation, centroid

        var block: String {
            switch self {
            case .nibbles, .pairs, .lists, .hugeNorm, .negativeNorm: "coarse facts"
            case .starts: "list starts"
            case .rows, .places: rawValue
            case .step: "steps"
            case .rotation: "rotation"
            case .centroid: "centroids"
            }
        }

        func change(_ bytes: inout Data) throws {
            switch self {
            case .nibbles: try set("nibbleCount", Int.max - 7, in: &bytes)
            case .pairs: try set("pairCount", Int.max - 15, in: &bytes)
            case .lists: try set("listCount", Int.max, in: &bytes)
            case .hugeNorm: try set("residualNorm", 1e300, in: &bytes)
            case .negativeNorm: try set("skewness", -1, in: &bytes)
            case .starts: set(UInt32(1 << 31), at: 4, in: &bytes)
            case .rows, .places: for place in 0..<bytes.count / 4 { set(UInt32(1 << 30), at: 4 * place, in: &bytes) }
            case .step: set(Float.nan, at: 8, in: &bytes)
            case .rotation: set(Float.infinity, at: 64, in: &bytes)
            case .centroid: set(Float(1e30), at: 0, in: &bytes)
            }
        }

        private func set(_ name: String, _ value: Any, in bytes: inout Data) throws {
            var facts = try #require(try JSONSerialization.jsonObject(with: bytes) as? [String: Any])
            facts[name] = value
            bytes = try JSONSerialization.data(withJSONObject: facts)
        }

        private func set(_ value: some BitwiseCopyable, at offset: Int, in bytes: inout Data) {
            withUnsafeBytes(of: value) { bytes.replaceSubrange(offset..<offset + $0.count, with: $0) }
        }
    }

    /// A file may be whole and wrong: checksums say only that it is what somebody wrote.
    @Test(arguments: Forgery.allCases) func whatCannotBeIsRefused(_ forgery: Forgery) throws {
        let url = try forged(forgery.block, forgery.change)
        let damage = IndexFileError.unexpectedContent(path: url.path, block: forgery.block)
        do {
            let index = try VectorIndex(opening: url)
            #expect(try outcomes(index, orElse: damage).contains { $0 == nil })
        } catch let error as IndexFileError {
            #expect(error == damage)
        }
    }

    @Test func aRowWhoseFineCodesSayNothingIsStillFound() throws {
        let url = try forged("fine facts") { bytes in
            for place in stride(from: 0, to: bytes.count, by: 4) {
                withUnsafeBytes(of: Float.nan) { bytes.replaceSubrange(place..<place + 4, with: $0) }
            }
        }
        #expect(try outcomes(VectorIndex(opening: url)) == outcomes(VectorIndex(opening: sound)))
    }

    @Test func theRowsThatAFilterAllowsAreNoOthersWhateverTheFileSays() throws {
        let url = try forged("places") { bytes in
            // Each row at the place of another.
            let places = Array(bytes)
            bytes = Data(places[4...] + places[..<4])
        }
        let index = try VectorIndex(opening: url)
        for row in stride(from: 0, to: index.rowCount, by: 100) {
            let allowed = RowSet(rowCount: index.rowCount) { $0 == row }
            #expect(try index.search(Array(queries[row: 0]), limit: 5, in: allowed).allSatisfy { $0.row == row })
        }
    }

    @Test func vectorsTooLongForTheKernelsHaveNoCodes() {
        #expect(VectorIndex.hasCodes(rowCount: 2_048, dimension: 65_536))
        #expect(!VectorIndex.hasCodes(rowCount: 2_048, dimension: 65_537))
        #expect(!VectorIndex.hasCodes(rowCount: 2_047, dimension: 384))
    }

    /// What each kind of search gives.
    private func outcomes(_ index: VectorIndex) throws -> [[[ScoredRow]]] {
        try searches.map { try $0(index) }
    }

    /// The same; nil where a search throws `damage`. Another error is not expected.
    private func outcomes(_ index: VectorIndex, orElse damage: IndexFileError) throws -> [[[ScoredRow]]?] {
        try searches.map { search in
            do { return try search(index) } catch let error as IndexFileError where error == damage { return nil }
        }
    }

    private var searches: [(VectorIndex) throws -> [[ScoredRow]]] {
        let query = Array(queries[row: 0])
        return [
            { [try $0.search(query, limit: 5)] },
            { index in [try index.search(query, limit: 5, in: RowSet(rowCount: index.rowCount) { $0 == 1_700 })] },
            { index in [try index.search(query, limit: 5, in: RowSet(rowCount: index.rowCount) { $0 % 2 == 0 })] },
            { try $0.search(queries, limit: 5) },
            { [try $0.approximateSearch(query, limit: 5, recall: 0.9).rows] },
            { [try $0.exactSearch(query, limit: 5)] },
        ]
    }

    private func forged(_ block: String, _ change: (inout Data) throws -> Void) throws -> URL {
        let bytes = try Data(contentsOf: sound)
        let url = folder.url.appending(path: "forged")
        let writer = try IndexFileWriter(creating: url, kind: .vectors)
        for (name, range) in blocks(of: bytes) {
            var content = Data(bytes[range])
            if name == block { try change(&content) }
            try writer.append(Array(content), as: name)
        }
        try writer.finish()
        return url
    }

    private func write(_ bytes: Data) throws -> URL {
        let url = folder.url.appending(path: "damaged")
        try bytes.write(to: url)
        return url
    }

    /// The table at the end of the file, as docs/FORMATS.md describes it.
    private func blocks(of file: Data) -> [(name: String, range: Range<Int>)] {
        let bytes = Array(file)
        func integer(_ offset: Int, _ count: Int) -> Int {
            bytes[offset..<offset + count].reversed().reduce(0) { $0 << 8 | Int($1) }
        }
        let count = integer(16, 4)
        return (0..<count).map { index in
            let entry = bytes.count - 48 * (count - index)
            let start = integer(entry + 16, 8)
            let name = String(decoding: bytes[entry..<entry + 16].prefix { $0 != 0 }, as: UTF8.self)
            return (name, start..<start + integer(entry + 24, 8))
        }
    }
}
