/// Markdown in which links and images that lead to other pages, or to a place on their own, are their text: outside the
/// handbook they lead nowhere. Links with a scheme (`https:`) stay, and so does code.
///
///     withoutLocalLinks("Undo it ([how](rollout-undo.md)).")   // "Undo it (how)."
func withoutLocalLinks(_ markdown: String) -> String {
    guard markdown.utf8.contains(UInt8(ascii: "[")) else { return markdown }
    let reader = LinkReader(bytes: Array(markdown.utf8))
    return String(decoding: reader.withoutLocalLinks(reader.bytes.indices), as: UTF8.self)
}

/// Reads inline links as CommonMark 0.31.2 has them, section 6.3 (<https://spec.commonmark.org/0.31.2/#links>).
private struct LinkReader {
    let bytes: [UInt8]

    /// Longer brackets are no link: each one that does not close is looked through once.
    private static let byteCountMax = 2_000

    private struct Link {
        let text: Range<Int>
        let target: Range<Int>
        let end: Int
    }

    func withoutLocalLinks(_ range: Range<Int>) -> [UInt8] {
        var result: [UInt8] = []
        var index = range.lowerBound
        while index < range.upperBound {
            let open = isImage(index) ? index + 1 : index
            if let link = link(at: open, before: range.upperBound) {
                result += isLocal(link.target) ? withoutLocalLinks(link.text) : Array(bytes[index..<link.end])
                index = link.end
            } else {
                let end = min(max(behindLiteral(at: index), index + 1), range.upperBound)
                result += bytes[index..<end]
                index = end
            }
        }
        return result
    }

    private func isImage(_ index: Int) -> Bool { bytes[index...].starts(with: "![".utf8) }

    /// Behind a code span or an escaped mark; `index` where neither begins there.
    private func behindLiteral(at index: Int) -> Int {
        if bytes[index] == UInt8(ascii: "\\") { return index + 2 }
        guard bytes[index] == UInt8(ascii: "`") else { return index }
        let count = bytes[index...].prefix { $0 == UInt8(ascii: "`") }.count
        var end = index + count
        let limit = min(bytes.count, index + Self.byteCountMax)
        while end < limit {
            let run = bytes[end...].prefix { $0 == UInt8(ascii: "`") }.count
            if run == count { return end + run }
            end += max(run, 1)
        }
        return index + count
    }

    private func link(at open: Int, before limit: Int) -> Link? {
        guard open < limit, bytes[open] == UInt8(ascii: "[") else { return nil }
        let limit = min(limit, open + Self.byteCountMax)
        guard let close = closing("[", "]", from: open, before: limit), close + 1 < limit,
            bytes[close + 1] == UInt8(ascii: "("),
            let end = closing("(", ")", from: close + 1, before: limit)
        else { return nil }
        return Link(text: open + 1..<close, target: close + 2..<end, end: end + 1)
    }

    /// Where the bracket at `start` closes; brackets in code and behind a backslash do not count.
    private func closing(_ open: Unicode.Scalar, _ close: Unicode.Scalar, from start: Int, before limit: Int) -> Int? {
        var depth = 0
        var index = start
        while index < limit {
            let behind = behindLiteral(at: index)
            if behind > index {
                index = behind
                continue
            }
            if bytes[index] == UInt8(ascii: open) { depth += 1 }
            if bytes[index] == UInt8(ascii: close) { depth -= 1 }
            if depth == 0 { return index }
            index += 1
        }
        return nil
    }

    /// Whether a target has no scheme; one that a parameter begins may have one.
    private func isLocal(_ target: Range<Int>) -> Bool {
        let target = bytes[target].drop { isShellSpace($0) || $0 == UInt8(ascii: "<") }
        let scheme = target.prefix { isWordByte($0) || "+.-".utf8.contains($0) }
        let hasScheme =
            !scheme.isEmpty && scheme.endIndex < target.endIndex && bytes[scheme.endIndex] == UInt8(ascii: ":")
        return !hasScheme && !target.starts(with: "//".utf8) && !target.starts(with: "{{".utf8)
    }
}
