/// A longer line is a sentence.
private let titleByteCountMax = 80
/// Fewer capitals may be a word of the text, such as `TLS`.
private let capitalCountMin = 4

/// Finds what unmistakably heads a section of plain text, as the first lines of a run between blank lines:
///
/// - the page's first line where the front matter's title says the same;
/// - a title underlined with `=`, `-`, `~`, `^`, `*` or `#` as long as itself, perhaps overlined, too;
/// - a line in capitals without digits or marks of sentences, alone or before indented lines, as manual pages have it; or a
///   line that only begins with a word in capitals, where two blank lines set it apart;
/// - a numbered line alone, such as `2.1 Backups`, where all of them count on from 1 and some have more than one number;
/// - on a PDF's pages also a line less than half as long as the longest, before another that begins anew: no paragraph is
///   broken there.
struct PlainTextHeadings {
    struct Heading {
        let level: Int
        /// The title's line, and all lines that belong to the heading.
        let title: Int
        let lines: Range<Int>
        let textStart: Int
    }

    private enum Style: Hashable {
        case title
        case underlined(UInt8, isOverlined: Bool)
        case capitals
        case numbered(depth: Int)
        case short
    }

    private let lines: LineTable
    private let layout: PlainTextLayout
    /// How many numbers the numbered headings have, by line.
    private let numbered: [Int: Int]
    private let pageTitle: String?
    /// The first line that is not blank.
    private let topLine: Int?
    private var levels = HeadingLevels<Style>()

    init(lines: LineTable, layout: PlainTextLayout, pageTitle: String?) {
        self.pageTitle = pageTitle
        topLine = (layout.firstLine..<lines.count).first { !lines.textLine($0).isBlank }
        self.lines = lines
        self.layout = layout
        numbered = numberedHeadings(of: lines, layout: layout)
    }

    mutating func heading(of run: Range<Int>) -> Heading? {
        let first = run.lowerBound
        let title = lines.textLine(first)
        if isPageTitle(title, at: first) { return heading(.title, title: first, first..<first + 1) }
        if let mark = underline(of: first, in: run) {
            return heading(.underlined(mark, isOverlined: false), title: first, first..<first + 2)
        }
        if run.count > 2, let mark = underline(of: first + 1, in: run), lines.bytes[title.content].onlyByte == mark {
            return heading(.underlined(mark, isOverlined: true), title: first + 1, first..<first + 3)
        }
        if let depth = numbered[first] { return heading(.numbered(depth: depth), title: first, run) }
        let isAlone = run.count == 1 || lines.textLine(first + 1).indent > title.indent
        if isAlone, title.indent <= layout.baseIndent, isCapitals(title) || (run.count == 1 && isSetApart(first)) {
            return heading(.capitals, title: first, first..<first + 1)
        }
        if layout.hasPages, run.count > 1, isShort(title, before: lines.textLine(first + 1)) {
            return heading(.short, title: first, first..<first + 1)
        }
        return nil
    }

    /// Whether no text stands before the line and it says what the page is called; an underlined one is found as such.
    private func isPageTitle(_ line: TextLine, at index: Int) -> Bool {
        guard let pageTitle, index == topLine, underline(of: index, in: index..<lines.count) == nil else {
            return false
        }
        return lines.bytes[line.content].elementsEqual(pageTitle.utf8)
    }

    private mutating func heading(_ style: Style, title: Int, _ range: Range<Int>) -> Heading {
        Heading(
            level: levels.level(of: style), title: title, lines: range,
            textStart: lines.textLine(title).content.lowerBound)
    }

    /// The mark of the line below `title` where it underlines it: as long, and beginning in the same column.
    private func underline(of title: Int, in run: Range<Int>) -> UInt8? {
        guard title + 1 < run.upperBound else { return nil }
        let (text, below) = (lines.textLine(title), lines.textLine(title + 1))
        guard let mark = lines.bytes[below.content].onlyByte, "=-~^*#".utf8.contains(mark), below.content.count > 2,
            text.indent == below.indent, text.content.count <= 4 * titleByteCountMax,
            lines.bytes[text.content].contains(where: { $0.isLetter || $0.isDigit || $0 >= 0x80 }),
            abs(lines.bytes[text.content].scalarCount - below.content.count) <= 2
        else { return nil }
        return mark
    }

