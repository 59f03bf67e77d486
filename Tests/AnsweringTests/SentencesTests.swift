import Answering
import TestSupport
import Testing

private func sentences(_ text: String) -> [String] {
    let bytes = Array(text.utf8)
    return sentenceRanges(in: bytes, of: 0..<bytes.count).map { String(decoding: bytes[$0], as: UTF8.self) }
}

@Test(arguments: [
    ("One. Two.", ["One.", "Two."]),
    ("One.  Two\nlines! Three?", ["One.", "Two\nlines!", "Three?"]),
    ("Set it, e.g. 5. Then wait.", ["Set it, e.g. 5.", "Then wait."]),
    ("PostgreSQL 15.4 is fine. ok", ["PostgreSQL 15.4 is fine. ok"]),
    ("Run `a. B` now. `c` is next.", ["Run `a. B` now.", "`c` is next."]),
    ("He said \"Go.\" Then left.", ["He said \"Go.\"", "Then left."]),
    ("No end", ["No end"]),
    ("", []),
    ("Ends. ", ["Ends. "]),
])
func sentencesEndWhereReadersSeeThem(_ text: String, _ expected: [String]) {
    #expect(sentences(text) == expected)
}

/// Whatever the text: the ranges are in order, apart, inside, and only white space lies between them.
@Test(arguments: 0..<50) func sentencesCoverTheText(_ seed: Int) {
    var random = SeededGenerator(seed: UInt64(seed))
    let pieces = ["a", "B", ". ", "! ", "?", "`", "e.g. ", "\n", "5", " ", "ü", ")", "\""]
    let text = (0..<60).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
    let bytes = Array(text.utf8)
    var end = 0
    for range in sentenceRanges(in: bytes, of: 0..<bytes.count) {
        #expect(range.lowerBound >= end && range.upperBound <= bytes.count && !range.isEmpty)
        #expect(bytes[end..<range.lowerBound].allSatisfy { $0 == 0x20 || $0 == 0x0a })
        end = range.upperBound
    }
    #expect(end == bytes.count)
}
