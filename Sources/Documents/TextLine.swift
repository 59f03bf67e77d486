/// How far a tab reaches (docutils and terminals agree).
let tabColumnCount = 8

/// A line of a format in which indentation speaks, without its indentation and the white space at its end.
struct TextLine {
    /// From the line's first byte, behind a form feed, to its last.
    let whole: Range<Int>
    /// Without the white space around it.
    let content: Range<Int>
    /// In columns; a tab goes to the next multiple of eight.
    let indent: Int
    /// Whether a form feed begins it.
    let opensPage: Bool

    var isBlank: Bool { content.isEmpty }
    /// The column behind the last byte, each byte counted as one.
    var endColumn: Int { indent + content.count }
}

extension LineTable {
    func textLine(_ line: Int) -> TextLine {
        let range = self[line]
        var (start, whole, indent) = (range.lowerBound, range.lowerBound, 0)
        while start < range.upperBound {
            switch bytes[start] {
            case 0x20: indent += 1
            case 0x09: indent += tabColumnCount - indent % tabColumnCount
            case 0x0B: break
            case 0x0C: (whole, indent) = (start + 1, 0)
            default:
                return textLine(from: whole, content: start, to: range.upperBound, indent: indent, range)
            }
            start += 1
        }
        return TextLine(
            whole: whole..<range.upperBound, content: start..<start, indent: 0, opensPage: whole > range.lowerBound)
    }

    private func textLine(from whole: Int, content: Int, to end: Int, indent: Int, _ range: Range<Int>) -> TextLine {
        var last = end
        while last > content, bytes[last - 1].isBlank || bytes[last - 1] == 0x0B || bytes[last - 1] == 0x0C {
            last -= 1
        }
        return TextLine(
            whole: whole..<last, content: content..<last, indent: indent, opensPage: whole > range.lowerBound)
    }

    /// The lines of a paragraph joined by spaces, the first from `start` on.
    func prose(_ range: Range<Int>, from start: Int) -> LeafContent? {
        var text = SourcedText(source: bytes)
        var (end, previousEnd) = (start, start)
        for line in range {
            let content = textLine(line).content
            let piece = max(content.lowerBound, start)..<max(content.upperBound, start)
            guard !piece.isEmpty else { continue }
            if !text.isEmpty { text.append(blank: 0x20, at: previousEnd, next: piece.lowerBound) }
            text.append(piece)
            (end, previousEnd) = (piece.upperBound, piece.upperBound)
        }
        return text.leaf(start..<end)
    }

    /// Lines of code: whole, without the indentation that all of them begin with. No line at the ends is blank.
    func code(_ range: Range<Int>, language: String?) -> LeafContent {
        let margin = sharedMargin(range)
        var text = SourcedText(source: bytes)
        for line in range {
            let whole = textLine(line).whole
            let start = min(whole.lowerBound + margin, whole.upperBound)
            if line > range.lowerBound {
                text.append(blank: 0x0A, at: textLine(line - 1).whole.upperBound, next: start)
            }
            text.append(start..<whole.upperBound)
        }
        let end = textLine(range.upperBound - 1).whole.upperBound
        return text.codeLeaf(textLine(range.lowerBound).whole.lowerBound..<end, language: language)
    }

    /// How many bytes of white space begin every line that has more than white space.
    private func sharedMargin(_ range: Range<Int>) -> Int {
        var margin: ArraySlice<UInt8>?
        for line in range {
            let text = textLine(line)
            guard !text.isBlank else { continue }
            let own = bytes[text.whole.lowerBound..<text.content.lowerBound]
            guard let shared = margin else {
                margin = own
                continue
            }
            let count = zip(shared, own).prefix { $0 == $1 }.count
            margin = shared.prefix(count)
        }
        return margin?.count ?? 0
    }
}

/// Levels that styles of headings get in the order in which they first appear.
struct HeadingLevels<Style: Hashable> {
    private var levels: [Style: Int] = [:]

    mutating func level(of style: Style) -> Int {
        if let level = levels[style] { return level }
        levels[style] = levels.count + 1
        return levels.count
    }
}

extension Collection<UInt8> {
    /// How many scalars valid UTF-8 has.
    var scalarCount: Int { count { $0 & 0xC0 != 0x80 } }

    /// The mark that all bytes are, where they are all the same one.
    var onlyByte: UInt8? {
        guard let first, allSatisfy({ $0 == first }) else { return nil }
        return first
    }
}

extension UInt8 {
    var isDigit: Bool { self >= 0x30 && self <= 0x39 }
    var isCapital: Bool { self >= 0x41 && self <= 0x5A }
    var isSmallLetter: Bool { self >= 0x61 && self <= 0x7A }
    var isLetter: Bool { isCapital || isSmallLetter }
}
