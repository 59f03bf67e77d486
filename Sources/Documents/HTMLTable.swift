/// The rows of a table of an HTML page while they are gathered: a line each, cells joined by " | ".
struct HTMLTable {
    private(set) var text: HTMLText
    private var firstRowStart: Int?
    private var lastRowEnd: Int?
    private var rowStart: Int?
    private var rowEnd = 0
    /// Cells of the row that have begun, and those that the text has reached.
    private var cellCount = 0
    private var reachedCount = 0

    init(source: [UInt8]) { text = HTMLText(source: source) }

    var isEmpty: Bool { text.isEmpty }

    /// The rows as a block, from the first one's tag to the last one's.
    var leaf: LeafContent? {
        guard let firstRowStart, let lastRowEnd, firstRowStart < lastRowEnd else { return nil }
        return text.text.tableLeaf(firstRowStart..<lastRowEnd)
    }

    mutating func openRow(at offset: Int) {
        closeRow(at: nil)
        rowStart = offset
    }

    mutating func openCell(at offset: Int) {
        rowStart = rowStart ?? offset
        cellCount += 1
    }

    mutating func closeCell(at end: Int?) {
        if let end, reachedCount > 0 { rowEnd = max(rowEnd, end) }
    }

    /// Ends the row with its tag, or where its last cell ended.
    mutating func closeRow(at end: Int?) {
        closeCell(at: end)
        if reachedCount > 0 {
            firstRowStart = firstRowStart ?? rowStart
            lastRowEnd = rowEnd
        }
        (rowStart, cellCount, reachedCount) = (nil, 0, 0)
    }

    mutating func append(_ range: Range<Int>, _ references: inout HTMLReferences) {
        guard !text.text.source[range].allSatisfy(\.isHTMLBlank) else { return text.append(range, &references) }
        reachCell(at: range.lowerBound)
        text.append(range, &references)
        rowEnd = max(rowEnd, text.end)
    }

    mutating func append(made bytes: [UInt8], for range: Range<Int>) {
        reachCell(at: range.lowerBound)
        text.append(made: bytes, for: range)
        rowEnd = max(rowEnd, text.end)
    }

    mutating func change(_ body: (inout HTMLText) -> Void) { body(&text) }

    /// Brings the text to the cell that is open: behind a new line for a row's first text, behind a bar for each cell.
    private mutating func reachCell(at offset: Int) {
        rowStart = rowStart ?? offset
        cellCount = max(cellCount, 1)
        let isNewRow = reachedCount == 0
        guard isNewRow || reachedCount < cellCount else { return }
        text.append(
            rowBreakAt: isNewRow ? lastRowEnd : nil, next: rowStart ?? offset,
            separatorCount: cellCount - max(reachedCount, 1))
        if isNewRow { rowEnd = offset }
        reachedCount = cellCount
    }
}

extension HTMLTokenizer {
    /// Whether the table whose tag was read last only places things: there is a heading or another table in it.
    func isInLayoutTable() -> Bool {
        var ahead = self
        let table = HTMLName("table")
        while let token = ahead.next() {
            switch token {
            case .text: continue
            case .end(let tag):
                if tag.name == table { return false }
            case .start(let tag):
                if tag.name == table { return true }
                switch HTMLElement.named(tag.name) {
                case .heading, .main, .article, .section: return true
                case .rawText: _ = ahead.skipRawText(of: tag.name)
                default: continue
                }
            }
        }
        return false
    }
}
