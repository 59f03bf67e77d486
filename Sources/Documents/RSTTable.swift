/// A table drawn with marks: the text of its rows, header first.
struct RSTTable {
    private let lines: LineTable
    private var bytes: [UInt8] { lines.bytes }
    private var inline: RSTInline
    /// The pieces of the row that is being read: a list for each column, one for each line.
    private var cells: [[Range<Int>]] = []
    private var firstLineOfRow: Int?
    private var lastLineOfRow = 0
    private var endOfLastRow: Int?

    init(lines: LineTable) {
        self.lines = lines
        inline = RSTInline(lines: lines)
    }

    var text: SourcedText { inline.text }
    var links: [Link] { inline.links }

    /// Adds pieces of a line to the columns of the row.
    mutating func add(_ pieces: [Range<Int>], line: Int) {
        if cells.count < pieces.count { cells += Array(repeating: [], count: pieces.count - cells.count) }
        for (column, piece) in pieces.enumerated() where !piece.isEmpty { cells[column].append(piece) }
        if firstLineOfRow == nil { firstLineOfRow = line }
        lastLineOfRow = line
    }

    /// Ends the row; one without any text is left out.
    mutating func endRow() {
        guard let first = firstLineOfRow else { return }
        let count = (cells.lastIndex { !$0.isEmpty } ?? -1) + 1
        if count > 0 {
            if let end = endOfLastRow {
                inline.text.append(rowBreakAt: end, next: lines.textLine(first).whole.lowerBound)
            }
            for (column, pieces) in cells[..<count].enumerated() {
                if column > 0 { inline.text.append(made: " | ".utf8) }
                inline.append(pieces)
            }
            endOfLastRow = lines.textLine(lastLineOfRow).whole.upperBound
        }
        cells = []
        firstLineOfRow = nil
    }
}

extension RSTReader {
    /// A grid table or a simple table; whole lines.
    mutating func readTable(_ line: TextLine) -> Bool {
        let content = bytes[line.content]
        if content.starts(with: "+-".utf8), content.allSatisfy({ $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }) {
            return readGridTable(line)
        }
        if content.starts(with: "==".utf8), content.contains(where: \.isBlank),
            isSimpleBorder(content, of: UInt8(ascii: "="))
        {
            return readSimpleTable(line)
        }
        return false
    }

    private mutating func append(_ table: RSTTable, _ range: Range<Int>, first: TextLine) {
        links += table.links
        let source = first.whole.lowerBound..<lines.textLine(range.upperBound - 1).whole.upperBound
        if !table.text.isEmpty { page.append(.table, table.text.tableLeaf(source)) }
        index = range.upperBound
    }

    private mutating func readGridTable(_ line: TextLine) -> Bool {
        var end = index + 1
        while end < lines.count {
            let next = lines.textLine(end)
            guard !next.isBlank, "+|".utf8.contains(bytes[next.content.lowerBound]) else { break }
            end += 1
        }
        guard end - index > 2 else { return false }
        let borders = line.content.filter { bytes[$0] == UInt8(ascii: "+") }.map {
            $0 - line.content.lowerBound + line.indent
        }
        var table = RSTTable(lines: lines)
        for row in index + 1..<end {
            let next = lines.textLine(row)
            if bytes[next.content.lowerBound] == UInt8(ascii: "+") {
                table.endRow()
            } else {
                table.add(gridCells(of: next, borders: borders), line: row)
            }
        }
        table.endRow()
        append(table, index..<end, first: line)
        return true
    }

    /// What stands between the bars of a line; a cell that spans columns is the first one's.
    private func gridCells(of line: TextLine, borders: [Int]) -> [Range<Int>] {
        let content = line.content
        var columns = ColumnOffsets(of: line, in: bytes)
        var cells: [Range<Int>] = []
        var start = content.lowerBound + 1
        var spannedCount = 0
        for border in borders.dropFirst() {
            let offset = columns.offset(ofColumn: border)
            guard offset < content.upperBound else { break }
            guard bytes[offset] == UInt8(ascii: "|") || bytes[offset] == UInt8(ascii: "+") else {
                spannedCount += 1
                continue
            }
            let cell = (start..<max(start, offset)).trimmingStart(in: bytes).trimmingEnd(in: bytes)
            let isRule = cell.count > 2 && bytes[cell].allSatisfy { "-=+".utf8.contains($0) }
            cells.append(isRule ? start..<start : cell)
            for _ in 0..<spannedCount { cells.append(start..<start) }
            spannedCount = 0
            start = offset + 1
        }
        return cells
    }

    private func isSimpleBorder(_ content: ArraySlice<UInt8>, of mark: UInt8) -> Bool {
        content.allSatisfy { $0 == mark || $0.isBlank } && content.contains(mark)
    }

