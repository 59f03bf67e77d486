/// Rows of tables that no chunk can hold.
extension ChunkPacker {
    /// A row cut between cells, each part with the header cells of its columns; a cell that no chunk holds with its own
    /// is cut at its words, behind as much of that as may be repeated. A row of other than the header's count of cells has
    /// no header cells.
    func rowParts(of row: Atom) -> [Atom] {
        let cells = TableCells.ranges(of: row.text)
        let columns = row.columns ?? []
        var headers = TableCells.ranges(of: columns)
        // Where a cell has the mark itself, it is not known which header is whose.
        if headers.count != cells.count { headers = [] }
        var parts: [Atom] = []
        var sourceStart = row.byteRange.lowerBound
        var first = 0
        while first < cells.count {
            let end = end(ofPartFrom: first, cells: cells, of: row.text, headers: headers, of: columns)
            let header =
                headers.isEmpty || first >= headers.count
                ? nil : columns[headers[first].lowerBound..<headers[min(end, headers.count) - 1].upperBound]
            let text = row.text[cells[first].lowerBound..<cells[end - 1].upperBound]
            let limit = options.maximum / AtomReader.headerShare
            let repeated =
                pieceCountEstimate(of: text) + (header.map(pieceCountEstimate) ?? 0) <= options.maximum
                ? header : header.flatMap { TableCells.beginning(of: $0, size: limit) }
            for piece in pieces(of: text, limit: options.maximum - (repeated.map(pieceCountEstimate) ?? 0)) {
                let next =
                    piece.upperBound < cells[end - 1].upperBound
                    ? piece.upperBound : end < cells.count ? cells[end].lowerBound : row.text.endIndex
                let place = blocks[row.block].place(ofCutAt: piece.upperBound, next: next, from: sourceStart)
                let isLast = next == row.text.endIndex
                let sourceEnd = isLast ? row.byteRange.upperBound : min(place.end, row.byteRange.upperBound)
                parts.append(
                    Atom(
                        block: row.block, text: row.text[piece],
                        byteRange: sourceStart..<max(sourceStart, sourceEnd), bond: parts.isEmpty ? row.bond : .none,
                        isProse: false, header: repeated))
                sourceStart = min(max(place.nextStart, sourceEnd), row.byteRange.upperBound)
            }
            first = end
        }
        return parts.filter { !$0.text.allSatisfy(\.isBlank) }
    }

    /// The cell behind the last that fits into one chunk with those from `first` on and their header cells; at least one.
    private func end(
        ofPartFrom first: Int, cells: [Range<Int>], of row: ArraySlice<UInt8>, headers: [Range<Int>],
        of columns: ArraySlice<UInt8>
    ) -> Int {
        var (end, size) = (first, 0)
        while end < cells.count {
            let header = end < headers.count ? pieceCountEstimate(of: columns[headers[end]]) : 0
            // The two marks between cells count, too.
            size += pieceCountEstimate(of: row[cells[end]]) + header + (end > first ? 2 : 0)
            if size > options.maximum, end > first { break }
            end += 1
        }
        return end
    }

    /// Where a text is cut so that no piece is larger than `limit`: at blanks, else between scalars.
    private func pieces(of text: ArraySlice<UInt8>, limit: Int) -> [Range<Int>] {
        var pieces: [Range<Int>] = []
        var start = text.startIndex
        while start < text.endIndex {
            let cut = cut(text[start...], limit: limit, isProse: true)
            pieces.append(start..<cut)
            start = text[cut...].firstIndex { !$0.isBlank } ?? text.endIndex
        }
        return pieces
    }
}
