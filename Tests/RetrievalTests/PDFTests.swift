import Documents
import Foundation
import Retrieval
import TestSupport
import Testing

@Suite struct PDFTests {
    private let folder = try! TemporaryFolder()
    private static let twoPages = PDFFile(
        pages: [["Restore a dump", "", "Stop the writers first."], ["Error E7001 means that it is too late."]],
        information: ["Author": "x", "FrontMatter": "id: pg/restore\naudience: public\n", "Title": "Not this"])

    private func text(
        _ file: PDFFile, name: String = "a.pdf", limits: ProgramLimits = PDFText.limits, searchPath: String? = nil
    ) throws -> String {
        let url = try folder.write(file.bytes, to: name)
        let path = searchPath ?? ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        return String(decoding: try PDFText(of: url, path: name, limits: limits, searchPath: path).bytes, as: UTF8.self)
    }

    @Test func theTextHasItsFrontMatterAndAFormFeedBehindEachPage() throws {
        let text = try text(Self.twoPages)
        #expect(text.hasPrefix("---\nid: pg/restore\naudience: public\n---\nRestore a dump\n"))
        let pages = text.split(separator: "\u{C}")
        #expect(pages.count == 2 && pages[1].hasPrefix("Error E7001 means"))
    }

    @Test func columnsAreReadOneBehindTheOther() throws {
        let left = (0..<8).map { PDFFile.Line(x: 64, y: 780 - 14 * $0, "left \($0) of a sentence that goes on") }
        let right = (0..<8).map { PDFFile.Line(x: 320, y: 780 - 14 * $0, "right \($0) of another sentence here") }
        let text = try text(PDFFile(lines: [zip(left, right).flatMap { [$0, $1] }]))
        let words = text.split(whereSeparator: \.isWhitespace).filter { $0 == "left" || $0 == "right" }
        #expect(words == Array(repeating: "left", count: 8) + Array(repeating: "right", count: 8))
    }

    @Test func theSameFileGivesTheSameText() throws {
        #expect(try text(Self.twoPages) == text(Self.twoPages, name: "b.pdf"))
    }

    /// No name is read as an option, or by a shell.
    @Test(arguments: ["-opw.pdf", "a $(touch made) `touch made`; touch made #.pdf", "ä 'b\".pdf", "-"])
    func anyNameWillDo(name: String) throws {
        #expect(try text(Self.twoPages, name: name).contains("Stop the writers first."))
        #expect(try folder.names == [name])
    }

    @Test(arguments: [
        ("", nil), ("Title:           x\n", nil), ("FrontMatter:     id: a\n", "id: a"),
        ("Author:          x\nFrontMatter:     id: a\n  b: c\n\nTitle:           y\n", "id: a\n  b: c"),
        ("FrontMatter:     ---\nid: a\n---\nb\nTitle:           y\n", "id: a"),
        (
            "FrontMatter:     title: a\nTitle: b\nproduct:         c\nKeywords:        \n",
            "title: a\nTitle: b\nproduct:         c"
        ),
        ("FrontMatter:     id: a\nPTEX.Fullbanner: x\n", "id: a"), ("FrontMatter:     \nTitle:           y\n", nil),
        ("FrontMatterX:    id: a\n", nil),
    ])
    func frontMatterIsAnEntryOfTheInformation(printed: String, frontMatter: String?) {
        #expect(PDFInformation(printed: printed).frontMatter == frontMatter)
    }

    /// What a page says at its top is no front matter.
    @Test(arguments: [
        ("---\nid: x\n---\na", "---\n---\n---\nid: x\n---\na"), ("--- \r\na", "---\n---\n--- \r\na"),
        ("\u{FEFF}---\na", "---\n---\n---\na"), ("a\u{0}b", "ab"), ("---- a", "---- a"),
    ])
    func textIsNotTakenForFrontMatter(text: String, stored: String) throws {
        let bytes = PDFText(text: text, information: PDFInformation(printed: "")).bytes
        #expect(String(decoding: bytes, as: UTF8.self) == stored)
        #expect(try Document(parsing: bytes, path: "a.pdf").frontMatter == FrontMatter())
    }

    @Test func whatIsNoPDFIsRefusedWithTheProgramsWords() throws {
        let url = try folder.write("no PDF", to: "a.pdf")
        let error = #expect(throws: PDFError.self) { try PDFText(of: url, path: "a.pdf") }
        guard case .unreadable("a.pdf", "pdftotext", let status, let detail) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(status == 1 && detail.contains("Syntax Error"))
    }

    @Test func aPageWithoutTextIsRefused() throws {
        #expect(throws: PDFError.noText(path: "a.pdf")) { try text(PDFFile(pages: [[], []])) }
        let information = ["FrontMatter": "id: x"]
        #expect(throws: PDFError.noText(path: "a.pdf")) { try text(PDFFile(pages: [[]], information: information)) }
    }

    @Test func aMissingProgramIsNamedWithItsPackage() throws {
        let error = #expect(throws: PDFError.noProgram(path: "a.pdf", name: "pdftotext", package: "poppler-utils")) {
            try text(Self.twoPages, searchPath: "/nowhere:\(folder.url.path)")
        }
        #expect(error?.message.contains("apt install poppler-utils") == true)
    }
}

/// Each limit of the extraction is told as what it is.
@Suite struct PDFLimitTests {
    private let handbook = try! Handbook()

    private func error(_ change: (inout ProgramLimits) -> Void) throws -> PDFError? {
        let file = PDFFile(pages: [Array(repeating: "word and word", count: 40)])
        let url = try handbook.folder.write(file.bytes, to: "docs/a.pdf")
        var limits = PDFText.limits
        change(&limits)
        return #expect(throws: PDFError.self) { try PDFText(of: url, path: "a.pdf", limits: limits) }
    }

    @Test func eachLimitHasItsError() throws {
        #expect(try error { $0.seconds = 0 } == .outOfTime(path: "a.pdf", program: "pdftotext", expectedSecondsMax: 0))
        #expect(try error { $0.outputByteCount = 99 } == .tooMuchText(path: "a.pdf", expectedByteCountMax: 99))
        let error = try error { $0.memoryByteCount = 1 << 23 }
        switch error {
        case .killed(_, "pdftotext", _, 8_388_608), .unreadable(_, "pdftotext", _, _): break
        default: Issue.record("\(String(describing: error))")
        }
    }

    @Test func aFileThatIsTooLargeIsNotRead() throws {
        let url = try handbook.folder.write("", to: "docs/a.pdf")
        let file = try FileHandle(forWritingTo: url)
        try file.truncate(atOffset: UInt64(PDFText.fileByteCountMax + 1))
        let failures = try handbook.ingest().errors
        #expect(failures.map(\.path) == ["a.pdf"])
        #expect(failures.first?.message.contains("\(PDFText.fileByteCountMax)") == true)
    }
}
