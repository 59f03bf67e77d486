/// Where a page's lines stand: CommonMark's line ends are LF, CRLF and a lone CR.
package struct LineTable: Sendable {
    /// The offset of each line's first byte, and the offset behind the last line.
    private let starts: [Int]
    package let bytes: [UInt8]

    /// The lines from `start` (behind a byte order mark) to the end of the bytes.
    package init(of bytes: [UInt8], from start: Int = 0) {
        var starts = [start]
        starts.reserveCapacity(bytes.count / 32 + 2)
        var index = start
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            guard byte <= 0x0D, byte == 0x0A || byte == 0x0D else { continue }
            if byte == 0x0D, index < bytes.count, bytes[index] == 0x0A { index += 1 }
            starts.append(index)
        }
        if starts.last != bytes.count || starts.count == 1 { starts.append(bytes.count) }
        self.starts = starts
        self.bytes = bytes
    }

    var count: Int { starts.count - 1 }

    /// The line's bytes without its end.
    subscript(line: Int) -> Range<Int> {
        let start = starts[line]
        var end = starts[line + 1]
        if end > start, bytes[end - 1] == 0x0A { end -= 1 }
        if end > start, bytes[end - 1] == 0x0D { end -= 1 }
        return start..<end
    }

    /// The line that holds the byte at `offset`, counted from 0.
    ///
    /// - Complexity: O(log n) for n lines.
    package func line(of offset: Int) -> Int {
        var (low, high) = (0, count)
        while low + 1 < high {
            let middle = (low + high) / 2
            if starts[middle] <= offset { low = middle } else { high = middle }
        }
        return low
    }
}

extension Range<Int> {
    /// The range without spaces and tabs at its end.
    func trimmingEnd(in bytes: [UInt8]) -> Range<Int> {
        var end = upperBound
        while end > lowerBound, bytes[end - 1].isBlank { end -= 1 }
        return lowerBound..<end
    }

    /// The range behind the spaces, tabs and at most `quoteDepth` quote marks that begin a line in a container.
    func droppingPrefix(in bytes: [UInt8], quoteDepth: Int) -> Range<Int> {
        var start = lowerBound
        var quotesLeft = quoteDepth
        while start < upperBound {
            if bytes[start] == UInt8(ascii: ">"), quotesLeft > 0 {
                quotesLeft -= 1
            } else if !bytes[start].isBlank {
                break
            }
            start += 1
        }
        return start..<upperBound
    }
}

extension UInt8 {
    /// A space, a tab, or part of a line end.
    var isBlank: Bool { self == 0x20 || self == 0x09 || self == 0x0A || self == 0x0D }
}

/// Whether a byte is an ASCII letter or digit.
func isLetterOrDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    default: false
    }
}
