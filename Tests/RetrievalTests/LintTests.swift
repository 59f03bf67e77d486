import Foundation
import Retrieval
import Storage
import TestSupport
import Testing

/// Each kind of finding: a page that has it, and one that has not.
@Suite struct LintTests {
    private let folder = try! TemporaryFolder()

    private static let section =
        "Stop the writer, wait until the log is flushed, check that no session holds a lock on the table, then move the "
        + "files to the new volume and start the writer again with the path of that volume in its settings file."

    private func findings(
        _ pages: [String: String], _ change: (inout LintOptions) -> Void = { _ in }
    ) throws -> [String] {
        for (path, text) in pages { try folder.write(text, to: "docs/\(path)") }
        var options = LintOptions(today: "2026-11-24")
        change(&options)
        let root = folder.url.appending(path: "docs")
        let report = try PageLinter.report(
            on: [root], or: nil, options: options, audiences: Handbook.audiences, progress: { _ in })
        let prefix = root.resolvingSymlinksInPath().path + "/"
        func text(_ place: LintFinding.Place) -> String { "\(place.path.dropFirst(prefix.count)):\(place.line)" }
        return report.findings.map { finding in
            "\(text(finding.place)) \(finding.kind.rawValue)" + (finding.other.map { " \(text($0))" } ?? "")
        }
    }

    @Test func aGoodPageHasNone() throws {
        let good = page(
            "id: a\nproduct: x\nversions: \">=1 <2\"\naudience: public\nreviewed: 2026-01-01\nparameters: [host]",
            "# A\n\nLog in to {{host}}; see [B](sub/b.md#steps), [above](#a) and [the web](https://example.org/x#y).")
        #expect(try findings(["a.md": good, "sub/b.md": "# B\n\n## Steps\n\nGo [back](../a.md)."]) == [])
    }

