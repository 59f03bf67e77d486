import Foundation
import Storage
import TestSupport
import Testing

/// One page of each format, through the binary: each is found, and each passage is cut from its source exactly.
@Suite struct FormatRunTests {
    private static let frontMatter = "audience: public\nproduct: print"
    private static let comment = "---\n\(frontMatter)\n---"
    /// Each page has an error code of its own.
    private static let pages = [
        "docs/mark.md": page(frontMatter, "# Paper\n\nError E7001 means that the paper is out.\n\nFill the tray."),
        "docs/web.html": """
        <!--
        \(comment)
        -->
        <!doctype html><title>Site</title><nav><a href=x>E7666 navigation</a></nav><script>var E7666;</script>
        <main><h1>Toner &amp; drum</h1>
        <p>Error <b>E7002</b> means that the toner is lo&#119;.</p>
        <table><tr><th>Code<th>Part<tr><td>E7012<td>Drum</table></main>
        """,
        "docs/sphinx.rst": """
        ..
           \(comment.replacing("\n", with: "\n   "))

        Fuser
        =====

        Error ``E7003`` means that the fuser is hot::

           lpstat -p {{host}}

        .. E7666 is a comment
        """,
        "docs/plain.txt": "\(comment)\nTRAY TWO\n\nError E7004 means that tray two\nis open.\n",
        "docs/server.log": "2026-11-23 15:04:05 print[1]: E7005 spool full\n2026-11-23 15:04:06 print[1]: stopped\n",
    ]
    private static let manual = PDFFile(
        pages: [
            ["Print server manual", "", "The print server keeps what it prints."],
            [
                "Error E7006", "", "Error E7006 means that the spool is full.", "",
                "Clean the spool with the purge command.",
            ],
        ], information: ["FrontMatter": frontMatter + "\nid: print/manual"])

    private func ingested() throws -> Desk {
        let desk = try Desk(Self.pages)
        try desk.folder.write(Self.manual.bytes, to: "docs/manual.pdf")
        try desk.folder.write("no page: E7666", to: "docs/manual.pdf.in")
        let run = try desk.docket("ingest", "--json", "docs")
        #expect(run.status == 0 && run.errors == "")
        #expect(try run.json().integer("added") == 6)
        return desk
    }

    @Test func eachFormatIsFoundAndCutExactly() throws {
        let desk = try ingested()
        let store = try Store(in: desk.url.appending(path: ".docket"), creating: false)
        let expected = [
            ("E7001", "mark", "mark.md"), ("E7002", "web", "web.html"), ("E7012", "web", "web.html"),
            ("E7003", "sphinx", "sphinx.rst"), ("E7004", "plain", "plain.txt"), ("E7005", "server", "server.log"),
            ("E7006", "print/manual", nil),
        ]
        for (code, document, file) in expected {
            let passages = try desk.docket("search", "--json", code).json().objects("passages")
            let passage = try #require(try passages.first { try $0.string("text").contains(code) }, "\(code)")
            #expect(try passage.string("document") == document)
            let stored = try #require(try store.bytes(ofRevision: passage.string("revision")))
            #expect(try Array(passage.string("text").utf8) == Array(stored[passage.range("byte_range")]))
            if let file {
                #expect(stored == Array(try Data(contentsOf: desk.url.appending(path: "docs/" + file))))
                #expect(!passage.keys.contains("page"))
            } else {
                #expect(try passage.integer("page") == 2)
            }
        }
        #expect(try !desk.shown().contains { $0.contains("E7666") })
        #expect(try desk.docket("search", "E7006").output.contains("manual.pdf, page 2\n"))
    }

    @Test func aDraftCitesThePageOfAPDF() throws {
        let desk = try ingested()
        let ticket = Desk.ticket(
            subject: "Print server stops with E7006", body: "What does error E7006 mean, and how do I clean the spool?",
            more: "\"product\": \"print\"")
        try desk.folder.write(ticket, to: "t.json")
        let statements = try desk.docket("resolve", "--json", "--file", "t.json").json().objects("statements")
        let citations = try statements.flatMap { try $0.objects("citations") }
            .filter { try $0.string("document") == "print/manual" && $0.string("quote").contains("spool") }
        #expect(!citations.isEmpty)
        for citation in citations { #expect(try citation.integer("page") == 2) }
        #expect(try desk.docket("resolve", "--file", "t.json").output.contains(".pdf, page 2, bytes "))
    }

    @Test func aMissingProgramIsAPageErrorThatNamesThePackage() throws {
        let desk = try Desk(["docs/a.md": "# A\n\nwords"])
        try desk.folder.write(Self.manual.bytes, to: "docs/manual.pdf")
        let run = try desk.docket("ingest", "docs", environment: ["PATH": desk.url.path])
        #expect(run.status == 6 && run.output.hasPrefix("1 added"))
        #expect(run.errors.hasPrefix("failed: manual.pdf: pdftotext is not installed"))
        #expect(run.errors.contains("apt install poppler-utils"))
    }
}
