/// Wider indentation counts as this much.
private let indentMax = 64
/// So much of the text may stand further out than its base, in percent: headings and page numbers, but no sentence.
private let outdentedPercentMax = 10
/// The part of a line in which a log says when.
private let timeByteCountMax = 48
/// A running head is on at least so many pages.
private let runningPageCountMin = 3
/// A longer line says more than its page's number.
private let pageNumberByteCountMax = 32

/// How a plain text is laid out as a whole: its margin, its runs of lines, the lines that return on every page.
struct PlainTextLayout {
    let firstLine: Int
    /// The column in which text begins that is neither indented nor set out.
    let baseIndent: Int
    /// In bytes, without the white space around it.
    let longestLine: Int
    /// Whether form feeds begin pages.
    let hasPages: Bool
    private let lines: LineTable
    private let leftOut: Set<Int>

    init(of lines: LineTable, from firstLine: Int, hasPages: Bool) {
        self.lines = lines
        self.firstLine = firstLine
        self.hasPages = hasPages
        leftOut = hasPages ? runningHeads(of: lines, from: firstLine) : []
        var counts = [Int](repeating: 0, count: indentMax + 1)
        var hasSentence = [Bool](repeating: false, count: indentMax + 1)
        var longest = 0
        for index in firstLine..<lines.count {
            let line = lines.textLine(index)
            longest = max(longest, line.content.count)
            guard let last = lines.bytes[line.content].last else { continue }
            let indent = min(line.indent, indentMax)
            counts[indent] += 1
            hasSentence[indent] = hasSentence[indent] || ".,:;!?".utf8.contains(last)
        }
        longestLine = longest
        let allowance = counts.reduce(0, +) * outdentedPercentMax / 100
        var (seen, base) = (0, 0)
        while base < indentMax, seen + counts[base] <= allowance, !hasSentence[base] {
            seen += counts[base]
            base += 1
        }
        baseIndent = base
    }

    /// The runs of lines between blank lines and page breaks, in order.
    func runs(from start: Int) -> some Sequence<Range<Int>> {
        var next = start
        return AnyIterator { [lines, leftOut] in
            while next < lines.count, lines.textLine(next).isBlank || leftOut.contains(next) { next += 1 }
            guard next < lines.count else { return nil }
            let first = next
            next += 1
            while next < lines.count, !leftOut.contains(next) {
                let line = lines.textLine(next)
                if line.isBlank || line.opensPage { break }
                next += 1
            }
            return first..<next
        }
    }

    /// Whether the run begins as a log does: with a time of day behind a digit, a bracket or a month, or with a severity.
    func isLog(_ run: Range<Int>) -> Bool {
        let content = lines.bytes[lines.textLine(run.lowerBound).content].prefix(timeByteCountMax)
        guard let first = content.first else { return false }
        if severities.contains(where: { content.starts(with: $0) }) { return true }
        let isMonth = months.contains { content.starts(with: $0) }
        guard first.isDigit || first == UInt8(ascii: "[") || first == UInt8(ascii: "<") || isMonth else { return false }
        return content.indices.dropLast(7).contains { isTime(content[$0..<$0 + 8]) }
    }

    /// 15:04:05
    private func isTime(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.enumerated().allSatisfy { place, byte in
            place == 2 || place == 5 ? byte == UInt8(ascii: ":") : byte.isDigit
        }
    }

    /// Whether the run begins with a prompt: `$ ls`, `>>> x`, `root@db1:~# ls`, `postgres=# \d`.
    func isTerminal(_ run: Range<Int>) -> Bool {
        let content = lines.bytes[lines.textLine(run.lowerBound).content]
        guard let blank = content.firstIndex(of: 0x20), let mark = content[..<blank].last else { return false }
        let prompt = content[..<blank]
        if mark == UInt8(ascii: "$") { return true }
        guard mark == UInt8(ascii: "#") || mark == UInt8(ascii: ">"), prompt.count > 1 else { return false }
        return prompt.elementsEqual(">>>".utf8) || prompt.first.map(\.isLetter) == true
    }

    func shape(of run: Range<Int>) -> TextRunShape { TextRunShape(of: run, in: lines) }
}

private let severities = [
    "ERROR:", "FATAL:", "PANIC:", "WARNING:", "NOTICE:", "LOG:", "[error]", "[warn]", "[info]", "[ERROR]", "[WARN]",
    "[INFO]", "Traceback (most",
].map { Array($0.utf8) }

private let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"].map {
    Array("\($0) ".utf8)
}

/// The first and last lines of pages that return on most of them but for their digits, or say the page's number.
private func runningHeads(of lines: LineTable, from firstLine: Int) -> Set<Int> {
    var edges: [[UInt8]: [Int]] = [:]
    var numbers: Set<Int> = []
    var pageCount = 0
    var (first, last): (Int?, Int?) = (nil, nil)
    func closePage() {
        guard let top = first, let bottom = last else { return }
        pageCount += 1
        for line in Set([top, bottom]) {
            if isPageNumber(lines.bytes[lines.textLine(line).content]) { numbers.insert(line) }
            edges[withoutNumbers(lines.bytes[lines.textLine(line).content]), default: []].append(line)
        }
        (first, last) = (nil, nil)
    }
    for index in firstLine..<lines.count {
        let line = lines.textLine(index)
        if line.opensPage { closePage() }
        guard !line.isBlank else { continue }
        if first == nil { first = index }
        last = index
    }
    closePage()
    let returning = edges.values.filter { $0.count >= runningPageCountMin && $0.count * 2 > pageCount }
    return numbers.union(returning.joined())
}

/// `Page 3`, `page 3 of 12`, `3 / 12`, `- 3 -`; a number alone may be data.
private func isPageNumber(_ content: ArraySlice<UInt8>) -> Bool {
    guard content.count <= pageNumberByteCountMax else { return false }
    let words = content.split { $0 == 0x20 || $0 == UInt8(ascii: "/") }
    let numberCount = words.count { $0.allSatisfy(\.isDigit) }
    let markCount = words.count { pageNumberWords.contains(String(decoding: $0, as: UTF8.self).lowercased()) }
    let hasSlash = content.contains(UInt8(ascii: "/"))
    return (1...2).contains(numberCount) && numberCount + markCount == words.count
        && (markCount > 0 || (hasSlash && numberCount == 2))
}

private let pageNumberWords: Set<String> = ["page", "of", "-", "–", "—", "|"]

/// The bytes with a single 0 for each number.
private func withoutNumbers(_ content: ArraySlice<UInt8>) -> [UInt8] {
    var key: [UInt8] = []
    for byte in content {
        if !byte.isDigit { key.append(byte) } else if key.last != 0x30 { key.append(0x30) }
    }
    return key
}
