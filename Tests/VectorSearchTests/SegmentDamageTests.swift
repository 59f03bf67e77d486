import Foundation
import IndexFiles
import LinearAlgebra
import TestSupport
import Testing
import VectorSearch

/// What a crash or a damaged disk leaves behind.
@Suite struct SegmentDamageTests {
    private let folder = try! TemporaryFolder()
    private var url: URL { folder.url.appending(path: "segments") }
    private let query: [Float] = [1, 0.5, 0.25]

    /// A change writes segments, then the manifest, then removes segments: between any two of these steps the state is the
    /// one before or the one after.
    @Test(arguments: 1...6 as ClosedRange<UInt64>) func aCrashBetweenTwoStepsLeavesAWholeState(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var writer: SegmentWriter? = try open(url)
        for step in 0..<12 {
            let before = try copy(url, "\(step)-before")
            let old = try found(in: before)
            switch Int.random(in: 0..<4, using: &generator) {
            case 0, 1: _ = try writer?.append(generator.matrix(rowCount: 3, columnCount: 3))
            case 2:
                let count = writer?.snapshot().nextRow ?? 0
                try writer?.remove((0..<2).map { _ in Int.random(in: 0...count, using: &generator) })
            default: try writer?.compact()
            }
            let after = try copy(url, "\(step)-after")
            let new = try found(in: after)
            let all = Set(try names(before) + names(after))

            let cutBeforeSwitch = try copy(after, "\(step)-cut")
            for name in all where name.hasPrefix("segment-") {
                try replace(name, in: cutBeforeSwitch, from: names(before).contains(name) ? before : after)
            }
            let cutAfterSwitch = try copy(cutBeforeSwitch, "\(step)-switched")
            try replace("manifest.docketindex", in: cutBeforeSwitch, from: before)
            for name in all where name.hasPrefix("segment-") {
                try Data("torn".utf8).write(to: cutBeforeSwitch.appending(path: "\(name).partial"))
            }
            try Data("torn".utf8).write(to: cutBeforeSwitch.appending(path: "manifest.docketindex.partial"))

            #expect(try found(in: cutBeforeSwitch) == old)
            #expect(try found(in: cutAfterSwitch) == new)
            for (cut, whole, expected) in [(cutBeforeSwitch, before, old), (cutAfterSwitch, after, new)] {
                let reopened = try open(cut)
                #expect(try reopened.snapshot().search(query, limit: .max) == expected)
                #expect(try segmentNames(cut) == segmentNames(whole))
                let next = reopened.snapshot().nextRow
                #expect(try reopened.append(generator.matrix(rowCount: 2, columnCount: 3)) == next..<next + 2)
            }
            writer = nil
            writer = try open(url)
        }
    }

    @Test func filesThatAreNotOursAreLeftAlone() throws {
        _ = try open(url)
        let others = ["README.md", "segment-.docketindex", "segment-x.docketindex", "segment-1.npy", "my-segment-1"]
        for name in others { try Data().write(to: url.appending(path: name)) }
        for name in ["segment-7.docketindex", "segment-8.docketindex.partial"] {
            try Data().write(to: url.appending(path: name))
        }
        _ = try open(url)
        #expect(try names(url) == (others + ["manifest.docketindex", "writer.lock"]).sorted())
    }

    @Test func everyFlippedBitIsFoundOrHarmless() throws {
        try fill(url)
        let expected = try found(in: url)
        for name in try names(url) where name != "writer.lock" {
            let file = url.appending(path: name)
            let bytes = try Data(contentsOf: file)
            var refusedCount = 0
            for place in bytes.indices {
                var damaged = bytes
                damaged[place] ^= UInt8(1 << (place % 8))
                try damaged.write(to: file)
                if try isRefused(naming: name, or: expected) { refusedCount += 1 }
            }
            try bytes.write(to: file)
            #expect(refusedCount > bytes.count / 3, "the rest is between blocks")
        }
        #expect(try found(in: url) == expected)
    }

    @Test func everyTruncationIsRefused() throws {
        try fill(url)
        for name in try names(url) where name != "writer.lock" {
            let file = url.appending(path: name)
            let bytes = try Data(contentsOf: file)
            for count in bytes.indices {
                try bytes.prefix(count).write(to: file)
                #expect(try isRefused(naming: name, or: nil))
            }
            try bytes.write(to: file)
        }
    }

    @Test func aSegmentThatIsMissingOrOfAnotherFolderIsRefused() throws {
        try fill(url)
        let other = folder.url.appending(path: "other")
        let writer = try open(other)
        _ = try writer.append(Matrix(rowCount: 3, columnCount: 3, values: [Float](repeating: 1, count: 9)))
        let segment = url.appending(path: "segment-0.docketindex")
        try replace("segment-0.docketindex", in: url, from: other)
        let foreign = SegmentError.foreignSegment(path: segment.path, folder: url.path)
        #expect(throws: foreign) { try SegmentedVectors(opening: url) }
        #expect(throws: foreign) { try open(url) }
        try FileManager.default.removeItem(at: segment)
        let missing = SegmentError.damaged(folder: url.path, .unreadable(path: segment.path, errno: ENOENT))
        #expect(throws: missing) { try SegmentedVectors(opening: url) }
        #expect(throws: missing) { try open(url) }
    }

