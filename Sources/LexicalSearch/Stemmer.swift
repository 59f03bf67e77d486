import CStemmer

/// Snowball's English stemmer (Porter2, <https://snowballstem.org/algorithms/english/stemmer.html>).
///
/// One stemmer serves one caller at a time: it answers from a buffer of its own, which is why stemming mutates.
@safe struct Stemmer: ~Copyable, @unchecked Sendable {
    private let handle: OpaquePointer

    init() {
        guard let handle = unsafe sb_stemmer_new("english", "UTF_8") else {
            preconditionFailure("libstemmer has no English stemmer for UTF-8")
        }
        unsafe self.handle = unsafe handle
    }

    deinit { unsafe sb_stemmer_delete(handle) }

    /// Calls `body` with the stem of a lower-case word: `connections` → `connect`.
    ///
    /// Words with a digit are names of something and stay whole. The stem is valid for the call only.
    mutating func stem<Result>(_ word: Span<UInt8>, _ body: (Span<UInt8>) -> Result) -> Result {
        for position in word.indices where word[position] &- UInt8(ascii: "0") < 10 { return body(word) }
        let bytes = unsafe word.withUnsafeBufferPointer { word in
            unsafe sb_stemmer_stem(handle, word.baseAddress, Int32(word.count))
        }
        // Null means that memory ran out inside the library: the word itself is a usable term.
        guard let bytes = unsafe bytes else { return body(word) }
        let stem = unsafe UnsafeBufferPointer(start: bytes, count: Int(sb_stemmer_length(handle)))
        return unsafe body(stem.span)
    }
}
