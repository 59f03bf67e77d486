import Foundation
import Retrieval
import Storage
import TestSupport
import Testing

/// Links, and names that cannot be written down: nothing is passed over in silence, and nothing from outside gets in.
@Suite struct LinkTests {
    let handbook: Handbook

    init() throws {
        handbook = try Handbook(["a.md": "# A\n\nalpha", "pg/b.md": "# B\n\nbeta"])
        try handbook.folder.write("# Outside\n\nsecretword", to: "outside/secret.md")
    }

    private func link(_ path: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(
            atPath: handbook.docs.appending(path: path).path, withDestinationPath: target)
    }

    /// What was reported of an ingest of `docs`, as `path: message`.
    private func failures() throws -> [String] { try handbook.ingest().errors.map { "\($0.path): \($0.message)" } }

    @Test(arguments: ["../outside/secret.md", "/proc/self/status"]) func aLinkOutOfTheFolderIsRefused(_ target: String)
        throws
    {
        try link("s.md", to: target)
        let found = try failures()
        #expect(found.count == 1 && found[0].hasPrefix("s.md: leads out of the ingested folder, to /"), "\(found)")
        #expect(try handbook.searcher().documents() == ["a", "pg/b"])
        #expect(try !handbook.searcher().finds("secretword"))
    }

    /// One that was a page before is no page from then on.
    @Test func aPageThatBecomesALinkOutOfTheFolderIsRemoved() throws {
        try handbook.ingest()
        try handbook.remove("a.md")
        try link("a.md", to: "../outside/secret.md")
        for roots in [["docs"], ["docs/pg"], []] {
            let summary = try handbook.ingest(roots)
            #expect(summary.failed == (roots == ["docs/pg"] ? 0 : 1))
        }
        #expect(try handbook.searcher().documents() == ["pg/b"])
        #expect(try !handbook.searcher().finds("secretword"))
    }

    /// Also where a folder on the way to a page that is read alone leads out.
    @Test func aNamedPageBehindALinkedFolderIsRefused() throws {
        try handbook.ingest(["docs/a.md", "docs/pg/b.md"])
        try handbook.remove("pg/b.md")
        try handbook.remove("pg")
        try handbook.folder.write("# B\n\nsecretword", to: "outside/b.md")
        try link("pg", to: "../outside")
        let summary = try handbook.ingest([])
        #expect(summary.errors.map(\.path) == ["b.md"] || summary.errors.map(\.path) == ["pg/b.md"])
        #expect(try !handbook.searcher().finds("secretword"))
    }

    @Test func aLinkInsideTheFolderIsAPage() throws {
        try link("also.md", to: "pg/b.md")
        try link("pg/up.md", to: handbook.docs.appending(path: "a.md").path)
        #expect(try failures() == [])
        #expect(try handbook.searcher().documents() == ["a", "also", "pg/b", "pg/up"])
    }

    @Test(arguments: ["none.md", "/nowhere/at/all.md", "d.md"]) func aDanglingLinkIsReportedAndNoPage(_ target: String)
        throws
    {
        try handbook.write("# D\n\ndelta", to: "d.md")
        try handbook.ingest()
        try handbook.remove("d.md")
        try link("d.md", to: target)
        #expect(try failures() == ["d.md: is a link to \(target), which is not there; mend or remove the link"])
        #expect(try !handbook.searcher().finds("delta"), "its text is gone")
    }

    @Test func aLinkedFolderIsReportedAndNotFollowed() throws {
        try link("linked", to: "../outside")
        try link("round", to: ".")
        try link("lost", to: "../none")
        let found = try failures()
        #expect(found.count == 3)
        #expect(found[0].hasPrefix("linked: is a link to the folder ../outside"), "\(found)")
        #expect(found[1].hasPrefix("lost: is a link to ../none, which is not there"), "\(found)")
        #expect(found[2].hasPrefix("round: is a link to the folder ."), "\(found)")
        #expect(try handbook.searcher().documents() == ["a", "pg/b"])
    }

    @Test func whatIsHiddenOrOfAnotherFormatIsNobodysLoss() throws {
        for name in [".#a.md", ".hidden", "picture.svg"] { try link(name, to: "none") }
        #expect(try failures() == [])
    }

    @Test func aNameThatIsNotUTF8IsReported() throws {
        let docs = handbook.docs.path
        for name: [UInt8] in [Array("gr\u{F6}".utf16.map { UInt8(truncatingIfNeeded: $0) }), [0xFF]] {
            for suffix in [".md", ".svg"] {
                let path = Array((docs + "/").utf8) + name + Array(suffix.utf8) + [0]
                let descriptor = path.withUnsafeBytes {
                    open($0.bindMemory(to: CChar.self).baseAddress!, O_WRONLY | O_CREAT, 0o644)
                }
                #expect(descriptor >= 0)
                close(descriptor)
            }
        }
        let folder = Array((docs + "/caf").utf8) + [0xE9, 0]
        #expect(folder.withUnsafeBytes { mkdir($0.bindMemory(to: CChar.self).baseAddress!, 0o755) } == 0)
        let found = try failures()
        #expect(
            found == ["caf\u{FFFD}", "gr\u{FFFD}.md", "\u{FFFD}.md"].map { "\($0): its name is not UTF-8; rename it" },
            "\(found)")
        #expect(try handbook.searcher().documents() == ["a", "pg/b"])
    }

    @Test func aTreeIsListedWholeAndInOrder() throws {
        for folder in 0..<30 {
            for page in 0..<10 { try handbook.write("", to: "many/\(folder)/deep/\(page).md") }
        }
        let summary = try handbook.ingest()
        #expect(summary.added == 302)
        #expect(try handbook.store.currentDocuments().filter { $0.path.hasPrefix("many/7/") }.count == 10)
    }
}
