/// An estimate of how many word pieces a tokenizer of the BERT family makes of a text, without its vocabulary.
///
/// A word counts one for each started 12 bytes of letters and digits (long and foreign words fall into several pieces), a
/// punctuation mark or symbol one, an ideograph or a syllable of Hangul one: `kubectl get pods -n web` → 6.
package func pieceCountEstimate(of text: some Sequence<UInt8>) -> Int {
    var counter = PieceCounter()
    for byte in text { counter.add(byte) }
    return counter.count
}

/// Counts word pieces byte by byte of UTF-8.
struct PieceCounter {
    /// A word of this many bytes is one piece.
    static let wordByteCountMax = 12

    private(set) var count = 0
    private var wordByteCount = 0

    mutating func add(_ byte: UInt8) {
        switch byte {
        case 0x61...0x7A, 0x41...0x5A, 0x30...0x39, 0xC2...0xDF:
            if wordByteCount % Self.wordByteCountMax == 0 { count += 1 }
            wordByteCount += 1
        case 0x80...0xBF:
            // The rest of a scalar: it belongs to a word where its first byte did.
            if wordByteCount > 0 { wordByteCount += 1 }
        case 0...0x20: wordByteCount = 0
        default:
            // ASCII punctuation, or the first byte of a scalar from U+0800 on.
            count += 1
            wordByteCount = 0
        }
    }
}
