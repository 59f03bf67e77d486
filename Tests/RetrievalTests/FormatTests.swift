import Retrieval
import TestSupport
import Testing

/// Front matter of every format says which line is wrong.
@Test(arguments: [
    ("a.md", "---\naudience: nobody\n---\nx", 2), ("a.txt", "---\nid: a\naudience: nobody\n---\nx", 3),
    ("a.html", "<!--\n---\naudience: nobody\n---\n-->\nx", 3),
    ("a.rst", "..\n   ---\n   audience: nobody\n   ---\n\nx", 3),
])
func anUnknownAudienceIsReportedWithItsLine(path: String, text: String, line: Int) throws {
    let handbook = try Handbook([path: text])
    let failure = try #require(try handbook.ingest().errors.first)
    #expect(failure.path == path && failure.line == line)
}
