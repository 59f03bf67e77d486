/// Which bytes of a block's text stand where in the source: runs of equal bytes, in order in both.
///
/// A byte between two runs was made by the parser (a resolved entity, a cell's separator). A line break may be a space in the
/// text, or a CRLF in the source; a run of no bytes behind it says where the next line's content begins.
package struct TextAlignment: Sendable, Equatable {
    package struct Run: Sendable, Equatable {
        package var text: Int
        package var source: Int
        package var count: Int
    }

    package internal(set) var runs: [Run] = []

    /// The source offset of the text's byte at `offset`; `nil` where that byte is not in the source.
    package func sourceOffset(ofText offset: Int) -> Int? {
        guard let run = lastRun(startingAtOrBefore: offset), offset < run.text + run.count else { return nil }
        return run.source + offset - run.text
    }

    /// The source offset of the text's byte at `offset`, or of the end of the last known byte before it.
    package func sourceOffset(atOrBeforeText offset: Int) -> Int? {
        guard let run = lastRun(startingAtOrBefore: offset) else { return nil }
        return run.source + min(offset - run.text, run.count)
    }

    /// Where the source of the text from `offset` on begins, marks included: right behind the byte before it, or where its
    /// line's content begins.
    package func sourceStart(ofText offset: Int) -> Int? {
        let behind = countOfRuns(startingAtOrBefore: offset)
        for run in runs[..<behind].suffix(2) where run.text == offset && run.count == 0 { return run.source }
        return sourceOffset(ofText: offset - 1).map { $0 + 1 } ?? sourceOffset(ofText: offset)
    }

    private func lastRun(startingAtOrBefore offset: Int) -> Run? {
        let count = countOfRuns(startingAtOrBefore: offset)
        return count > 0 ? runs[count - 1] : nil
    }

    private func countOfRuns(startingAtOrBefore offset: Int) -> Int {
        var (low, high) = (0, runs.count)
        while low < high {
            let middle = (low + high) / 2
            if runs[middle].text <= offset { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Adds `count` bytes, joined to the last run where both sides go on.
    mutating func append(text: Int, source: Int, count: Int) {
        if let last = runs.last, last.text + last.count == text, last.source + last.count == source {
            runs[runs.count - 1].count += count
        } else if count > 0 {
            runs.append(Run(text: text, source: source, count: count))
        }
    }

    /// Adds a line break of the text that stands at `end` in the source, and where the next line's content begins.
    mutating func append(lineBreakAt end: Int, text: Int, nextLine start: Int) {
        append(text: text, source: end, count: 1)
        if start != end + 1 { runs.append(Run(text: text + 1, source: start, count: 0)) }
    }

    /// Says where the source stands at `text`, without a byte of it.
    mutating func append(mark text: Int, source: Int) {
        runs.append(Run(text: text, source: source, count: 0))
    }

    /// Forgets what belongs to the text from `end` on.
    mutating func cut(toText end: Int) {
        while let last = runs.last, last.text >= end { runs.removeLast() }
        if let last = runs.last { runs[runs.count - 1].count = min(last.count, end - last.text) }
    }
}