    @Test func whatAnIngestWouldRefuseIsNamedWithItsLine() throws {
        #expect(
            try findings([
                "a.md": "---\ntitle: A\naudiance: public\n---\n# A", "b.md": "---\naudience: nobody\n---\n# B",
                "c.md": "# C\n\nx\u{0}",
            ]) == ["a.md:3 front-matter", "b.md:2 front-matter", "c.md:3 page"])
    }

    @Test func twoPagesWithOneID() throws {
        let pages = ["a.md": "---\nid: x\n---\n# A", "b.md": "---\ntitle: B\nid: x\n---\n# B", "x.md": "# X"]
        #expect(try findings(pages) == ["b.md:3 duplicate-id a.md:2", "x.md:1 duplicate-id a.md:2"])
    }

    @Test func linksThatLeadNowhere() throws {
        let text = """
            # A

            [gone](gone.md) and
            [no heading](b.md#nothing), [none here](#nothing),
            ![picture](gone.png)

            [a folder](sub), [spaces](my%20page.md), [an id](h.html#top), [filled in](https://{{host}}/), [root](/x.md)
            """
        let pages = [
            "a.md": text, "b.md": "# B", "sub/c.md": "# C", "my page.md": "# M",
            "h.html": "<h1 id='top'>H</h1><p>x</p>",
        ]
        #expect(
            try findings(pages) == ["a.md:3 dead-link", "a.md:4 dead-link", "a.md:4 dead-link", "a.md:5 dead-link"])
    }

    @Test func parametersThatAreNotDeclaredOrNotUsed() throws {
        let text = "# A\n\nGo to {{host}}.\n\n```\nssh {{user}}@{{host}} {{ .Values.x }} {{}}\n```"
        #expect(
            try findings(["a.md": "---\nparameters: [host, port]\n---\n" + text])
                == ["a.md:2 unused-parameter", "a.md:9 undeclared-parameter"])
    }

    @Test func aReviewThatIsDue() throws {
        let pages = ["a.md": "---\nreviewed: 2025-11-24\n---\n# A", "b.md": "---\nreviewed: 2025-11-23\n---\n# B"]
        #expect(try findings(pages) == ["b.md:2 review"])
        #expect(try findings(pages) { $0.reviewDays = 366 } == [])
        #expect(try findings(pages) { $0.reviewDays = 364 } == ["a.md:2 review", "b.md:2 review"])
    }

    @Test func sectionsThatSayTheSame() throws {
        let other = Self.section.replacingOccurrences(of: "new", with: "other")
        let pages = ["a.md": "# A\n\n## Move\n\n\(Self.section)", "b.md": "# B\n\n\(other)\n\n## More\n\nShort."]
        #expect(try findings(pages) { $0.duplicateShareMin = 0.7 } == ["b.md:1 near-duplicate a.md:3"])
        #expect(try findings(pages) { $0.duplicateShareMin = 0.95 } == [])
        #expect(try findings(pages) { ($0.duplicateShareMin, $0.duplicateWordCountMin) = (0.7, 500) } == [])
    }

    @Test func aSectionThatIsTooLong() throws {
        let paragraphs = (0..<30).map { number in "Sentence \(number) says that \(Self.section)" }
        let pages = [
            "a.md": "# A\n\nx\n\n## Long\n\n" + paragraphs.joined(separator: "\n\n"),
            "b.txt": paragraphs.joined(separator: "\n\n"),
        ]
        #expect(try findings(pages) { $0.duplicateShareMin = 2 } == ["a.md:5 long-section"])
        #expect(try findings(pages) { ($0.duplicateShareMin, $0.sectionChunkCountMax) = (2, 40) } == [])
    }

    @Test func versionsOfOneThingThatOverlapOrLeaveAGap() throws {
        func versioned(_ versions: String, _ more: String = "") -> String {
            page("product: x\nversions: \"\(versions)\"\n\(more)", "# Upgrade\n\n\(versions) words")
        }
        let pages = ["a.md": versioned(">=1 <3"), "b.md": versioned(">=2 <4"), "c.md": versioned(">=5")]
        #expect(try findings(pages) == ["b.md:3 version-overlap a.md:3", "c.md:3 version-gap b.md:3"])
        try folder.remove("docs")
        let apart = [
            "a.md": versioned(">=1 <3", "platforms: [linux]"), "b.md": versioned(">=1 <3", "platforms: [windows]"),
            "c.md": versioned(">=3"), "other.md": page("product: y\nversions: \"9\"", "# Upgrade\n\nother words"),
        ]
        #expect(try findings(apart) == [])
    }

    @Test func pagesOfOneVersionAreOneFindingEach() throws {
        let pages = Dictionary(
            uniqueKeysWithValues: (0..<9).map { number in
                ("p\(number).md", page("product: x\nversions: \"9\"", "# Upgrade\n\nwords\(number)"))
            })
        let found = try findings(pages)
        #expect(found == (1..<9).map { "p\($0).md:3 version-overlap p0.md:3" })
    }

    @Test func theIDOfAPageThatCannotBeReadIsTaken() throws {
        let pages = [
            "a.md": "---\nid: x\n---\n# A", "b.md": "---\nid: \"x\"\nunknown: 1\n---\n# B",
            "c.md": "---\nid: [x\n---\n# C",
        ]
        #expect(
            try findings(pages).filter { $0.contains("duplicate") } == ["b.md:2 duplicate-id a.md:2"])
    }

    /// Sphinx's names of pages: without an extension, and from the project's folder where they begin with a slash.
    @Test func pagesThatSphinxWouldNotFind() throws {
        let text = """
            A
            =

            See :doc:`b`, :doc:`Words </guide/c>` and :doc:`../guide/c`,
            :doc:`gone` and :doc:`words </gone/c>`; `other <gone.html>`_ and :ref:`label` are not judged.
            """
        let pages = ["guide/a.rst": text, "guide/b.md": "# B", "guide/c.rst": "C\n=\n\nwords"]
        #expect(try findings(pages) == ["guide/a.rst:5 dead-link", "guide/a.rst:5 dead-link"])
    }

    @Test func aFolderThatIsNotThereIsRefused() throws {
        let missing = folder.url.appending(path: "missing")
        #expect(throws: RetrievalError.self) {
            try PageLinter.report(
                on: [missing], or: nil, options: LintOptions(today: "2026-11-24"), audiences: Handbook.audiences,
                progress: { _ in })
        }
        #expect(throws: RetrievalError.nothingIngested) {
            try PageLinter.report(
                on: [], or: nil, options: LintOptions(today: "2026-11-24"), audiences: Handbook.audiences,
                progress: { _ in })
        }
    }
}