    private mutating func readSimpleTable(_ line: TextLine) -> Bool {
        guard let end = endOfSimpleTable() else { return false }
        let starts = columnStarts(of: line)
        var table = RSTTable(lines: lines)
        for row in index + 1..<end {
            let next = lines.textLine(row)
            guard !next.isBlank else { continue }
            let text = bytes[next.content]
            if isSimpleBorder(text, of: UInt8(ascii: "=")) || isSimpleBorder(text, of: UInt8(ascii: "-")) {
                table.endRow()
                continue
            }
            if next.indent <= line.indent { table.endRow() }
            table.add(simpleCells(of: next, starts: starts), line: row)
        }
        table.endRow()
        append(table, index..<end, first: line)
        return true
    }

    /// Behind the border that a blank line follows.
    private mutating func endOfSimpleTable() -> Int? {
        guard !lacksTableEnds else { return nil }
        for row in index + 1..<max(index + 1, lines.count) {
            let content = bytes[lines.textLine(row).content]
            if isSimpleBorder(content, of: UInt8(ascii: "=")),
                row + 1 == lines.count || lines.textLine(row + 1).isBlank
            {
                return row + 1
            }
        }
        lacksTableEnds = true
        return nil
    }

    /// The columns in which the marks of a border begin.
    private func columnStarts(of border: TextLine) -> [Int] {
        var starts: [Int] = []
        var column = border.indent
        var isMark = false
        for offset in border.content {
            if bytes[offset] == UInt8(ascii: "="), !isMark { starts.append(column) }
            isMark = bytes[offset] == UInt8(ascii: "=")
            column += bytes[offset] == 0x09 ? tabColumnCount - column % tabColumnCount : 1
        }
        return starts
    }

    /// The last column goes to the line's end.
    private func simpleCells(of line: TextLine, starts: [Int]) -> [Range<Int>] {
        var columns = ColumnOffsets(of: line, in: bytes)
        var cells: [Range<Int>] = []
        for (place, column) in starts.enumerated() {
            let start = columns.offset(ofColumn: column)
            guard start < line.content.upperBound else { break }
            let isLast = place + 1 == starts.count
            let next = isLast ? line.content.upperBound : columns.offset(ofColumn: starts[place + 1])
            cells.append((start..<max(start, next)).trimmingStart(in: bytes).trimmingEnd(in: bytes))
        }
        return cells
    }

    /// The rows of `list-table` and `csv-table`, as they are written.
    mutating func readRows(behind indent: Int, areLists: Bool) {
        let body = body(from: index, behind: indent)
        guard !body.isEmpty else { return }
        let first = lines.textLine(body.lowerBound)
        var table = RSTTable(lines: lines)
        var cellIndent = first.indent
        for row in body {
            let line = lines.textLine(row)
            guard !line.isBlank else { continue }
            guard areLists else {
                table.endRow()
                table.add([line.content], line: row)
                continue
            }
            var content = line.content
            if line.indent <= first.indent {
                table.endRow()
                content = behindBullet(content)
                cellIndent = line.indent + content.lowerBound - line.content.lowerBound
            }
            table.addListCell(content, isFirst: line.indent <= first.indent || line.indent == cellIndent, line: row)
        }
        table.endRow()
        append(table, body, first: first)
    }

    private func behindBullet(_ content: Range<Int>) -> Range<Int> {
        guard content.count > 1, "*-+".utf8.contains(bytes[content.lowerBound]) else { return content }
        return (content.lowerBound + 1..<content.upperBound).trimmingStart(in: bytes)
    }
}

extension RSTTable {
    /// A line of a row of lists: where it stands in the cells' column and has a bullet, it begins the next cell.
    mutating func addListCell(_ content: Range<Int>, isFirst: Bool, line: Int) {
        let isBullet =
            isFirst && !content.isEmpty && "-*+".utf8.contains(bytes[content.lowerBound])
            && (content.count == 1 || bytes[content.lowerBound + 1].isBlank)
        if isBullet { cells.append([]) }
        let text = (content.lowerBound + (isBullet ? 1 : 0)..<content.upperBound).trimmingStart(in: bytes)
        if cells.isEmpty { cells.append([]) }
        if !text.isEmpty { cells[cells.count - 1].append(text) }
        if firstLineOfRow == nil { firstLineOfRow = line }
        lastLineOfRow = line
    }
}

/// Finds columns of a line from left to right, one for each scalar; a tab goes to the next multiple of eight.
private struct ColumnOffsets {
    private let bytes: [UInt8]
    private let end: Int
    private var column: Int
    private var offset: Int

    init(of line: TextLine, in bytes: [UInt8]) {
        self.bytes = bytes
        offset = line.content.lowerBound
        end = line.content.upperBound
        column = line.indent
    }

    /// The offset of what stands in the column or behind it, or the line's end; asked for in ascending order.
    mutating func offset(ofColumn wanted: Int) -> Int {
        while column < wanted, offset < end {
            column += bytes[offset] == 0x09 ? tabColumnCount - column % tabColumnCount : 1
            offset += 1
            while offset < end, bytes[offset] & 0xC0 == 0x80 { offset += 1 }
        }
        return offset
    }
}
