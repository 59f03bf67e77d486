import Foundation
import IndexFiles
import LinearAlgebra
import TestSupport
import Testing
import VectorSearch

@Suite struct SegmentWriterTests {
    private let folder = try! TemporaryFolder()
    private var url: URL { folder.url.appending(path: "segments") }

    @Test func aNewFolderIsEmptyAndAnswersWithNothing() throws {
        let writer = try open()
        for snapshot in [writer.snapshot(), try SegmentedVectors(opening: url).snapshot()] {
            #expect(snapshot.rowCount == 0 && snapshot.nextRow == 0 && snapshot.segmentCount == 0)
            #expect(snapshot.dimension == 2 && snapshot.fingerprint == "m")
            #expect(try snapshot.search([1, 0], limit: 10) == [])
            #expect(try snapshot.scores([1, 0], of: [0]) == [nil])
        }
    }

    @Test func rowNumbersGoOnAndAreNeverUsedAgain() throws {
        var writer: SegmentWriter? = try open()
        #expect(try writer?.append(rows(3)) == 0..<3)
        #expect(try writer?.append(rows(0)) == 3..<3)
        try writer?.remove(0..<3)
        #expect(try folder.names(in: "segments") == ["manifest.docketindex", "writer.lock"])
        writer = nil
        writer = try open()
        #expect(try writer?.append(rows(2)) == 3..<5)
        #expect(writer?.snapshot().rowNumbers == [3, 4])
    }

    @Test func removingWhatIsNotThereIsCountedAndChangesNothing() throws {
        let writer = try open()
        _ = try writer.append(rows(4))
        let reader = try SegmentedVectors(opening: url)
        #expect(try writer.remove([1, 1, 9, -1, .max]) == (1, 4))
        #expect(try reader.reload())
        #expect(try writer.remove([1, 4]) == (0, 2))
        #expect(try writer.remove([]) == (0, 0))
        #expect(try !reader.reload(), "the manifest is the same")
        #expect(reader.snapshot().rowNumbers == [0, 2, 3] && reader.snapshot().tombstoneCount == 1)
        #expect(!reader.snapshot().contains(1) && reader.snapshot().contains(2))
    }

    @Test func aRemovedRowIsGoneAtOnceForTheWriterAndAtTheNextReloadForReaders() throws {
        let writer = try open()
        _ = try writer.append(rows(3))
        let reader = try SegmentedVectors(opening: url)
        let old = writer.snapshot()
        try writer.remove([0])
        #expect(try writer.snapshot().search([1, 0], limit: 3).map(\.row) == [1, 2])
        #expect(try reader.snapshot().search([1, 0], limit: 3).map(\.row) == [0, 1, 2])
        try reader.reload()
        #expect(try reader.snapshot().search([1, 0], limit: 3).map(\.row) == [1, 2])
        try writer.compact()
        #expect(try old.search([1, 0], limit: 3).map(\.row) == [0, 1, 2], "its file is unlinked and still mapped")
    }

    @Test func equalRowsOfDifferentSegmentsTieByNumber() throws {
        let writer = try open()
        for _ in 0..<4 { _ = try writer.append(Matrix(rowCount: 2, columnCount: 2, values: [1, 1, 2, 2])) }
        #expect(try writer.snapshot().search([3, 0], limit: 5).map(\.row) == [0, 1, 2, 3, 4])
        try writer.remove([0, 3])
        try writer.compact()
        #expect(try writer.snapshot().search([3, 0], limit: 4).map(\.row) == [1, 2, 4, 5])
    }

    @Test func aSecondWriterIsRefused() throws {
        var first: SegmentWriter? = try open()
        let lock = url.appending(path: "writer.lock").path
        #expect(throws: SegmentError.writerRunning(lock: lock)) { try open() }
        #expect(first?.snapshot().rowCount == 0)
        first = nil
        _ = try open()
    }

