/// The cells of a table's row, as its text has them: joined by " | ".
enum TableCells {
    static let separator = Array(" | ".utf8)

    /// Where each cell stands in a row.
    static func ranges(of row: ArraySlice<UInt8>) -> [Range<Int>] {
        var cells: [Range<Int>] = []
        var (start, index) = (row.startIndex, row.startIndex)
        while index < row.endIndex {
            if row[index...].starts(with: separator) {
                cells.append(start..<index)
                index += separator.count
                start = index
            } else {
                index += 1
            }
        }
        return cells + [start..<row.endIndex]
    }

    /// The longest beginning of a row of whole cells that is not larger than `size`; else of the first cell's words; `nil`
    /// where not one fits.
    static func beginning(of row: ArraySlice<UInt8>, size: Int) -> ArraySlice<UInt8>? {
        guard pieceCountEstimate(of: row) > size else { return row }
        guard let first = ranges(of: row).first else { return nil }
        var counter = PieceCounter()
        var end = row.startIndex
        for index in row.indices {
            let isCellEnd = row[index...].starts(with: separator)
            let isWordEnd = row[index].isBlank && index < first.upperBound
            if isCellEnd || isWordEnd { end = index }
            counter.add(row[index])
            if counter.count > size { break }
        }
        return end > row.startIndex ? row[row.startIndex..<end] : nil
    }
}
