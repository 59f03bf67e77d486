/// How far behind the last match a literal is looked for: over marks, prefixes of containers and tags, not further.
private let seekByteCountMax = 512
/// The longest entity of HTML 5 is `&CounterClockwiseContourIntegral;`.
private let entityByteCountMax = 33

/// A block's plain text while it is gathered, aligned with the source.
///
/// cmark's positions of inlines are off behind reference definitions, autolinks and lines of containers, so that each
/// literal is found again in the source: a cursor walks forward and knows the escapes and entities that a literal resolves.
struct AlignedText {
    /// What a literal may differ in from its source.
    private enum Mode {
        /// Backslash escapes and entities are resolved.
        case prose
        /// Line ends are spaces; nothing else is resolved.
        case codeSpan
        /// Nothing is resolved; lines of containers may begin with their prefix.
        case verbatim
    }

    private let source: [UInt8]
    private let quoteDepth: Int
    private var end: Int
    private(set) var cursor: Int
    private(set) var bytes: [UInt8] = []
    private(set) var alignment = TextAlignment()
    private(set) var codeSpans: [Range<Int>] = []

    /// Text whose source lies in `range`, in as many block quotes as `quoteDepth` says.
    init(source: [UInt8], range: Range<Int>, quoteDepth: Int) {
        self.source = source
        self.quoteDepth = quoteDepth
        cursor = range.lowerBound
        end = range.upperBound
        bytes.reserveCapacity(range.count)
    }

    mutating func append(text literal: Span<UInt8>) {
        append(literal, mode: .prose)
    }

    mutating func append(codeSpan literal: Span<UInt8>) {
        skip { $0 != UInt8(ascii: "`") }
        skip { $0 == UInt8(ascii: "`") }
        append(literal, mode: .codeSpan)
        codeSpans.append(bytes.count - literal.count..<bytes.count)
        let behind = prefixEnd(from: cursor)
        if behind < end, source[behind] == UInt8(ascii: "`") { cursor = behind }
        skip { $0 == UInt8(ascii: "`") }
    }

    /// Passes over a tag; a line break's tag becomes a space.
    mutating func skip(inlineHTML literal: Span<UInt8>) {
        let mark = (bytes.count, alignment)
        append(literal, mode: .verbatim)
        let isBreak = bytes[mark.0...].prefix(3).elementsEqual("<br".utf8)
        bytes.removeSubrange(mark.0...)
        alignment = mark.1
        if isBreak { bytes.append(0x20) }
    }

    /// A line's end in the source becomes `byte`, a space or a line feed.
    mutating func append(lineBreak byte: UInt8) {
        var index = cursor
        while index < end, source[index] != 0x0A, source[index] != 0x0D { index += 1 }
        if index < end {
            let isCRLF = source[index] == 0x0D && index + 1 < end && source[index + 1] == 0x0A
            let next = (index + (isCRLF ? 2 : 1)..<end).droppingPrefix(in: source, quoteDepth: quoteDepth)
            alignment.append(lineBreakAt: index, text: bytes.count, nextLine: next.lowerBound)
            cursor = next.lowerBound
        }
        bytes.append(byte)
    }

    /// Adds bytes that the source lacks, such as a separator.
    mutating func append(separator: String) {
        bytes += separator.utf8
    }

    /// Goes on with another line of the source, such as a table's next row, behind the line that ends at `offset`.
    mutating func append(lineBreakAt offset: Int, nextLine range: Range<Int>) {
        alignment.append(lineBreakAt: offset, text: bytes.count, nextLine: range.lowerBound)
        bytes.append(0x0A)
        cursor = range.lowerBound
        end = range.upperBound
    }

    /// Passes over what follows a link's text: `](target "title")`, `][label]`, `]` or `>`.
    mutating func skipLinkTail() {
        skip { "*_~` ".utf8.contains($0) }
        guard cursor < end else { return }
        if source[cursor] == UInt8(ascii: ">") { cursor += 1 }
        guard cursor < end, source[cursor] == UInt8(ascii: "]") else { return }
        cursor += 1
        guard cursor < end else { return }
        if source[cursor] == UInt8(ascii: "(") { skipTarget() } else { skipLabel() }
    }

    mutating func skipFootnoteReference() {
        skip { $0 != UInt8(ascii: "[") }
        skipLabel()
    }

    private mutating func skipLabel() {
        guard cursor < end, source[cursor] == UInt8(ascii: "[") else { return }
        skip { $0 != UInt8(ascii: "]") }
        cursor = min(cursor + 1, end)
    }

