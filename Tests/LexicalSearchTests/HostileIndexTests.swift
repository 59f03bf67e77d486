import Foundation
import IndexFiles
import LexicalSearch
import TestSupport
import Testing

/// Files whose checksums are right and whose contents are not.
@Suite struct HostileIndexTests {
    private let folder: TemporaryFolder
    private var url: URL { folder.url.appending(path: "lexical.index") }

    init() throws { folder = try TemporaryFolder() }

    @Test func theHandmadeFileIsSoundToBeginWith() throws {
        let index = try open(Blocks())
        #expect(index.documentFrequency(of: LexicalTerm(lane: .word, text: "disk")) == 2)
        #expect(index.search(LexicalQuery("full", analyser: Analyser()), limit: 3).map(\.row) == [2])
    }

    @Test(arguments: forgeries)
    func contradictionsAreFoundOnOpening(forgery: Forgery) throws {
        var blocks = Blocks()
        forgery.forge(&blocks)
        let error = LexicalSearchError.inconsistent(path: url.path, block: forgery.block, position: forgery.position)
        #expect(throws: error) { try open(blocks) }
    }

    @Test func blocksOfTheWrongLengthAreRefused() throws {
        var blocks = Blocks()
        blocks.rowLengths.removeLast()
        #expect(
            throws: LexicalSearchError.file(
                .misshapenBlock(path: url.path, block: "row.lengths", gotByteCount: 8, expectedByteCount: 12))
        ) { try open(blocks) }
        blocks = Blocks()
        blocks.meta.termCount = 1 << 61
        #expect(
            throws: LexicalSearchError.file(
                .misshapenBlock(path: url.path, block: "term.starts", gotByteCount: 24, expectedByteCount: .max))
        ) { try open(blocks) }
    }

    @Test func anIndexOfAnotherAnalyserIsRefused() throws {
        var blocks = Blocks()
        blocks.meta.analyserVersion = Analyser.version + 1
        #expect(
            throws: LexicalSearchError.analyserVersion(
                path: url.path, got: Analyser.version + 1, expected: Analyser.version)
        ) { try open(blocks) }
    }

    @Test func damageIsFoundOnOpeningInEveryBlock() throws {
        try write(Blocks())
        let whole = try Data(contentsOf: url)
        // Each block stands alone in its 64 bytes, after the header and before the table of seven entries.
        for byte in stride(from: 64, to: whole.count - 7 * 48, by: 64) {
            var damaged = whole
            damaged[byte] ^= 1
            try damaged.write(to: url)
            #expect(throws: LexicalSearchError.self, "byte \(byte)") { try LexicalIndex(opening: url) }
        }
    }

    @Test func aFileThatIsMissingSaysSo() {
        #expect(throws: LexicalSearchError.file(.unreadable(path: url.path, errno: ENOENT))) {
            try LexicalIndex(opening: url)
        }
    }

    private func open(_ blocks: Blocks) throws -> LexicalSnapshot {
        try write(blocks)
        return LexicalSnapshot(try LexicalIndex(opening: url))
    }

    private func write(_ blocks: Blocks) throws {
        let writer = try IndexFileWriter(creating: url, kind: .postings)
        try writer.append(json: blocks.meta, as: "meta")
        try writer.append(blocks.termBytes, as: "term.bytes")
        try writer.append(blocks.termStarts, as: "term.starts")
        try writer.append(blocks.postingStarts, as: "post.starts")
        try writer.append(blocks.postingRows, as: "post.rows")
        try writer.append(blocks.postingCounts, as: "post.counts")
        try writer.append(blocks.rowLengths, as: "row.lengths")
        try writer.finish()
    }
}

/// A change to a sound file, and where it is found.
struct Forgery: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let block: LexicalBlock
    let position: Int
    let forge: @Sendable (inout Blocks) -> Void

    init(_ name: String, _ block: LexicalBlock, _ position: Int, _ forge: @escaping @Sendable (inout Blocks) -> Void) {
        testDescription = name
        self.block = block
        self.position = position
        self.forge = forge
    }
}

private let forgeries = [
    Forgery("term starts that begin late", .termStarts, 0) { $0.termStarts[0] = 1 },
    Forgery("term starts that fall", .termStarts, 2) { $0.termStarts[1] = 9 },
    Forgery("term starts beyond the bytes", .termStarts, 2) { $0.termStarts[2] = 9 },
    Forgery("term starts beyond any file", .termStarts, 2) { $0.termStarts[2] = .max },
    Forgery("posting starts that fall", .postingStarts, 2) { $0.postingStarts[1] = 4 },
    Forgery("posting starts that end early", .postingStarts, 2) { $0.postingStarts[2] = 2 },
    Forgery("a row outside the index", .postingRows, 2) { $0.postingRows[2] = 3 },
    Forgery("a row twice in a list", .postingRows, 1) { $0.postingRows[1] = 0 },
    Forgery("a term that occurs no times", .postingCounts, 1) { $0.postingCounts[1] = 0 },
    Forgery("options without sense", .meta, 0) { $0.meta.options.saturation = -1 },
    Forgery("more rows than a row number holds", .meta, 0) { $0.meta.rowCount = .max },
    Forgery("a negative number of terms", .meta, 0) { $0.meta.termCount = -1 },
    Forgery("a number of terms without a successor", .meta, 0) { $0.meta.termCount = .max },
]

/// Three rows: "disk", "disk", "full".
struct Blocks {
    struct Meta: Encodable {
        var analyserVersion = Analyser.version
        var rowCount = 3
        var termCount = 2
        var options = LexicalOptions()
    }

    var meta = Meta()
    var termBytes = Array("diskfull".utf8)
    var termStarts: [UInt64] = [0, 4, 8]
    var postingStarts: [UInt64] = [0, 2, 3]
    var postingRows: [UInt32] = [0, 1, 2]
    var postingCounts: [UInt8] = [1, 1, 1]
    var rowLengths: [UInt32] = [1, 1, 1]
}
