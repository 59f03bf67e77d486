import IndexFiles

/// A segment in one state: its file, and which of its rows are left.
struct Segment: Sendable {
    let file: SegmentFile
    /// The rows that are left, by their place in the file; the others are tombstones.
    private(set) var live: RowSet
    private(set) var liveCount: Int

    /// - Precondition: a set over the file's rows.
    init(_ file: SegmentFile, live: RowSet) {
        precondition(live.rowCount == file.index.rowCount)
        (self.file, self.live, liveCount) = (file, live, live.count)
    }

    init(_ file: SegmentFile) {
        self.init(file, live: RowSet(rowCount: file.index.rowCount) { _ in true })
    }

    var removedCount: Int { file.index.rowCount - liveCount }

    /// The place of a row that is left.
    func place(of rowNumber: Int) -> Int? {
        guard let place = file.place(of: rowNumber), live.contains(place) else { return nil }
        return place
    }

    /// Whether the row was there.
    mutating func remove(_ rowNumber: Int) -> Bool {
        guard let place = place(of: rowNumber) else { return false }
        live.remove(place)
        liveCount -= 1
        return true
    }

    /// The rows that are left and wanted, by place; `nil` where they are all of the file.
    ///
    /// - Parameter wanted: row numbers; those that the set has no place for are not wanted.
    func places(in wanted: RowSet?) -> RowSet? {
        guard let wanted else { return removedCount == 0 ? nil : live }
        let numbers = file.rowNumbers
        return unsafe numbers.withUnsafeBufferPointer { numbers in
            var words = live.words
            for index in words.indices {
                var (rest, kept) = (words[index], 0 as UInt64)
                while rest != 0 {
                    let bit = rest.trailingZeroBitCount
                    let number = unsafe Int(numbers[index << 6 + bit])
                    if number < wanted.rowCount {
                        kept |= (wanted.words[number >> 6] >> UInt64(number & 63) & 1) << UInt64(bit)
                    }
                    rest &= rest - 1
                }
                words[index] = kept
            }
            return RowSet(rowCount: live.rowCount, words: words)
        }
    }
}