    private func isCapitals(_ line: TextLine) -> Bool {
        let content = lines.bytes[line.content]
        return content.count <= titleByteCountMax && content.count(where: \.isCapital) >= capitalCountMin
            && content.allSatisfy { $0.isCapital || $0 == 0x20 || "-/&,'()".utf8.contains($0) }
            && content.last != UInt8(ascii: ",") && content.first != UInt8(ascii: "-")
    }

    /// Whether two blank lines stand above a line and one below, and it begins with a word of three capitals or more.
    private func isSetApart(_ index: Int) -> Bool {
        let content = lines.bytes[lines.textLine(index).content]
        guard index >= layout.firstLine + 2, lines.textLine(index - 1).isBlank, lines.textLine(index - 2).isBlank,
            content.count <= titleByteCountMax, let last = content.last, !".,;:!?".utf8.contains(last)
        else { return false }
        let capitals = content.prefix { $0.isCapital }
        return capitals.count > 2
            && (capitals.endIndex == content.endIndex || " :,".utf8.contains(content[capitals.endIndex]))
    }

    private func isShort(_ title: TextLine, before next: TextLine) -> Bool {
        let content = lines.bytes[title.content]
        guard content.count * 2 < layout.longestLine, content.count <= titleByteCountMax, let first = content.first,
            first.isCapital || first.isDigit || first >= 0xC3, let last = content.last, !".,;:!?".utf8.contains(last),
            TextListMarker(of: title, in: lines.bytes) == nil, let behind = lines.bytes[next.content].first
        else { return false }
        return behind.isCapital || behind >= 0x80 || TextListMarker(of: next, in: lines.bytes) != nil
    }
}

extension LineTable {
    /// A heading's title; its range covers all `range`.
    func prose(_ title: Int, from start: Int, in range: Range<Int>) -> LeafContent? {
        var text = SourcedText(source: bytes)
        text.append(textLine(title).content)
        return text.leaf(
            textLine(range.lowerBound).content.lowerBound..<textLine(range.upperBound - 1).content.upperBound)
    }
}

/// The lines that are numbered headings, each with how many numbers it has.
private func numberedHeadings(of lines: LineTable, layout: PlainTextLayout) -> [Int: Int] {
    var found: [Int: Int] = [:]
    var last: [Int] = []
    for run in layout.runs(from: layout.firstLine) where run.count == 1 {
        let content = lines.bytes[lines.textLine(run.lowerBound).content]
        guard let numbers = headingNumbers(of: content), follows(numbers, last) else { continue }
        found[run.lowerBound] = numbers.count
        last = numbers
    }
    // Numbers without any below them are a list.
    return found.values.contains { $0 > 1 } ? found : [:]
}

/// The numbers of `2.1 Backups` or `2. Backups`; `nil` for what does not read like a title.
private func headingNumbers(of line: ArraySlice<UInt8>) -> [Int]? {
    let (digitCountMax, depthMax) = (2, 6)
    guard line.count <= titleByteCountMax, let last = line.last, !".,;:!".utf8.contains(last) else { return nil }
    var rest = line
    var numbers: [Int] = []
    while numbers.count < depthMax {
        let digits = rest.prefix { $0.isDigit }
        guard !digits.isEmpty else { break }
        guard digits.count <= digitCountMax else { return nil }
        numbers.append(digits.reduce(0) { $0 * 10 + Int($1 - 0x30) })
        rest = rest[digits.endIndex...]
        guard rest.first == UInt8(ascii: ".") else { break }
        rest = rest.dropFirst()
    }
    guard !numbers.isEmpty, rest.first == 0x20, let letter = rest.first(where: { $0 != 0x20 }),
        letter.isCapital || letter >= 0x80
    else { return nil }
    let isTableOfContents = zip(rest, rest.dropFirst(2)).contains { $0 == UInt8(ascii: ".") && $1 == $0 }
    return isTableOfContents ? nil : numbers
}

/// Whether a heading's numbers count on: 2.1 is followed by 2.1.1, 2.2 or 3.
private func follows(_ numbers: [Int], _ last: [Int]) -> Bool {
    guard numbers.dropLast().elementsEqual(last.prefix(numbers.count - 1)) else { return false }
    let before = numbers.count <= last.count ? last[numbers.count - 1] : 0
    return numbers.last == before + 1
}
