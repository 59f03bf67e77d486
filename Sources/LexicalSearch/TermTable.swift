/// Numbers byte strings in the order in which they first appear: an open-addressing hash table over one arena of bytes.
///
/// The hash is keyed anew in every process, so that no document can be written to make its words collide; numbers do not
/// depend on it.
struct TermTable {
    private static let initialSlotCount = 1 << 12

    private let key = UInt64.random(in: .min ... .max)
    /// Term number + 1, or 0 for a free slot; a power of two, at most half full.
    private var slots = [UInt32](repeating: 0, count: initialSlotCount)
    private var hashes: [UInt64] = []
    private var bytes: [UInt8] = []
    private var starts = [0]

    var count: Int { hashes.count }
    var byteCount: Int { bytes.count }

    /// The term's number, and whether it is new.
    mutating func intern(_ term: Span<UInt8>) -> (number: Int, isNew: Bool) {
        let hash = hash(of: term)
        var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
        while slots[slot] != 0 {
            let number = Int(slots[slot]) - 1
            if hashes[number] == hash, isEqual(number, to: term) { return (number, false) }
            slot = (slot + 1) & (slots.count - 1)
        }
        slots[slot] = UInt32(count + 1)
        hashes.append(hash)
        for position in term.indices { bytes.append(term[position]) }
        starts.append(bytes.count)
        if count * 2 > slots.count { grow() }
        return (count - 1, true)
    }

    /// Calls `body` with the bytes of a term.
    func withBytes<Result>(of number: Int, _ body: (Span<UInt8>) -> Result) -> Result {
        body(bytes.span.extracting(starts[number]..<starts[number + 1]))
    }

    /// The numbers of all terms in the order of their bytes.
    func sortedNumbers() -> [Int] {
        let prefixes = (0..<count).map { prefix(of: $0) }
        return (0..<count).sorted { first, second in
            guard prefixes[first] == prefixes[second] else { return prefixes[first] < prefixes[second] }
            return bytes[starts[first]..<starts[first + 1]].lexicographicallyPrecedes(
                bytes[starts[second]..<starts[second + 1]])
        }
    }

    /// The first eight bytes as a number that sorts as they do.
    private func prefix(of number: Int) -> UInt64 {
        let byteCount = min(8, starts[number + 1] - starts[number])
        var prefix: UInt64 = 0
        for offset in 0..<byteCount { prefix |= UInt64(bytes[starts[number] + offset]) << UInt64(56 - 8 * offset) }
        return prefix
    }

    private func isEqual(_ number: Int, to term: Span<UInt8>) -> Bool {
        let start = starts[number]
        guard starts[number + 1] - start == term.count else { return false }
        for offset in term.indices where bytes[start + offset] != term[offset] { return false }
        return true
    }

    private func hash(of term: Span<UInt8>) -> UInt64 {
        var hash = key ^ UInt64(term.count)
        var word: UInt64 = 0
        for offset in term.indices {
            word = word << 8 | UInt64(term[offset])
            if offset & 7 == 7 {
                hash = mix(hash ^ word)
                word = 0
            }
        }
        return mix(hash ^ word)
    }

    /// Both halves of a 128-bit product folded together, as in wyhash (<https://github.com/wangyi-fudan/wyhash>).
    private func mix(_ word: UInt64) -> UInt64 {
        let product = (word ^ 0x9E37_79B9_7F4A_7C15).multipliedFullWidth(by: key | 1)
        return product.high ^ product.low
    }

    private mutating func grow() {
        slots = [UInt32](repeating: 0, count: slots.count * 2)
        for (number, hash) in hashes.enumerated() {
            var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
            while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = UInt32(number + 1)
        }
    }
}
