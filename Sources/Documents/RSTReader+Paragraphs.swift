/// What is made of lines without a mark of their own: titles, paragraphs, literal blocks, line blocks.
extension RSTReader {
    /// A title with a line of marks below it, perhaps one above it, too. Titles stand in no body.
    mutating func readHeading(_ line: TextLine) -> Bool {
        guard frames.isEmpty, index + 1 < lines.count else { return false }
        let isOverlined = bytes[line.content].onlyByte.map(isAdornment) ?? false
        let titleIndex = isOverlined ? index + 1 : index
        guard titleIndex + 1 < lines.count else { return false }
        let (title, below) = (self.line(titleIndex), self.line(titleIndex + 1))
        let width = bytes[title.content].scalarCount
        guard !title.isBlank, isOverlined || line.indent == 0, below.indent == 0,
            let mark = bytes[below.content].onlyByte, isAdornment(mark),
            below.content.count >= width || below.content.count >= 4, bytes[title.content].onlyByte != mark,
            !isOverlined || (bytes[line.content].first == mark && line.content.count == below.content.count)
        else { return false }
        let range = line.content.lowerBound..<below.content.upperBound
        var inline = RSTInline(lines: lines)
        inline.append(title.content)
        links += inline.links
        let content = inline.text.leaf(range)
        let level = levels.level(of: Adornment(mark: mark, isOverlined: isOverlined))
        page.append(.heading(level: level), content, anchor: anchors.anchor(of: content.text))
        index = titleIndex + 2
        return true
    }

    private func isAdornment(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte < 0x7F && !isLetterOrDigit(byte)
    }

    /// A line of four or more marks alone parts paragraphs.
    mutating func readTransition(_ line: TextLine) -> Bool {
        guard line.content.count >= 4, let mark = bytes[line.content].onlyByte, isAdornment(mark),
            index + 1 >= lines.count || lines.textLine(index + 1).isBlank
        else { return false }
        index += 1
        return true
    }

    /// A paragraph, a definition's term, or an option's line; behind `::` a literal block.
    mutating func readParagraph(_ line: TextLine) {
        let first = index
        let isRest = rest?.index == index
        let hasLiteral = { [bytes] (line: TextLine) in bytes[line.content].suffix(2).elementsEqual("::".utf8) }
        var (end, last) = (first + 1, line)
        while end < lines.count {
            let next = lines.textLine(end)
            guard !next.isBlank, next.indent >= line.indent else { break }
            if end == first + 1, next.indent > line.indent {
                if hasLiteral(line) { break }
                if !isRest, !isOption(line) {
                    announced = .plain
                    break
                }
            } else if isOption(line), next.indent == line.indent {
                break
            }
            (end, last) = (end + 1, next)
        }
        index = end
        var range = line.content.lowerBound..<last.content.upperBound
        guard hasLiteral(last) else { return appendParagraph(range) }
        // "text::" says "text:", "text ::" says "text", and "::" alone nothing.
        range = (range.lowerBound..<range.upperBound - 1)
        if range.count < 2 || bytes[range.upperBound - 2].isBlank {
            range = (range.lowerBound..<range.upperBound - 1).trimmingEnd(in: bytes)
        }
        if !range.isEmpty { appendParagraph(range) }
        announced = nil
        readLiteral(behind: line.indent)
    }

    /// `-v`, `--verbose` or `/V` with its description behind two spaces or on the next lines.
    private func isOption(_ line: TextLine) -> Bool {
        let content = bytes[line.content]
        let dashes = content.prefix { $0 == UInt8(ascii: "-") }.count
        return (1...2).contains(dashes) && content.count > dashes
            && isLetterOrDigit(content[content.startIndex + dashes])
    }

    /// Indented lines, or lines that all begin with the same mark.
    private mutating func readLiteral(behind indent: Int) {
        let literal = body(from: index, behind: indent)
        guard literal.isEmpty else { return appendCode(literal, language: nil) }
        let start = literal.lowerBound
        guard start < lines.count, lines.textLine(start).indent == indent else { return }
        let mark = bytes[lines.textLine(start).content.lowerBound]
        guard isAdornment(mark) else { return }
        let end = endOfRun(from: start)
        let isQuoted = (start..<end).allSatisfy {
            lines.textLine($0).indent == indent && bytes[lines.textLine($0).content.lowerBound] == mark
        }
        if isQuoted { appendCode(start..<end, language: nil) }
    }

    /// Lines that begin with `|` keep their ends.
    mutating func readLineBlock(_ line: TextLine) {
        var inline = RSTInline(lines: lines)
        var (end, last) = (index, line)
        while end < lines.count {
            let next = self.line(end)
            guard !next.isBlank, bytes[next.content.lowerBound] == UInt8(ascii: "|") || next.indent > line.indent else {
                break
            }
            let isMarked = bytes[next.content.lowerBound] == UInt8(ascii: "|")
            let text = (next.content.lowerBound + (isMarked ? 1 : 0)..<next.content.upperBound).trimmingStart(in: bytes)
            if !inline.text.isEmpty {
                inline.text.append(
                    blank: isMarked ? 0x0A : 0x20, at: last.content.upperBound, next: next.content.lowerBound)
            }
            inline.append(text)
            (end, last) = (end + 1, next)
        }
        links += inline.links
        page.append(.paragraph, inline.text.leaf(line.content.lowerBound..<last.content.upperBound))
        index = max(end, index + 1)
    }
}
