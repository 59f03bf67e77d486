/// Columns are so many spaces apart; sentences may be two.
private let columnGapMin = 3

/// What is asked of the lines of a run from any of them to its end, found in one pass over it.
struct TextRunShape {
    private let firstLine: Int
    /// Of the lines from each on, the last line's first.
    private var leastIndents: [Int] = []
    private var gapCounts: [Int] = []

    init(of run: Range<Int>, in lines: LineTable) {
        firstLine = run.lowerBound
        leastIndents.reserveCapacity(run.count)
        gapCounts.reserveCapacity(run.count)
        for index in run.reversed() {
            let line = lines.textLine(index)
            leastIndents.append(min(leastIndents.last ?? line.indent, line.indent))
            gapCounts.append((gapCounts.last ?? 0) + (Self.hasGap(lines.bytes[line.content]) ? 1 : 0))
        }
    }

    /// In columns, of the lines from `line` to the run's end.
    func leastIndent(from line: Int) -> Int { leastIndents[count(from: line) - 1] }

    /// Whether most of the lines have gaps, as tables made of spaces do.
    func isSetInColumns(from line: Int) -> Bool {
        let (lineCount, gapCount) = (count(from: line), gapCounts[count(from: line) - 1])
        return lineCount > 1 && gapCount > 1 && gapCount * 3 >= lineCount * 2
    }

    private func count(from line: Int) -> Int { leastIndents.count - (line - firstLine) }

    private static func hasGap(_ content: ArraySlice<UInt8>) -> Bool {
        var blankCount = 0
        for byte in content {
            if byte == 0x09 { return true }
            blankCount = byte == 0x20 ? blankCount + 1 : 0
            if blankCount == columnGapMin { return true }
        }
        return false
    }
}
