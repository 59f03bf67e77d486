import Documents
import Foundation
import Retrieval
import TestSupport
import Testing

/// Damaged PDFs: refused in words, or read to a text whose every chunk is exactly its bytes, within bounds of time and memory.
@Suite struct MutatedPDFTests {
    private let folder = try! TemporaryFolder()
    /// Far below what a file may have by default: a damaged one must not need more than a sound one of its size.
    private static let limits = ProgramLimits(
        seconds: 20, memoryByteCount: 512 * 1024 * 1024, outputByteCount: 4 * 1024 * 1024)

    @Test(arguments: 1...4 as ClosedRange<UInt64>) func aDamagedPDFIsRefusedOrItsRangesHold(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let words = (0..<40).map { "line \($0) of the page, with words to read" }
        let whole = PDFFile(pages: [words, words.reversed()]).bytes
        var readCount = 0
        for _ in 0..<12 {
            let url = try folder.write(Self.mutated(whole, &random), to: "a.pdf")
            do {
                let text = try PDFText(of: url, path: "a.pdf", limits: Self.limits).bytes
                #expect(text.count <= Self.limits.outputByteCount + 64 * 1024)
                try expectRanges(text)
                readCount += 1
            } catch let error as PDFError {
                switch error {
                case .unreadable(let path, _, let status, _): #expect(path == "a.pdf" && status != 0)
                case .noText(let path): #expect(path == "a.pdf")
                default: Issue.record("a damaged file is slow, large or killed a program: \(error.message)")
                }
            } catch let error as DocumentError {
                #expect(error.path == "a.pdf")
            }
        }
        #expect(readCount > 0, "no mutation was read at all: nothing was tried")
    }

    private static func mutated(_ whole: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
        var bytes = whole
        for _ in 0..<Int.random(in: 1...40, using: &random) {
            let place = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes.remove(at: place)
            case 2: bytes.insert(contentsOf: bytes[place..<min(place + 20, bytes.count)], at: place)
            default: bytes.removeSubrange(place..<max(place, min(place + 200, bytes.count - 1)))
            }
        }
        return bytes
    }

    private func expectRanges(_ bytes: [UInt8]) throws {
        let document = try Document(parsing: bytes, path: "a.pdf")
        for block in document.blocks {
            #expect(block.byteRange.lowerBound >= 0 && block.byteRange.upperBound <= bytes.count)
        }
        for chunk in Chunker().chunks(of: document) {
            #expect(chunk.byteRange.upperBound <= bytes.count)
            let source = try #require(
                String(validating: bytes[chunk.byteRange], as: UTF8.self), "a range cuts a character")
            #expect(chunk.searchText.words.isSubset(of: source.words), "\(chunk.searchText) is not in \(source)")
        }
    }
}

extension String {
    /// What stands between white space: a reader of plain text takes nothing else away.
    fileprivate var words: Set<Substring> { Set(split(whereSeparator: \.isWhitespace)) }
}
