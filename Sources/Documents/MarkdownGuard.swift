/// Far more than a page that a person reads, and little enough that no walk or parse grows with it.
let containerDepthMax = 100
/// How many cells cmark may add to rows that are shorter than their table's header; the limit of cmark-gfm's later releases.
let addedCellCountMax = 500_000
/// The product of a line's bytes and its "@" signs: cmark copies the rest of the text for each address.
let addressWorkMax = 1 << 30

/// Refuses pages on which cmark-gfm would take far more time or memory than their size.
///
/// These are known weaknesses of release 0.29.0.gfm.6, which Debian 12 ships
/// (<https://github.com/github/cmark-gfm/security/advisories>).
struct MarkdownGuard {
    let bytes: [UInt8]
    let lines: LineTable
    let path: String

    func check(from firstLine: Int) throws(DocumentError) {
        var columnCount = 0
        var addedCount = 0
        for line in firstLine..<lines.count {
            let range = lines[line]
            // A blank line, in a quote or not, ends every table.
            guard range.contains(where: { !bytes[$0].isBlank && bytes[$0] != UInt8(ascii: ">") }) else {
                columnCount = 0
                if range.count > containerDepthMax { try checkLong(range, line: line) }
                continue
            }
            if columnCount > 1 { addedCount += max(0, columnCount - pipeCount(range) - 1) }
            guard addedCount <= addedCellCountMax else {
                throw .tooManyEmptyCells(path: path, line: line + 1, expectedCountMax: addedCellCountMax)
            }
            if mayOpenTable(range) { columnCount = max(columnCount, pipeCount(range) + 1) }
            if range.count > containerDepthMax { try checkLong(range, line: line) }
        }
    }

    private func checkLong(_ range: Range<Int>, line: Int) throws(DocumentError) {
        guard containerMarkCount(range) <= containerDepthMax else {
            throw .nestedTooDeeply(path: path, line: line + 1, expectedDepthMax: containerDepthMax)
        }
        guard range.count * range.count > addressWorkMax else { return }
        let addressCount = range.count { bytes[$0] == UInt8(ascii: "@") }
        guard addressCount * range.count <= addressWorkMax else {
            throw .tooManyAddresses(path: path, line: line + 1, gotCount: addressCount, lineByteCount: range.count)
        }
    }

    private func pipeCount(_ range: Range<Int>) -> Int {
        range.count { bytes[$0] == UInt8(ascii: "|") }
    }

    /// Whether a line has only what a table's line of dashes and the marks of containers are made of.
    private func mayOpenTable(_ range: Range<Int>) -> Bool {
        range.allSatisfy { index in
            switch bytes[index] {
            case 0x09...0x0D, 0x20, 0x2A...0x2E, 0x30...0x3A, 0x3E, 0x7C: true
            default: false
            }
        }
    }

    /// The marks of quotes and lists that begin a line; a rule such as `* * *` has none.
    private func containerMarkCount(_ range: Range<Int>) -> Int {
        var count = 0
        var marks: Set<UInt8> = []
        for index in range {
            let byte = bytes[index]
            let isDigit = byte >= 0x30 && byte <= 0x39
            guard byte.isBlank || isDigit || ">-+*.)".utf8.contains(byte) else { return count }
            if !byte.isBlank, !isDigit {
                count += 1
                marks.insert(byte)
            }
        }
        return marks == [UInt8(ascii: "-")] || marks == [UInt8(ascii: "*")] ? 0 : count
    }
}
