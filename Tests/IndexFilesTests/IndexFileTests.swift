import Dispatch
import Foundation
import IndexFiles
import TestSupport
import Testing

@Suite struct IndexFileTests {
    private let folder: TemporaryFolder
    private var url: URL { folder.url.appending(path: "sample.index") }

    init() throws { folder = try TemporaryFolder() }

    @Test func everyBlockComesBackAsItWasWritten() throws {
        try writeSample(to: url)
        let file = try IndexFile(opening: url, kind: .vectors)
        #expect(Array(try file.elements(of: "floats", as: Float.self)) == sampleFloats)
        #expect(Array(try file.elements(of: "bytes", as: UInt8.self, count: 5)) == sampleBytes)
        #expect(try file.elements(of: "empty", as: UInt64.self).isEmpty)
        #expect(try file.value(of: "sixteen_letters_", as: Facts.self) == sampleFacts)
    }

    @Test func sameBlocksGiveTheSameBytes() throws {
        let other = folder.url.appending(path: "other.index")
        try writeSample(to: url)
        try writeSample(to: other)
        #expect(try Data(contentsOf: url) == Data(contentsOf: other))
    }

    @Test func blocksBeginOnCacheLinesForEveryElementType() throws {
        try writeSample(to: url)
        let file = try IndexFile(opening: url, kind: .vectors)
        let address = try file.elements(of: "bytes", as: UInt8.self).withUnsafeBufferPointer {
            UInt(bitPattern: $0.baseAddress)
        }
        #expect(address % 64 == 0)
    }

    @Test func elementsOutliveTheFileThatTheyCameFrom() throws {
        try writeSample(to: url)
        let floats = try IndexFile(opening: url, kind: .vectors).elements(of: "floats", as: Float.self)
        try FileManager.default.removeItem(at: url)
        #expect(Array(floats) == sampleFloats)
    }

