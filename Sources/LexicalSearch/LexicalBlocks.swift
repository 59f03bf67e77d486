import IndexFiles

/// The blocks of an index file before they are trusted.
///
/// Checksums guard against damage, not against a file that was made to harm: every offset and row number is checked once.
struct LexicalBlocks {
    let meta: LexicalMeta
    let termBytes: MappedArray<UInt8>
    let termStarts: MappedArray<UInt64>
    let postingStarts: MappedArray<UInt64>
    let postingRows: MappedArray<UInt32>
    let postingCounts: MappedArray<UInt8>
    let rowLengths: MappedArray<UInt32>

    init(of file: IndexFile) throws(any Error) {
        meta = try file.value(of: LexicalBlock.meta.rawValue, as: LexicalMeta.self)
        guard meta.analyserVersion == Analyser.version else {
            throw LexicalSearchError.analyserVersion(
                path: file.path, got: meta.analyserVersion, expected: Analyser.version)
        }
        guard meta.options.isValid, (0..<Int.max).contains(meta.termCount),
            (0...LexicalIndexBuilder.rowCountMax).contains(meta.rowCount)
        else { throw LexicalSearchError.inconsistent(path: file.path, block: .meta, position: 0) }
        termBytes = try file.elements(of: LexicalBlock.termBytes.rawValue)
        termStarts = try file.elements(of: LexicalBlock.termStarts.rawValue, count: meta.termCount + 1)
        postingStarts = try file.elements(of: LexicalBlock.postingStarts.rawValue, count: meta.termCount + 1)
        postingRows = try file.elements(of: LexicalBlock.postingRows.rawValue)
        postingCounts = try file.elements(of: LexicalBlock.postingCounts.rawValue, count: postingRows.count)
        rowLengths = try file.elements(of: LexicalBlock.rowLengths.rawValue, count: meta.rowCount)
    }

    func check(path: String) throws(LexicalSearchError) {
        let checks: [(block: LexicalBlock, flaw: () -> Int?)] = [
            (.termStarts, { flaw(inStarts: termStarts, of: termBytes.count) }),
            (.postingStarts, { flaw(inStarts: postingStarts, of: postingRows.count) }),
            (.postingCounts, { unsafe postingCounts.withUnsafeBufferPointer { unsafe $0.firstIndex(of: 0) } }),
            (.postingRows, { flawInRows() }),
        ]
        for (block, flaw) in checks {
            if let position = flaw() { throw .inconsistent(path: path, block: block, position: position) }
        }
    }

    /// Starts, of which there is one at least, rise from 0 to the number of elements that they divide.
    private func flaw(inStarts starts: MappedArray<UInt64>, of count: Int) -> Int? {
        unsafe starts.withUnsafeBufferPointer { starts in
            if unsafe starts[0] != 0 { return 0 }
            for position in 1..<starts.count where unsafe starts[position] < starts[position - 1] { return position }
            return unsafe starts[starts.count - 1] == UInt64(count) ? nil : starts.count - 1
        }
    }

    /// Rows rise within each term and lie in the index. Call once the starts are known to be sound.
    private func flawInRows() -> Int? {
        unsafe postingRows.withUnsafeBufferPointer { rows in
            for term in 0..<meta.termCount {
                let range = Int(postingStarts[term])..<Int(postingStarts[term + 1])
                var floor = -1
                for posting in range {
                    let row = unsafe Int(rows[posting])
                    guard row > floor else { return posting }
                    floor = row
                }
                if floor >= meta.rowCount { return range.upperBound - 1 }
            }
            return nil
        }
    }
}
