import Documents
import Foundation
import Retrieval
import TestSupport
import Testing

/// Damaged PDFs: refused in words, or read to a text whose every chunk is exactly its bytes.
@Suite struct MutatedPDFTests {
    private let folder = try! TemporaryFolder()

    @Test(arguments: 1...4 as ClosedRange<UInt64>) func aDamagedPDFIsRefusedOrItsRangesHold(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let words = (0..<40).map { "line \($0) of the page, with words to read" }
        let whole = PDFFile(pages: [words, words.reversed()]).bytes
        for _ in 0..<12 {
            var bytes = Array(whole)
            for _ in 0..<Int.random(in: 1...40, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: place)
                case 2: bytes.insert(contentsOf: bytes[place..<min(place + 20, bytes.count)], at: place)
                default: bytes.removeSubrange(place..<min(place + 200, bytes.count - 1))
                }
            }
            let url = try folder.write(bytes, to: "a.pdf")
            do {
                let text = try PDFText(of: url, path: "a.pdf").bytes
                try expectRanges(text)
            } catch let error as PDFError {
                #expect(error.message.contains("a.pdf") || !error.message.isEmpty)
            } catch let error as DocumentError {
                #expect(error.path == "a.pdf")
            }
        }
    }

    private func expectRanges(_ bytes: [UInt8]) throws {
        let document = try Document(parsing: bytes, path: "a.pdf")
        for block in document.blocks {
            #expect(block.byteRange.lowerBound >= 0 && block.byteRange.upperBound <= bytes.count)
        }
        for chunk in Chunker().chunks(of: document) {
            #expect(chunk.byteRange.upperBound <= bytes.count)
            #expect(String(validating: bytes[chunk.byteRange], as: UTF8.self) != nil, "a range cuts a character")
        }
    }
}