    @Test func aBlockOfAnotherNameOrShapeIsRefused() throws {
        try writeSample(to: url)
        let file = try IndexFile(opening: url, kind: .vectors)
        #expect(throws: IndexFileError.missingBlock(path: url.path, block: "none")) {
            try file.elements(of: "none", as: Float.self)
        }
        #expect(
            throws: IndexFileError.misshapenBlock(path: url.path, block: "bytes", gotByteCount: 5, expectedByteCount: 4)
        ) {
            try file.elements(of: "bytes", as: UInt32.self)
        }
        #expect(throws: IndexFileError.unexpectedContent(path: url.path, block: "bytes")) {
            try file.value(of: "bytes", as: Facts.self)
        }
    }

    @Test(arguments: [
        (-1, -4), (2, 8), (Int.max, Int.max), (Int.max / 4 + 1, Int.max), (Int.min, Int.max),
    ])
    func aCountThatTheBlockDoesNotHaveIsRefused(count: Int, expectedByteCount: Int) throws {
        try writeSample(to: url)
        let file = try IndexFile(opening: url, kind: .vectors)
        #expect(
            throws: IndexFileError.misshapenBlock(
                path: url.path, block: "floats", gotByteCount: 12, expectedByteCount: expectedByteCount)
        ) { try file.elements(of: "floats", as: Float.self, count: count) }
    }

    @Test func everyShorterFileIsRefused() throws {
        try writeSample(to: url)
        let whole = try Data(contentsOf: url)
        for byteCount in 0..<whole.count {
            try whole.prefix(byteCount).write(to: url)
            let expected =
                IndexFileError.truncated(path: url.path, got: byteCount, expected: byteCount < 64 ? 64 : whole.count)
            #expect(throws: expected) { try IndexFile(opening: url, kind: .vectors) }
        }
    }

    @Test func aLongerFileIsRefused() throws {
        try writeSample(to: url)
        let whole = try Data(contentsOf: url)
        try (whole + [0]).write(to: url)
        #expect(throws: IndexFileError.truncated(path: url.path, got: whole.count + 1, expected: whole.count)) {
            try IndexFile(opening: url, kind: .vectors)
        }
    }

    @Test(arguments: 0..<8)
    func everyFlippedBitOfHeaderAndTableIsFound(bit: Int) throws {
        try writeSample(to: url)
        let whole = try Data(contentsOf: url)
        let tableStart = whole.count - 4 * 48
        for byte in Array(0..<64) + Array(tableStart..<whole.count) {
            try flipped(whole, byte: byte, bit: bit).write(to: url)
            let expected = byte < 8 ? IndexFileError.foreign(path: url.path) : .corruptHeader(path: url.path)
            #expect(throws: expected, "byte \(byte)") { try IndexFile(opening: url, kind: .vectors) }
        }
    }

    @Test func aFlippedBitInABlockIsFoundWhenTheBlockIsRead() throws {
        try writeSample(to: url)
        let whole = try Data(contentsOf: url)
        for byte in 64..<64 + 12 {
            try flipped(whole, byte: byte, bit: byte % 8).write(to: url)
            let file = try IndexFile(opening: url, kind: .vectors)
            #expect(throws: IndexFileError.corruptBlock(path: url.path, block: "floats")) {
                try file.elements(of: "floats", as: Float.self)
            }
            #expect(Array(try file.elements(of: "bytes", as: UInt8.self)) == sampleBytes)
        }
    }

    @Test func aNewerVersionIsNamedAsSuch() throws {
        try writeSample(to: url)
        try forged(Data(contentsOf: url)) { $0[8] = 3 }.write(to: url)
        #expect(throws: IndexFileError.unsupportedVersion(path: url.path, got: 3, expected: 2)) {
            try IndexFile(opening: url, kind: .vectors)
        }
    }

    @Test func aFileOfAnotherKindIsRefused() throws {
        try writeSample(to: url)
        #expect(throws: IndexFileError.wrongKind(path: url.path, got: .vectors, expected: .postings)) {
            try IndexFile(opening: url, kind: .postings)
        }
    }

    @Test func aForgedHeaderIsRefusedWithoutACrash() throws {
        try writeSample(to: url)
        let whole = try Data(contentsOf: url)
        try forged(whole) { $0.replaceSubrange(12..<16, with: Array("WHAT".utf8)) }.write(to: url)
        #expect(throws: IndexFileError.wrongKind(path: url.path, got: nil, expected: .vectors)) {
            try IndexFile(opening: url, kind: .vectors)
        }
        try forged(whole) { $0.replaceSubrange(24..<32, with: [UInt8](repeating: 0xFF, count: 8)) }.write(to: url)
        #expect(throws: IndexFileError.truncated(path: url.path, got: whole.count, expected: .max)) {
            try IndexFile(opening: url, kind: .vectors)
        }
        try forged(whole) { $0.replaceSubrange(16..<20, with: [0xFF, 0x0F, 0, 0]) }.write(to: url)
        #expect(throws: IndexFileError.corruptHeader(path: url.path)) { try IndexFile(opening: url, kind: .vectors) }
    }

    @Test(arguments: [UInt64.max, 1 << 63, 1 << 40, 65])
    func aForgedBlockOutsideTheFileIsRefused(offset: UInt64) throws {
        try writeSample(to: url)
        var bytes = try Data(contentsOf: url)
        let table = bytes.count - 4 * 48
        bytes.replaceSubrange(table + 16..<table + 24, with: littleEndian(offset))
        bytes.replaceSubrange(32..<40, with: littleEndian(checksum(bytes[table...])))
        try forged(bytes) { _ in }.write(to: url)
        #expect(throws: IndexFileError.corruptHeader(path: url.path)) { try IndexFile(opening: url, kind: .vectors) }
    }

    @Test func whatIsNoIndexFileIsRefused() throws {
        try Data(repeating: 0x41, count: 500).write(to: url)
        #expect(throws: IndexFileError.foreign(path: url.path)) { try IndexFile(opening: url, kind: .vectors) }
        let missing = folder.url.appending(path: "missing")
        #expect(throws: IndexFileError.unreadable(path: missing.path, errno: ENOENT)) {
            try IndexFile(opening: missing, kind: .vectors)
        }
        #expect(throws: IndexFileError.unreadable(path: folder.url.path, errno: EISDIR)) {
            try IndexFile(opening: folder.url, kind: .vectors)
        }
    }

    @Test func anAbandonedWriterLeavesTheOldFileWhole() throws {
        try writeSample(to: url)
        let before = try Data(contentsOf: url)
        do {
            let writer = try IndexFileWriter(creating: url, kind: .vectors)
            try writer.append([1, 2, 3] as [UInt64], as: "other")
        }
        #expect(try Data(contentsOf: url) == before)
        #expect(try folder.names == ["sample.index"])
    }

    @Test func aReaderKeepsTheFileThatItOpened() throws {
        try writeSample(to: url)
        let file = try IndexFile(opening: url, kind: .vectors)
        let writer = try IndexFileWriter(creating: url, kind: .postings)
        try writer.finish()
        #expect(Array(try file.elements(of: "floats", as: Float.self)) == sampleFloats)
        #expect(throws: Never.self) { try IndexFile(opening: url, kind: .postings) }
    }

    @Test func writersOfOneFileTakeTurns() throws {
        let (url, content) = (url, (0..<8).map { [UInt64](repeating: $0, count: 10_000) })
        DispatchQueue.concurrentPerform(iterations: content.count) { number in
            do {
                let writer = try IndexFileWriter(creating: url, kind: .vectors)
                try writer.append(content[number], as: "numbers")
                if number < 4 { try writer.finish() }
            } catch {
                Issue.record(error)
            }
        }
        let numbers = Array(
            try IndexFile(opening: url, kind: .vectors).elements(of: "numbers", as: UInt64.self))
        #expect(content.prefix(4).contains(numbers), "one writer's and whole; the abandoned ones leave nothing")
        #expect(try folder.names == ["sample.index"])
    }

    @Test func aWriterThatDoesNotWaitIsTurnedAway() throws {
        let path = folder.url.appending(path: "out").path
        let first = try FileReplacement(of: path)
        #expect(throws: IndexFileError.unwritable(path: path + ".partial", errno: EWOULDBLOCK)) {
            try FileReplacement(of: path, waits: false)
        }
        try first.finish()
        _ = try FileReplacement(of: path, waits: false)
        #expect(try folder.names == ["out"])
    }

    @Test func whatHasAnotherNameTooIsNotEmptied() throws {
        try folder.write("precious", to: "other")
        try FileManager.default.linkItem(
            at: folder.url.appending(path: "other"), to: folder.url.appending(path: "out.partial"))
        let path = folder.url.appending(path: "out").path
        #expect(throws: IndexFileError.unwritable(path: path + ".partial", errno: EEXIST)) {
            try FileReplacement(of: path)
        }
        #expect(try String(contentsOf: folder.url.appending(path: "other"), encoding: .utf8) == "precious")
    }

    @Test func aFolderThatIsMissingIsReported() {
        let nowhere = folder.url.appending(path: "none/sample.index")
        #expect(throws: IndexFileError.unwritable(path: nowhere.path + ".partial", errno: ENOENT)) {
            try IndexFileWriter(creating: nowhere, kind: .rows)
        }
    }
}

