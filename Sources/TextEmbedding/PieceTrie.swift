/// The vocabulary's pieces as a trie over UTF-8 bytes, for the longest match in one walk.
///
/// Edges live in one open-addressed table keyed by node and byte, so that a node costs nothing but its edges.
struct PieceTrie: Sendable {
    /// The first piece of a word starts here, the others, written `##piece`, at `continuation`.
    static let start: UInt32 = 0
    static let continuation: UInt32 = 1
    static let noPiece: Int32 = -1

    /// `node << 8 | byte`, or `emptyKey`.
    private var keys: [UInt64]
    private var children: [UInt32]
    /// The piece that ends at each node.
    private var pieces: [Int32] = [noPiece, noPiece]
    private var edgeCount = 0

    private static let emptyKey = UInt64.max
    /// 2⁶⁴ divided by the golden ratio: Knuth, The Art of Computer Programming 3, 6.4, multiplicative hashing.
    private static let multiplier: UInt64 = 0x9E37_79B9_7F4A_7C15

    /// - Parameter byteCount: the most bytes that will be inserted.
    init(byteCount: Int) {
        var capacity = 64
        while capacity < 2 * byteCount { capacity *= 2 }
        keys = [UInt64](repeating: Self.emptyKey, count: capacity)
        children = [UInt32](repeating: 0, count: capacity)
        pieces.reserveCapacity(byteCount)
    }

    /// Adds a piece; the later of two equal pieces stays.
    mutating func insert(_ bytes: some Sequence<UInt8>, from root: UInt32, piece: Int32) {
        var node = root
        for byte in bytes { node = insertChild(of: node, byte) }
        pieces[Int(node)] = piece
    }

    private mutating func insertChild(of node: UInt32, _ byte: UInt8) -> UInt32 {
        let key = UInt64(node) << 8 | UInt64(byte)
        var slot = slot(of: key)
        while keys[slot] != Self.emptyKey {
            if keys[slot] == key { return children[slot] }
            slot = (slot + 1) & (keys.count - 1)
        }
        edgeCount += 1
        precondition(edgeCount < keys.count, "a trie holds the bytes that it was made for")
        keys[slot] = key
        children[slot] = UInt32(pieces.count)
        pieces.append(Self.noPiece)
        return children[slot]
    }

    private func slot(of key: UInt64) -> Int {
        Int(truncatingIfNeeded: (key &* Self.multiplier) >> 32) & (keys.count - 1)
    }

    /// The longest piece at the beginning of `bytes[offset...]` and where it ends; `nil` where none matches.
    func longestMatch(in bytes: [UInt8], at offset: Int, from root: UInt32) -> (piece: Int32, end: Int)? {
        var node = root
        var best: (piece: Int32, end: Int)?
        for index in offset..<bytes.count {
            guard let child = child(of: node, bytes[index]) else { break }
            node = child
            let piece = pieces[Int(node)]
            if piece != Self.noPiece { best = (piece, index + 1) }
        }
        return best
    }

    private func child(of node: UInt32, _ byte: UInt8) -> UInt32? {
        let key = UInt64(node) << 8 | UInt64(byte)
        var slot = slot(of: key)
        while true {
            let found = keys[slot]
            if found == key { return children[slot] }
            if found == Self.emptyKey { return nil }
            slot = (slot &+ 1) & (keys.count &- 1)
        }
    }
}
