import Documents
import Foundation
import Retrieval
import Storage
import TestSupport
import Testing

/// HTML pages that are not in UTF-8: what is stored is, and ranges are of what is stored.
@Suite struct EncodingTests {
    private static let utf16Mark = "\u{FEFF}"

    private static func page(_ charset: String, _ words: String) -> String {
        "<!doctype html><html><head><meta charset='\(charset)'><title>T</title></head><body><h1>H</h1><p>\(words) &eacute;</p>"
    }

    /// The encoding of the file, what it declares, and its words.
    private static let pages: [(String.Encoding, String, String)] = [
        (.isoLatin1, "ISO-8859-1", "Größe naïve ½"), (.windowsCP1252, "windows-1252", "“quoted” – 5 €"),
        (.windowsCP1252, "latin1", "it’s"), (.isoLatin2, "iso-8859-2", "žluťoučký"),
        (.windowsCP1250, "windows-1250", "žluťoučký"), (.windowsCP1251, "windows-1251", "перезапуск"),
        (.windowsCP1253, "windows-1253", "επανεκκίνηση"), (.windowsCP1254, "windows-1254", "yeniden başlat"),
        (.shiftJIS, "Shift_JIS", "再起動"), (.iso2022JP, "iso-2022-jp", "再起動"),
        (.utf16LittleEndian, "utf-16", utf16Mark + "перезапуск"), (.utf16BigEndian, "utf-8", utf16Mark + "再起動"),
    ]

    @Test(arguments: pages.indices) func aPageIsFoundAndQuotedInUTF8(_ index: Int) throws {
        let (encoding, charset, marked) = Self.pages[index]
        let words = marked.replacingOccurrences(of: Self.utf16Mark, with: "")
        let mark = marked == words ? "" : Self.utf16Mark
        let file = try #require((mark + Self.page(charset, words)).data(using: encoding))
        let stored = try htmlInUTF8(Array(file), path: "a.html")
        #expect(String(decoding: stored, as: UTF8.self) == Self.page(charset, words))
        let handbook = try Handbook()
        try file.write(to: handbook.docs.appending(path: "a.html"))
        #expect(try handbook.ingest().failed == 0)
        #expect(try handbook.shown().contains { $0.contains("\(words) &eacute;") })
        #expect(try handbook.verified() == [])
        let document = try #require(try handbook.store.currentDocuments().first)
        let page = try Document(parsing: try handbook.store.bytes(of: document), path: "a.html")
        let block = try #require(page.blocks.last)
        #expect(String(decoding: stored[block.byteRange], as: UTF8.self).contains("\(words) &eacute;"))
        #expect(try handbook.ingest().unchanged == 1)
    }

    @Test(arguments: ["utf-8", "UTF8", "us-ascii"]) func utf8StaysAsItIs(_ charset: String) throws {
        let bytes = Array(Self.page(charset, "é").utf8)
        #expect(try htmlInUTF8(bytes, path: "a.html") == bytes)
    }

    /// Words and attributes that look like declarations, and declarations that are wrong.
    @Test(arguments: [
        "<script charset=\"iso-8859-1\" src=x></script><meta charset=\"utf-8\"><p>Café grün</p>",
        "<title>Use client_encoding = latin1</title><meta charset=\"utf-8\"><p>Café</p>",
        "<!-- <meta charset=iso-8859-1> --><p>Café</p>", "<meta charset=iso-8859-1><p>Café</p>",
    ]) func whatIsUTF8IsReadAsThat(_ source: String) throws {
        #expect(try htmlInUTF8(Array(source.utf8), path: "a.html") == Array(source.utf8))
        let page = try Document(parsing: Array(source.utf8), path: "a.html")
        #expect(page.blocks.last?.text.hasPrefix("Café") ?? false)
    }

    /// A word that looks like a declaration is none, so that nothing is guessed.
    @Test func aWordIsNoDeclaration() {
        let bytes = Array("<title>Use client_encoding = latin1</title><p>Caf".utf8) + [0xE9]
        #expect(throws: DocumentError.self) {
            try Document(parsing: try htmlInUTF8(bytes, path: "a.html"), path: "a.html")
        }
    }

    @Test func everyByteOfWindows1252IsRead() throws {
        let head = "<meta charset=windows-1252>"
        let stored = try htmlInUTF8(Array(head.utf8) + Array(0x80...0xFF), path: "a.html")
        let text = String(decoding: stored, as: UTF8.self).unicodeScalars.dropFirst(head.count)
        #expect(text.count == 128 && text.first == "€" && text.last == "ÿ")
    }

    @Test(arguments: [
        ("<meta charset=klingon>\u{E9}", 1), ("\n<meta charset=euc-kr>\u{E9}", 2),
    ]) func whatCannotBeReadIsRefusedByName(source: String, line: Int) throws {
        let handbook = try Handbook()
        try Data(source.unicodeScalars.map { UInt8($0.value) }).write(to: handbook.docs.appending(path: "a.html"))
        let summary = try handbook.ingest()
        #expect(summary.failed == 1 && summary.errors.first?.line == line)
        #expect(summary.errors.first?.message.contains("save the page as UTF-8") ?? false)
    }

    @Test func utf16ThatIsCutOffIsRefused() {
        #expect(throws: DocumentError.self) { try htmlInUTF8([0xFF, 0xFE, 0x41], path: "a.html") }
        #expect(throws: DocumentError.self) { try htmlInUTF8([0xFE, 0xFF, 0xD8, 0x00], path: "a.html") }
    }

    /// Bytes of no declared encoding are not guessed.
    @Test func whatDeclaresNothingIsNotGuessed() throws {
        let handbook = try Handbook()
        try Data([0x61, 0xE9, 0x62]).write(to: handbook.docs.appending(path: "a.html"))
        #expect(try handbook.ingest().errors.first?.message.contains("is not UTF-8 at byte 1") ?? false)
    }
}
