extension RSTReader {
    /// What begins with `..`: a directive, a footnote, a target, a substitution or a comment.
    mutating func readExplicit(_ line: TextLine) throws(DocumentError) {
        let start = (line.content.lowerBound + 2..<line.content.upperBound).trimmingStart(in: bytes).lowerBound
        let end = line.content.upperBound
        guard start < end else { return skipComment(line) }
        if let directive = RSTDirective(at: start, to: end, in: bytes) { return try read(directive, line) }
        switch bytes[start] {
        case UInt8(ascii: "["):
            guard let closing = bytes[start..<end].firstIndex(of: UInt8(ascii: "]")),
                closing + 1 == end || bytes[closing + 1].isBlank
            else { return skipBody(line) }
            let text = (closing + 1..<end).trimmingStart(in: bytes)
            try openBody(.footnote, from: text.lowerBound, line)
        case UInt8(ascii: "_"):
            if let colon = bytes[start..<end].lastIndex(of: 0x20), bytes[colon - 1] == UInt8(ascii: ":") {
                addLink(colon + 1..<end, isImage: false)
            }
            skipBody(line)
        default: skipBody(line)
        }
    }

    /// `..` alone before a blank line ends a body and takes nothing with it.
    private mutating func skipComment(_ line: TextLine) {
        if index + 1 < lines.count, !lines.textLine(index + 1).isBlank { return skipBody(line) }
        index += 1
    }

    private mutating func skipBody(_ line: TextLine) {
        let body = body(from: index + 1, behind: line.indent)
        index = body.isEmpty ? index + 1 : body.upperBound
    }

    /// Opens a body whose first line may stand behind a mark on the current line.
    private mutating func openBody(_ body: Body, from start: Int, _ line: TextLine) throws(DocumentError) {
        let indent = bodyIndent(from: index + 1, behind: line.indent) ?? line.indent + 3
        try open(body, indent: indent)
        readRest(from: start, of: line, indent: indent)
    }

    private mutating func addLink(_ target: Range<Int>, isImage: Bool) {
        links.append(
            Link(
                target: String(decoding: bytes[target], as: UTF8.self), line: lines.line(of: target.lowerBound) + 1,
                isImage: isImage))
    }

    private mutating func read(_ directive: RSTDirective, _ line: TextLine) throws(DocumentError) {
        switch directive.kind {
        case .code: readCode(directive, line)
        case .skipped: skipBody(line)
        case .image:
            if !directive.argument.isEmpty { addLink(directive.argument, isImage: true) }
            try openBodyBehindOptions(.plain, line)
        case .wrapper: try openBodyBehindOptions(.plain, line)
        case .admonition: try readAdmonition(directive, line)
        case .version(let words): readVersion(directive, words, line)
        case .object: try readObject(directive, line)
        case .listTable, .valueTable:
            if !directive.argument.isEmpty { appendParagraph(directive.argument) }
            skipOptions()
            readRows(behind: line.indent, areLists: directive.name != "csv-table")
        case .other:
            if !directive.argument.isEmpty { appendParagraph(directive.argument) }
            try openBodyBehindOptions(.plain, line)
        }
    }

    /// Goes past the directive's line and the options directly below it.
    private mutating func skipOptions() {
        let indent = line(index).indent
        index += 1
        var isOption = false
        while index < lines.count {
            let next = lines.textLine(index)
            guard !next.isBlank, next.indent > indent else { break }
            // An option's value may go on in further lines, indented more.
            if bytes[next.content.lowerBound] == UInt8(ascii: ":"), fieldName(of: next) != nil {
                isOption = true
            } else if !isOption || next.indent <= lines.textLine(index - 1).indent {
                break
            }
            index += 1
        }
    }

    private mutating func openBodyBehindOptions(_ body: Body, _ line: TextLine) throws(DocumentError) {
        skipOptions()
        if let indent = bodyIndent(from: index, behind: line.indent) { try open(body, indent: indent) }
    }

    private mutating func readCode(_ directive: RSTDirective, _ line: TextLine) {
        let word = bytes[directive.argument].prefix { !$0.isBlank }
        let ofConsole = ["prompt": "sh", "doctest": "pycon", "testcode": "python", "math": "math"]
        let language = word.isEmpty ? ofConsole[directive.name] : String(decoding: word, as: UTF8.self)
        skipOptions()
        let body = body(from: index, behind: line.indent)
        guard !body.isEmpty else { return }
        appendCode(body, language: directive.name == "parsed-literal" ? nil : language)
    }

    /// The argument of `admonition` is its title; that of a note is where its text begins.
    private mutating func readAdmonition(_ directive: RSTDirective, _ line: TextLine) throws(DocumentError) {
        guard directive.name != "admonition", !directive.argument.isEmpty else {
            page.openQuote()
            if !directive.argument.isEmpty { appendParagraph(directive.argument) }
            page.close()
            return try openBodyBehindOptions(.quote, line)
        }
        try openBody(.quote, from: directive.argument.lowerBound, line)
    }

    /// `.. versionadded:: 3.2` says "New in version 3.2", with a colon where text follows.
    private mutating func readVersion(_ directive: RSTDirective, _ words: String, _ line: TextLine) {
        let first = index
        index += 1
        while index < lines.count, !lines.textLine(index).isBlank, lines.textLine(index).indent > line.indent {
            index += 1
        }
        announced = .plain
        guard !directive.argument.isEmpty else { return }
        let version = bytes[directive.argument].prefix { !$0.isBlank }
        var inline = RSTInline(lines: lines)
        inline.text.append(made: words.utf8)
        inline.text.append(version.startIndex..<version.endIndex)
        let text = (version.endIndex..<self.line(index - 1 < first ? first : index - 1).content.upperBound)
            .trimmingStart(in: bytes)
        if !text.isEmpty {
            if bytes[version.endIndex - 1] != UInt8(ascii: ":") { inline.text.append(made: ":".utf8) }
            inline.text.append(blank: 0x20, at: version.endIndex, next: text.lowerBound)
            inline.append(text)
        }
        links += inline.links
        page.append(.paragraph, inline.text.leaf(line.content.lowerBound..<max(version.endIndex, text.upperBound)))
    }

    /// Each line of the argument is a signature; it is code.
    private mutating func readObject(_ directive: RSTDirective, _ line: TextLine) throws(DocumentError) {
        appendSignature(directive.argument)
        index += 1
        while index < lines.count {
            let next = lines.textLine(index)
            guard !next.isBlank, next.indent > line.indent else { break }
            if bytes[next.content.lowerBound] != UInt8(ascii: ":") { appendSignature(next.content) }
            index += 1
        }
        announced = .plain
    }

    private mutating func appendSignature(_ range: Range<Int>) {
        guard !range.isEmpty else { return }
        var text = SourcedText(source: bytes)
        text.append(range)
        text.markCode(from: 0)
        page.append(.paragraph, text.leaf(range))
    }
}
