import Documents
import Foundation
import Retrieval
import Storage
import TestSupport
import Testing

/// Pages of a PDF from the file to the passage.
@Suite struct PDFIngestTests {
    private static let manual = PDFFile(
        pages: [
            ["Print server", "", "The print server stops when its spool overflows."],
            ["Error E7001", "", "Error E7001 means that the spool is full.", "Clean it with the purge command."],
        ], information: ["FrontMatter": "id: print/manual\naudience: public\nproduct: print"])

    private func write(_ file: PDFFile, to path: String, of handbook: Handbook) throws {
        try handbook.folder.write(file.bytes, to: "docs/" + path)
    }

    @Test func aPassageKnowsItsPageAndIsCutFromTheStoredText() throws {
        let handbook = try Handbook(["a.md": "# A\n\nNothing of the kind."])
        try write(Self.manual, to: "print/manual.pdf", of: handbook)
        #expect(try handbook.ingest().added == 2)
        let found = try handbook.searcher().search("E7001", filters: Handbook.everyone, limit: 10).passages
        let passage = try #require(found.first { $0.chunk.text.contains("E7001") })
        #expect(passage.document.id == "print/manual" && passage.document.frontMatter.product == "print")
        #expect(passage.chunk.page == 2)
        let bytes = try handbook.store.bytes(of: passage.document)
        #expect(String(decoding: bytes[passage.chunk.byteRange], as: UTF8.self) == passage.chunk.text)
        #expect(found.first { $0.chunk.text.contains("overflows") }?.chunk.page == 1)
        #expect(found.first { $0.document.id == "a" }.map { $0.chunk.page == nil } == true)
    }

    @Test func theSameFileIsUnchangedAndAnotherReplacesIt() throws {
        let handbook = try Handbook()
        try write(Self.manual, to: "m.pdf", of: handbook)
        try handbook.ingest()
        #expect(try handbook.ingest().unchanged == 1)
        try write(PDFFile(pages: [["Now it says something else."]]), to: "m.pdf", of: handbook)
        #expect(try handbook.ingest().changed == 1)
        #expect(try !handbook.searcher().finds("E7001"))
    }

    /// What was stored is cut again without the file.
    @Test func theStoredTextIsCutAgainByALaterChunker() throws {
        let handbook = try Handbook()
        try write(Self.manual, to: "m.pdf", of: handbook)
        try handbook.ingest()
        let shown = try handbook.shown()
        try handbook.store.setChunkerVersion(0)
        try handbook.remove("m.pdf")
        try handbook.write("# B", to: "b.md")
        try handbook.ingest(["docs/b.md"])
        #expect(try handbook.shown() == shown)
    }

    @Test func aBrokenPDFIsReportedAndTheRestGoesOn() throws {
        let handbook = try Handbook(["a.md": "# A\n\nwords", "b.pdf": "no PDF", "notes.pdf.in": "no page"])
        let bad = PDFFile(pages: [["x"]], information: ["FrontMatter": "id: x\naudience: nobody"])
        try write(bad, to: "c.pdf", of: handbook)
        let summary = try handbook.ingest()
        #expect(summary.added == 1)
        #expect(summary.errors.map(\.path) == ["b.pdf", "c.pdf"])
        #expect(summary.errors.map(\.line) == [nil, 3])
    }
}
