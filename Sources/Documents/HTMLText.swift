/// The text of a block or a table of an HTML page while it is gathered: white space collapsed, references resolved.
struct HTMLText {
    /// White space that is added once text follows it.
    private enum Gap {
        case none
        /// White space of the source.
        case blank(at: Int, next: Int)
        /// What separates words without being white space in the source: a tag of a block, a no-break space.
        case made
        case lineBreak
    }

    private(set) var text: SourcedText
    /// From the first mark or byte of text to the last.
    private var start: Int?
    private(set) var end = 0
    /// The tag before any text that the range would begin with, and how many inline elements are open since.
    private var openingTag: Int?
    private var openCount = 0
    private var gap = Gap.none
    /// Whether preformatted text has more than white space.
    private var hasContent = false
    private var codeDepth = 0
    private var codeStart = 0

    init(source: [UInt8]) { text = SourcedText(source: source) }

    var isEmpty: Bool { text.isEmpty }
    /// What the block covers, from its first mark to its last.
    var range: Range<Int> { (start ?? end)..<max(start ?? end, end) }

    mutating func openInline(_ tag: HTMLTag) {
        if isEmpty, openingTag == nil { openingTag = tag.range.lowerBound }
        openCount += 1
    }

    mutating func closeInline(_ tag: HTMLTag) {
        guard openCount > 0 else { return }
        openCount -= 1
        if !isEmpty { end = max(end, tag.range.upperBound) } else if openCount == 0 { openingTag = nil }
    }

    mutating func openCode() {
        if codeDepth == 0 { codeStart = -1 }
        codeDepth += 1
    }

    mutating func closeCode() {
        guard codeDepth > 0 else { return }
        codeDepth -= 1
        if codeDepth == 0, codeStart >= 0 { text.markCode(from: codeStart) }
    }

    /// Separates what follows from what came before.
    mutating func separate() {
        if case .none = gap { gap = .made }
    }

    mutating func breakLine() { gap = .lineBreak }

    /// Adds text whose white space is collapsed.
    mutating func append(_ range: Range<Int>, _ references: inout HTMLReferences) {
        let bytes = text.source
        var index = range.lowerBound
        while index < range.upperBound {
            let byte = bytes[index]
            if byte.isHTMLBlank {
                let first = index
                while index < range.upperBound, bytes[index].isHTMLBlank { index += 1 }
                appendBlank(first..<index)
            } else if byte == UInt8(ascii: "&"),
                let found = references.resolve(bytes, at: index, to: range.upperBound)
            {
                if found.text == [0xC2, 0xA0] {
                    separate()
                } else {
                    append(made: found.text, for: index..<index + found.count)
                }
                index += found.count
            } else if byte == 0xC2, index + 1 < range.upperBound, bytes[index + 1] == 0xA0 {
                separate()
                index += 2
            } else {
                let behind = endOfPlainText(index + 1..<range.upperBound)
                fillGap(before: index)
                text.append(index..<behind)
                end = behind
                index = behind
            }
        }
    }

    /// Words with single spaces between them.
    private func endOfPlainText(_ range: Range<Int>) -> Int {
        let bytes = text.source
        var index = range.lowerBound
        while index < range.upperBound {
            switch bytes[index] {
            case 0x20:
                guard index + 1 < range.upperBound else { return index }
                let next = bytes[index + 1]
                if next.isHTMLBlank || next == UInt8(ascii: "&") || next == 0xC2 { return index }
            case 0x09, 0x0A, 0x0C, 0x0D, UInt8(ascii: "&"), 0xC2: return index
            default: break
            }
            index += 1
        }
        return index
    }

    private mutating func appendBlank(_ range: Range<Int>) {
        if case .lineBreak = gap { return }
        gap = .blank(at: range.lowerBound, next: range.upperBound)
    }

    /// Adds bytes that stand for `range` of the source.
    mutating func append(made bytes: [UInt8], for range: Range<Int>) {
        fillGap(before: range.lowerBound)
        text.append(made: bytes)
        end = range.upperBound
    }

    private mutating func fillGap(before index: Int) {
        begin(at: index)
        if !isEmpty {
            switch gap {
            case .none: break
            case .blank(let offset, let next): text.append(blank: 0x20, at: offset, next: next)
            case .made: text.append(made: [0x20])
            case .lineBreak: text.append(made: [0x0A])
            }
        }
        gap = .none
        if codeDepth > 0, codeStart < 0 { codeStart = text.bytes.count }
    }

    private mutating func begin(at index: Int) {
        if start == nil { start = openingTag ?? index }
    }
}

extension HTMLText {
    /// Adds text of a preformatted element, white space and all; blank lines before any other text are left out.
    mutating func append(verbatim range: Range<Int>, _ references: inout HTMLReferences) {
        let bytes = text.source
        var index = range.lowerBound
        while index < range.upperBound {
            let byte = bytes[index]
            if byte == 0x0A || byte == 0x0D {
                let isCRLF = byte == 0x0D && index + 1 < range.upperBound && bytes[index + 1] == 0x0A
                appendLineEnd(at: index, next: index + (isCRLF ? 2 : 1))
                index += isCRLF ? 2 : 1
            } else if byte == UInt8(ascii: "&"), let found = references.resolve(bytes, at: index, to: range.upperBound)
            {
                begin(at: index)
                hasContent = true
                text.append(made: found.text == [0xC2, 0xA0] ? [0x20] : found.text)
                end = index + found.count
                index += found.count
            } else {
                var behind = index + 1
                while behind < range.upperBound, !"\n\r&".utf8.contains(bytes[behind]) { behind += 1 }
                begin(at: index)
                text.append(index..<behind)
                let content = (index..<behind).trimmingEnd(in: bytes)
                if !content.isEmpty {
                    end = content.upperBound
                    hasContent = true
                }
                index = behind
            }
        }
    }

    mutating func appendLineEnd(at index: Int, next: Int) {
        if !hasContent {
            text = SourcedText(source: text.source)
            start = nil
            openingTag = nil
            openCount = 0
        } else {
            text.append(blank: 0x0A, at: index, next: next)
        }
    }

    /// Takes away the white space at the end of a preformatted text.
    mutating func trimEnd() {
        text.removeLast(text.bytes.reversed().prefix { $0.isBlank }.count)
    }

    /// Begins a row of a table, or a cell behind `separatorCount` others of its row.
    mutating func append(rowBreakAt end: Int?, next: Int, separatorCount: Int) {
        if let end { text.append(rowBreakAt: end, next: next) }
        for _ in 0..<separatorCount { text.append(made: " | ".utf8) }
        gap = .none
    }
}
