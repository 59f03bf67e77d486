import Foundation
import Retrieval
import TestSupport
import Testing

/// A page that cannot be read, where the fault is, and a word of what is said about it.
struct BrokenPage: CustomTestStringConvertible {
    let testDescription: String
    let bytes: [UInt8]
    let line: Int?
    let word: String

    init(_ name: String, _ bytes: [UInt8], line: Int?, word: String) {
        (testDescription, self.bytes, self.line, self.word) = (name, bytes, line, word)
    }

    init(_ name: String, _ text: String, line: Int?, word: String) {
        self.init(name, Array(text.utf8), line: line, word: word)
    }

    static let all = [
        BrokenPage("not UTF-8", Array("# Fine\n\n".utf8) + [0xFF, 0xFE], line: 3, word: "UTF-8"),
        BrokenPage("open front matter", "---\ntitle: x\n# Text\n", line: 1, word: "---"),
        BrokenPage("no YAML", page("title: [", "# Text\n\nsome words"), line: 3, word: "YAML"),
        BrokenPage("unknown key", page("title: x\ntitel: y", "# Text\n\nsome words"), line: 3, word: "titel"),
        BrokenPage("bad versions", page("versions: soon", "# Text\n\nsome words"), line: 2, word: "soon"),
        BrokenPage(
            "unknown audience", page("title: x\naudience: nobody", "# Text\n\nsome words"), line: 3,
            word: "public, internal"),
        BrokenPage(
            "an id in use", page("title: x\nid: pg/backup", "# Text\n\nsome words"), line: 3, word: "pg/backup.md"),
        BrokenPage("a NUL byte", "# Text\n\n\u{0}", line: 3, word: "NUL"),
    ]
}

@Suite struct BrokenPageTests {
    @Test(arguments: BrokenPage.all)
    func aBrokenPageIsReportedKeepsItsRevisionAndTheRestGoesOn(_ broken: BrokenPage) throws {
        let handbook = try Handbook(["a.md": "# A\n\nfirstword", "pg/backup.md": "# Backup\n\nsome words"])
        try handbook.ingest()
        try handbook.folder.write(broken.bytes, to: "docs/a.md")
        try handbook.write("# Z\n\nzulu", to: "z.md")
        let summary = try handbook.ingest()
        #expect((summary.added, summary.unchanged, summary.failed, summary.removed) == (1, 1, 1, 0))
        let failure = try #require(summary.errors.first)
        #expect(failure.path == "a.md")
        #expect(failure.line == broken.line)
        #expect(failure.message.contains(broken.word), "\(failure.message)")
        #expect(try handbook.searcher().documents() == ["a", "pg/backup", "z"])
        #expect(try handbook.searcher().finds("firstword"))
        try handbook.write("# A\n\nsecondword", to: "a.md")
        #expect(try handbook.ingest().changed == 1, "a mended page is taken")
        #expect(try !handbook.searcher().finds("firstword"))
    }

    @Test(arguments: BrokenPage.all)
    func aPageThatWasAlwaysBrokenIsNotStored(_ broken: BrokenPage) throws {
        let handbook = try Handbook(["pg/backup.md": "# Backup\n\nsome words"])
        try handbook.ingest()
        try handbook.folder.write(broken.bytes, to: "docs/a.md")
        for _ in 1...2 {
            let summary = try handbook.ingest()
            #expect((summary.added, summary.unchanged, summary.failed, summary.generation) == (0, 1, 1, 1))
        }
        #expect(try handbook.searcher().documents() == ["pg/backup"])
    }

    @Test func ofTwoPagesWithOneIDTheFirstIsStored() throws {
        let handbook = try Handbook([
            "a.md": page("id: x", "# First\n\nsome words"), "b.md": page("id: x", "# Second\n\nsome words"),
        ])
        let summary = try handbook.ingest()
        #expect((summary.added, summary.failed) == (1, 1))
        #expect(summary.errors.map(\.path) == ["b.md"])
        try handbook.remove("a.md")
        let second = try handbook.ingest()
        #expect(second.errors == [], "the id is free as soon as the first page is gone")
        #expect(try handbook.searcher().shown().map { $0.contains("Second") } == [true])
    }

    @Test func aPageThatCannotBeReadKeepsItsRevision() throws {
        let handbook = try Handbook(["a.md": "# A\n\nfirstword", "b.md": "# B\n\nsome words"])
        try handbook.ingest()
        try handbook.remove("a.md")
        #expect(mkfifo(handbook.docs.appending(path: "a.md").path, 0o600) == 0)
        let summary = try handbook.ingest()
        #expect(summary.errors.map(\.path) == ["a.md"])
        #expect(summary.errors.first?.message.contains("is not a regular file") ?? false, "\(summary.errors)")
        #expect((summary.unchanged, summary.removed) == (1, 0))
        #expect(try handbook.searcher().finds("firstword"))
    }

    @Test(.enabled(if: getuid() != 0, "a superuser may look into every folder"))
    func pagesOfAFolderThatCannotBeLookedIntoStay() throws {
        let handbook = try Handbook(["pg/a.md": "# A\n\nsome words", "b.md": "# B\n\nsome words"])
        try handbook.ingest()
        let closed = handbook.docs.appending(path: "pg").path
        try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: closed)
        defer { try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: closed) }
        let summary = try handbook.ingest()
        #expect(summary.errors.map(\.path) == ["pg"])
        #expect((summary.unchanged, summary.removed) == (1, 0))
        #expect(try handbook.searcher().documents() == ["b", "pg/a"])
    }

    @Test func aPageLargerThanTheLimitIsRefusedUnread() throws {
        let handbook = try Handbook(["b.md": "# B\n\nsome words"])
        let large = handbook.docs.appending(path: "large.md")
        try Data().write(to: large)
        let handle = try FileHandle(forWritingTo: large)
        try handle.truncate(atOffset: 33 << 20)
        try handle.close()
        let summary = try handbook.ingest()
        #expect(summary.added == 1)
        #expect(summary.errors.first?.message.contains("split the page") ?? false, "\(summary.errors)")
    }
}
