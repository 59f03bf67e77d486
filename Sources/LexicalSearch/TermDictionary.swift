import IndexFiles

/// The sorted terms of an index file.
struct TermDictionary: Sendable {
    private let bytes: MappedArray<UInt8>
    /// `[terms + 1]`, ascending from 0 to `bytes.count`: checked by `checkStarts` when the index opens.
    private let starts: MappedArray<UInt64>

    init(bytes: MappedArray<UInt8>, starts: MappedArray<UInt64>) {
        self.bytes = bytes
        self.starts = starts
    }

    var count: Int { starts.count - 1 }

    func bytes(of number: Int) -> [UInt8] {
        (Int(starts[number])..<Int(starts[number + 1])).map { bytes[$0] }
    }

    /// The number of a term, found by bisection; `nil` where no row has it.
    func number(of term: [UInt8]) -> Int? {
        unsafe bytes.withUnsafeBufferPointer { bytes in
            var range = 0..<count
            while !range.isEmpty {
                let middle = range.lowerBound + range.count / 2
                let candidate = unsafe UnsafeBufferPointer(
                    rebasing: bytes[Int(starts[middle])..<Int(starts[middle + 1])])
                switch unsafe order(candidate.span, term.span) {
                case 0: return middle
                case ..<0: range = middle + 1..<range.upperBound
                default: range = range.lowerBound..<middle
                }
            }
            return nil
        }
    }
}

/// Negative where the first comes before the second, 0 where they are equal, positive otherwise.
private func order(_ first: Span<UInt8>, _ second: Span<UInt8>) -> Int {
    for position in 0..<min(first.count, second.count) where first[position] != second[position] {
        return Int(first[position]) - Int(second[position])
    }
    return first.count - second.count
}