    @Test func aFolderThatLostItsManifestIsNotTakenForANewOne() throws {
        try fill(url)
        let manifest = url.appending(path: "manifest.docketindex")
        try FileManager.default.removeItem(at: manifest)
        let expected = SegmentError.noManifest(path: manifest.path, folder: url.path)
        #expect(throws: expected) { try SegmentedVectors(opening: url) }
        #expect(throws: expected) { try open(url) }
        #expect(try names(url).contains("segment-0.docketindex"))
        #expect(expected.description.contains("remove the folder \(url.path)"))
    }

    @Test(arguments: [
        SegmentFixture(dimension: 0), SegmentFixture(nextRow: -1), SegmentFixture(nextRow: Int(UInt32.max) + 1),
        SegmentFixture(nextRow: 9, nextSegment: 1, segments: [.init(number: 1, rowCount: 1)]),
        SegmentFixture(nextRow: 9, nextSegment: 1, segments: [.init(number: -1, rowCount: 1)]),
        SegmentFixture(nextRow: 9, nextSegment: 1, segments: [.init(number: 0, rowCount: 10)]),
        SegmentFixture(nextRow: 9, nextSegment: 1, segments: [.init(number: 0, rowCount: 0)]),
        SegmentFixture(nextRow: 0, nextSegment: 1, segments: [.init(number: 0, rowCount: .max)]),
        SegmentFixture(
            nextRow: 9, nextSegment: 1, segments: [.init(number: 0, rowCount: 1), .init(number: 0, rowCount: 1)]),
        SegmentFixture(
            nextRow: 2_000, nextSegment: 1_025, segments: (0..<1_025).map { .init(number: $0, rowCount: 1) }),
    ])
    func impossibleFactsAreRefused(_ manifest: SegmentFixture) throws {
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        try manifest.write(in: url, live: manifest.segments.map { _ in 1 })
        let path = url.appending(path: "manifest.docketindex").path
        #expect(throws: SegmentError.damaged(folder: url.path, .unexpectedContent(path: path, block: "facts"))) {
            try SegmentedVectors(opening: url)
        }
    }

    @Test(arguments: [0, 0b1000, .max] as [UInt64]) func bitsOfNoRowsAndEmptySegmentsAreRefused(live: UInt64) throws {
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        try SegmentFixture(nextRow: 9, nextSegment: 1, segments: [.init(number: 0, rowCount: 3)])
            .write(in: url, live: [live])
        let path = url.appending(path: "manifest.docketindex").path
        #expect(throws: SegmentError.damaged(folder: url.path, .unexpectedContent(path: path, block: "live"))) {
            try SegmentedVectors(opening: url)
        }
    }

    /// Two segments of which one has a tombstone.
    private func fill(_ url: URL) throws {
        let writer = try open(url)
        _ = try writer.append(Matrix(rowCount: 3, columnCount: 3, values: [1, 0, 0, 0, 1, 0, 0, 0, 1]))
        _ = try writer.append(Matrix(rowCount: 2, columnCount: 3, values: [1, 1, 0, 0, 1, 1]))
        try writer.remove([1])
    }

    private func found(in url: URL) throws -> [ScoredRow] {
        let snapshot = try SegmentedVectors(opening: url).snapshot()
        try snapshot.check()
        return try snapshot.search(query, limit: .max)
    }

    /// Whether the damage is found, by an error that names the file and says what to do; else the result is as before.
    private func isRefused(naming name: String, or expected: [ScoredRow]?) throws -> Bool {
        do {
            let rows = try found(in: url)
            #expect(rows == expected, "\(name) is damaged and answers")
            return false
        } catch let error as SegmentError {
            #expect("\(error)".contains("\(name): ") && "\(error)".contains("remove the folder \(url.path)"))
            return true
        }
    }

    private func open(_ url: URL) throws -> SegmentWriter {
        try SegmentWriter(opening: url, dimension: 3, fingerprint: "m")
    }

    private func names(_ url: URL) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: url.path).sorted()
    }

    private func segmentNames(_ url: URL) throws -> [String] { try names(url).filter { $0.hasPrefix("segment-") } }

    private func copy(_ url: URL, _ name: String) throws -> URL {
        let target = folder.url.appending(path: name)
        try FileManager.default.copyItem(at: url, to: target)
        return target
    }

    private func replace(_ name: String, in target: URL, from source: URL) throws {
        let file = target.appending(path: name)
        if FileManager.default.fileExists(atPath: file.path) { try FileManager.default.removeItem(at: file) }
        try FileManager.default.copyItem(at: source.appending(path: name), to: file)
    }
}