    /// From the opening parenthesis to behind its partner, over brackets, quotes and escapes.
    private mutating func skipTarget() {
        var depth = 0
        var quote: UInt8?
        while cursor < end {
            let byte = source[cursor]
            cursor += 1
            if byte == UInt8(ascii: "\\") {
                cursor = min(cursor + 1, end)
            } else if let closing = quote {
                if byte == closing { quote = nil }
            } else if byte == UInt8(ascii: "<") {
                quote = UInt8(ascii: ">")
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'"), source[cursor - 2].isBlank {
                quote = byte
            } else if byte == UInt8(ascii: "(") {
                depth += 1
            } else if byte == UInt8(ascii: ")") {
                depth -= 1
                if depth == 0 { return }
            }
        }
    }

    private mutating func skip(while condition: (UInt8) -> Bool) {
        while cursor < end, condition(source[cursor]) { cursor += 1 }
    }
}

extension AlignedText {
    /// Adds a literal, aligned where it is found from the cursor on; unaligned, the cursor kept, where it is not.
    private mutating func append(_ literal: Span<UInt8>, mode: Mode) {
        guard !literal.isEmpty else { return }
        let mark = (count: alignment.runs.count, last: alignment.runs.last)
        let limit = min(cursor + seekByteCountMax, end)
        var start = cursor
        while start < limit {
            if canStart(literal, at: start) {
                if let behind = match(literal, at: start, mode: mode, textStart: bytes.count) {
                    cursor = behind
                    break
                }
                alignment.runs.removeLast(alignment.runs.count - mark.count)
                if let last = mark.last { alignment.runs[mark.count - 1] = last }
            }
            start += 1
        }
        for index in literal.indices { bytes.append(literal[index]) }
    }

    private func canStart(_ literal: Span<UInt8>, at index: Int) -> Bool {
        let byte = source[index]
        return byte == literal[0] || byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "&") || byte.isBlank
    }

    /// The source offset behind the literal where it stands at `start`; runs are added on the way.
    private mutating func match(_ literal: Span<UInt8>, at start: Int, mode: Mode, textStart: Int) -> Int? {
        var (index, place) = (start, 0)
        while place < literal.count {
            var count = 0
            while place + count < literal.count, index + count < end, source[index + count] == literal[place + count],
                mode != .prose || source[index + count] != UInt8(ascii: "&")
            {
                count += 1
            }
            alignment.append(text: textStart + place, source: index, count: count)
            place += count
            index += count
            if place == literal.count { break }
            guard index < end, let step = resolve(literal, place, at: index, mode: mode, textStart: textStart) else {
                return nil
            }
            index += step.source
            place += step.literal
        }
        return index
    }

    /// What differs at `index`: how many bytes of the source and of the literal belong to it; `nil` where nothing explains it.
    private mutating func resolve(
        _ literal: Span<UInt8>, _ place: Int, at index: Int, mode: Mode, textStart: Int
    ) -> (source: Int, literal: Int)? {
        switch mode {
        case .prose where source[index] == UInt8(ascii: "\\") && index + 1 < end && source[index + 1] == literal[place]:
            alignment.append(text: textStart + place, source: index + 1, count: 1)
            return (2, 1)
        case .prose where source[index] == UInt8(ascii: "&"):
            if let entity = entity(at: index), !matchesEntity(literal, place, at: index, count: entity) {
                return (entity, scalarByteCount(literal[place]))
            }
            guard literal[place] == UInt8(ascii: "&") else { return nil }
            alignment.append(text: textStart + place, source: index, count: 1)
            return (1, 1)
        case .codeSpan where literal[place] == 0x20 && (source[index] == 0x0A || source[index] == 0x0D):
            alignment.append(text: textStart + place, source: index, count: 1)
            return (prefixEnd(from: index) - index, 1)
        case .codeSpan where source[index].isBlank && place == 0: return (1, 0)
        case .verbatim where source[index - 1] == 0x0A: return (max(prefixEnd(from: index) - index, 1), 0)
        default: return nil
        }
    }

    /// Behind the line end and the marks of containers that begin the next line.
    private func prefixEnd(from start: Int) -> Int {
        var index = start
        while index < end, source[index].isBlank || source[index] == UInt8(ascii: ">") { index += 1 }
        return index
    }

    /// The byte count of the entity at `index`, `&amp;` or `&#38;`.
    private func entity(at index: Int) -> Int? {
        var count = 1
        while count < entityByteCountMax, index + count < end {
            let byte = source[index + count]
            count += 1
            if byte == UInt8(ascii: ";") { return count > 2 ? count : nil }
            guard byte == UInt8(ascii: "#") || isLetterOrDigit(byte) else { return nil }
        }
        return nil
    }

    /// Whether the literal shows the entity's own bytes: no entity has the name.
    private func matchesEntity(_ literal: Span<UInt8>, _ place: Int, at index: Int, count: Int) -> Bool {
        guard place + count <= literal.count else { return false }
        return (0..<count).allSatisfy { literal[place + $0] == source[index + $0] }
    }

    private func scalarByteCount(_ lead: UInt8) -> Int {
        lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
    }
}
