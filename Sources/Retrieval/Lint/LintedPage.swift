import Documents
import Foundation

/// A page that is looked at, with the places of what is in it.
struct LintedPage {
    /// Absolute.
    let file: String
    /// The folder that was named, absolute.
    let root: String
    let document: Document
    let lines: LineTable

    var bytes: [UInt8] { lines.bytes }

    func place(atByte offset: Int) -> LintFinding.Place { place(line: 1 + lines.line(of: offset)) }

    func place(line: Int) -> LintFinding.Place { LintFinding.Place(path: file, line: line) }

    /// Where a key of the front matter stands; the page's first line where it has none.
    func place(ofKey key: String) -> LintFinding.Place { place(line: frontMatterLine(of: key, in: bytes) ?? 1) }

    /// Where some words stand first.
    func place(of words: String) -> LintFinding.Place {
        let words = Array(words.utf8)
        let starts = 0..<max(0, bytes.count - words.count + 1)
        return place(atByte: starts.first { bytes[$0...].starts(with: words) } ?? 0)
    }

    func place(of section: Section) -> LintFinding.Place { place(atByte: section.byteRange.lowerBound) }
}
