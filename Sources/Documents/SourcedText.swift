/// A block's plain text while it is gathered from known places of the source, in order.
struct SourcedText {
    let source: [UInt8]
    private(set) var bytes: [UInt8] = []
    private(set) var alignment = TextAlignment()
    private(set) var codeSpans: [Range<Int>] = []
    /// Behind the last byte of the source that the text is aligned with.
    private var sourceEnd = 0

    init(source: [UInt8]) { self.source = source }

    var isEmpty: Bool { bytes.isEmpty }

    /// Adds bytes of the source; unaligned where the text has already gone past them, as in cells of several lines.
    mutating func append(_ range: Range<Int>) {
        guard !range.isEmpty else { return }
        if range.lowerBound >= sourceEnd {
            alignment.append(text: bytes.count, source: range.lowerBound, count: range.count)
            sourceEnd = range.upperBound
        }
        bytes += source[range]
    }

    /// Adds a text whose source is made of pieces of this one's, with a byte between each two.
    mutating func append(_ other: SourcedText, standingAt pieces: [Range<Int>]) {
        let textStart = bytes.count
        var runs = other.alignment.runs[...]
        var start = 0
        for piece in pieces {
            let end = start + piece.count
            while let run = runs.first, run.source < end {
                let (first, last) = (max(run.source, start), min(run.source + run.count, end))
                let place = first - start + piece.lowerBound
                if first < last, place >= sourceEnd {
                    let text = textStart + run.text + first - run.source
                    alignment.append(text: text, source: place, count: last - first)
                    sourceEnd = place + last - first
                }
                guard run.source + run.count <= end else { break }
                runs.removeFirst()
            }
            start = end + 1
        }
        bytes += other.bytes
        codeSpans += other.codeSpans.map { $0.lowerBound + textStart..<$0.upperBound + textStart }
    }

    /// Adds bytes that the source lacks or writes otherwise: a separator, a resolved entity.
    mutating func append(made: some Sequence<UInt8>) {
        bytes += made
    }

    /// Adds `byte`, a space or a line feed, for the white space of the source that stands at `offset`; the text goes on at
    /// `next` in the source.
    mutating func append(blank byte: UInt8, at offset: Int, next: Int) {
        if offset >= sourceEnd, offset < source.count, source[offset].isBlank {
            alignment.append(lineBreakAt: offset, text: bytes.count, nextLine: next)
            sourceEnd = max(offset + 1, next)
        }
        bytes.append(byte)
    }

    /// Adds the line feed between two rows of a table: one ends at `end` in the source, the next begins at `next`.
    mutating func append(rowBreakAt end: Int, next: Int) {
        if end >= sourceEnd {
            alignment.append(mark: bytes.count, source: end)
            alignment.append(mark: bytes.count + 1, source: next)
            sourceEnd = max(end, next)
        }
        bytes.append(0x0A)
    }

    /// Marks the text from `start` to its end as a code span.
    mutating func markCode(from start: Int) {
        if start < bytes.count { codeSpans.append(start..<bytes.count) }
    }

    mutating func removeLast(_ count: Int) {
        bytes.removeLast(count)
        alignment.cut(toText: bytes.count)
    }

    /// What the text says as a leaf whose source is `range`.
    func leaf(_ range: Range<Int>) -> LeafContent {
        let text = String(decoding: bytes, as: UTF8.self)
        return LeafContent(
            byteRange: range, text: text, alignment: alignment,
            markup: codeSpans.isEmpty ? text : marked(bytes[...], codeSpans: codeSpans), codeSpans: codeSpans)
    }

    /// The text, whose lines are a table's rows, with the marks that Markdown would give it.
    func tableLeaf(_ range: Range<Int>) -> LeafContent {
        let rows = marked(bytes[...], codeSpans: codeSpans).split(separator: "\n", omittingEmptySubsequences: false)
        let columnCount = rows.first.map { $0.split(separator: " | ", omittingEmptySubsequences: false).count } ?? 1
        var lines = rows.map { "| \($0) |" }
        lines.insert("|" + String(repeating: "---|", count: columnCount), at: 1)
        return LeafContent(
            byteRange: range, text: String(decoding: bytes, as: UTF8.self), alignment: alignment,
            markup: lines.joined(separator: "\n"), codeSpans: codeSpans)
    }

    /// The text as a code block, with the fence that Markdown would give it.
    func codeLeaf(_ range: Range<Int>, language: String?) -> LeafContent {
        let text = String(decoding: bytes, as: UTF8.self)
        let fence = String(repeating: "`", count: max(3, longestRun(of: UInt8(ascii: "`")) + 1))
        return LeafContent(
            byteRange: range, text: text, alignment: alignment,
            markup: "\(fence)\(language ?? "")\n\(text)\n\(fence)")
    }

    private func longestRun(of mark: UInt8) -> Int {
        var (longest, count) = (0, 0)
        for byte in bytes {
            count = byte == mark ? count + 1 : 0
            longest = max(longest, count)
        }
        return longest
    }
}

/// A part of a text with the code spans that lie in it, as ranges of the whole text, in backticks.
func marked(_ text: ArraySlice<UInt8>, codeSpans: some Collection<Range<Int>>) -> String {
    var marked: [UInt8] = []
    marked.reserveCapacity(text.count + 2 * codeSpans.count)
    var end = text.startIndex
    for span in codeSpans {
        let mark = text[span].contains(UInt8(ascii: "`")) ? "``" : "`"
        marked += text[end..<span.lowerBound] + Array(mark.utf8) + text[span] + Array(mark.utf8)
        end = span.upperBound
    }
    return String(decoding: marked + text[end...], as: UTF8.self)
}