private struct Facts: Codable, Equatable {
    let name: String
    let dimension: Int
}

private let sampleFloats: [Float] = [1.5, -2, 0.25]
private let sampleBytes: [UInt8] = [1, 2, 3, 4, 5]
private let sampleFacts = Facts(name: "sample", dimension: 3)

private func writeSample(to url: URL) throws {
    let writer = try IndexFileWriter(creating: url, kind: .vectors)
    try writer.append(sampleFloats, as: "floats")
    try writer.append(sampleBytes, as: "bytes")
    try writer.append([] as [UInt64], as: "empty")
    try writer.append(json: sampleFacts, as: "sixteen_letters_")
    try writer.finish()
}

private func flipped(_ bytes: Data, byte: Int, bit: Int) -> Data {
    var bytes = bytes
    bytes[byte] ^= 1 << UInt8(bit)
    return bytes
}

/// The bytes after a change that a forger makes good in the header's checksum.
private func forged(_ bytes: Data, _ change: (inout Data) -> Void) -> Data {
    var bytes = bytes
    change(&bytes)
    bytes.replaceSubrange(56..<64, with: littleEndian(checksum(bytes[..<56])))
    return bytes
}

private func checksum(_ bytes: Data) -> UInt64 { Array(bytes).withUnsafeBytes { xxh64($0) } }

private func littleEndian(_ value: UInt64) -> [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