    @Test func anotherModelOrDimensionIsRefused() throws {
        _ = try open()
        let expected = SegmentError.otherFingerprint(folder: url.path, got: "m", expected: "n")
        #expect(throws: expected) { try SegmentWriter(opening: url, dimension: 2, fingerprint: "n") }
        #expect(throws: SegmentError.otherDimension(folder: url.path, got: 2, expected: 3)) {
            try SegmentWriter(opening: url, dimension: 3, fingerprint: "m")
        }
    }

    @Test func vectorsThatAreRefusedLeaveNothing() throws {
        let writer = try open()
        #expect(throws: VectorError.wrongDimension(got: 3, expected: 2)) {
            try writer.append(Matrix(rowCount: 1, columnCount: 3))
        }
        #expect(throws: VectorError.notFinite(row: 1)) {
            try writer.append(Matrix(rowCount: 2, columnCount: 2, values: [1, 0, .nan, 0]))
        }
        #expect(writer.snapshot().nextRow == 0)
        #expect(try folder.names(in: "segments") == ["manifest.docketindex", "writer.lock"])
    }

    @Test(arguments: [false, true]) func aQueryIsRefusedAsOfOneIndex(hasRows: Bool) throws {
        let writer = try open()
        if hasRows { _ = try writer.append(rows(2)) }
        let snapshot = writer.snapshot()
        let three = Matrix(rowCount: 1, columnCount: 3)
        #expect(throws: VectorError.wrongDimension(got: 3, expected: 2)) { try snapshot.search([1, 2, 3], limit: 1) }
        #expect(throws: VectorError.wrongDimension(got: 3, expected: 2)) { try snapshot.search(three, limit: 1) }
        #expect(throws: VectorError.notFinite(row: 0)) { try snapshot.exactSearch([.nan, 0], limit: 1) }
        #expect(throws: VectorError.notFinite(row: 0)) { try snapshot.scores([.infinity, 0], of: []) }
        #expect(try snapshot.search([1, 0], limit: -1) == [])
    }

    @Test func rowNumbersEndBeforeTheLastOfThirtyTwoBits() throws {
        _ = try open()
        try SegmentFixture.writeManifest(in: url, nextRow: Int(UInt32.max) - 2)
        let writer = try open()
        let limit = Int(UInt32.max)
        #expect(throws: SegmentError.tooManyRows(folder: url.path, got: limit + 1, limit: limit)) {
            try writer.append(rows(3))
        }
        #expect(try writer.append(rows(2)) == limit - 2..<limit)
        #expect(try writer.snapshot().search([1, 0], limit: 1).map(\.row) == [limit - 2])
        #expect(throws: SegmentError.self) { try writer.append(rows(1)) }
    }

    @Test func atTheMostSegmentsAnAppendMergesFirst() throws {
        var policy = MergePolicy()
        policy.segmentCountMax = 8
        let writer = try open(policy)
        for _ in 0..<30 {
            _ = try writer.append(rows(1))
            #expect(writer.snapshot().segmentCount <= 8)
        }
        #expect(writer.snapshot().rowNumbers == Array(0..<30))
    }

    @Test func whereNothingCanBeMergedTheMostSegmentsAreAnError() throws {
        var policy = MergePolicy()
        (policy.segmentCountMax, policy.mergedByteCountMax) = (3, 8)
        let writer = try open(policy)
        for _ in 0..<3 { _ = try writer.append(rows(1)) }
        #expect(throws: SegmentError.tooManySegments(folder: url.path, limit: 3)) { try writer.append(rows(1)) }
        #expect(writer.snapshot().rowNumbers == [0, 1, 2])
    }

    @Test func aFailedMergeInTheBackgroundIsReportedToWhoWaits() throws {
        let writer = try open()
        for _ in 0..<8 { _ = try writer.append(rows(1)) }
        // A folder stands where the merged segment would.
        try FileManager.default.createDirectory(
            at: url.appending(path: "segment-8.docketindex.partial"), withIntermediateDirectories: true)
        writer.mergeInBackground()
        #expect(throws: IndexFileError.self) { try writer.waitForMerges() }
        try writer.waitForMerges()
        #expect(writer.snapshot().segmentCount == 8)
        writer.mergeInBackground()
        try writer.waitForMerges()
        #expect(writer.snapshot().segmentCount == 1)
    }

    private func open(_ policy: MergePolicy = MergePolicy()) throws -> SegmentWriter {
        try SegmentWriter(opening: url, dimension: 2, fingerprint: "m", policy: policy)
    }

    /// Each a little farther from [1, 0] than the one before.
    private func rows(_ count: Int) -> Matrix {
        Matrix(rowCount: count, columnCount: 2, values: (0..<count).flatMap { [1, 0.1 * Float($0)] })
    }
}

extension TemporaryFolder {
    func names(in path: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: url.appending(path: path).path).sorted()
    }
}
