import IndexFiles

/// Terms in the order of their UTF-8 bytes, each with its number from 0.
struct SortedTerms: Sendable {
    /// The terms one after the other.
    let bytes: WeightArray<UInt8>
    /// Where each begins in `bytes`, `[terms + 1]`, ascending from 0 to its count.
    let starts: WeightArray<UInt64>

    var count: Int { starts.count - 1 }

    /// - Precondition: each term once, in the order of their bytes.
    init(_ terms: [String]) {
        var (bytes, starts): ([UInt8], [UInt64]) = ([], [0])
        for term in terms {
            bytes += term.utf8
            starts.append(UInt64(bytes.count))
        }
        self.bytes = .owned(bytes)
        self.starts = .owned(starts)
    }

    /// Terms of a file; `nil` where the starts do not ascend from 0 to the end of the bytes.
    init?(bytes: WeightArray<UInt8>, starts: WeightArray<UInt64>) {
        let isSound = unsafe starts.withUnsafeBufferPointer { starts in
            guard unsafe starts.first == 0, unsafe starts.last == UInt64(bytes.count) else { return false }
            return unsafe zip(starts, starts.dropFirst()).allSatisfy { $0 <= $1 }
        }
        guard isSound else { return nil }
        self.bytes = bytes
        self.starts = starts
    }

    /// The number of a term, found by bisection; `nil` where there is none.
    func number(of term: String) -> Int? {
        let term = Array(term.utf8)
        return unsafe bytes.withUnsafeBufferPointer { bytes in
            unsafe starts.withUnsafeBufferPointer { starts in
                var range = 0..<count
                while !range.isEmpty {
                    let middle = range.lowerBound + range.count / 2
                    let candidate = unsafe bytes[Int(starts[middle])..<Int(starts[middle + 1])]
                    if unsafe candidate.elementsEqual(term) { return middle }
                    if unsafe candidate.lexicographicallyPrecedes(term) {
                        range = middle + 1..<range.upperBound
                    } else {
                        range = range.lowerBound..<middle
                    }
                }
                return nil
            }
        }
    }
}
