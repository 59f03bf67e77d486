/// Turns text into the terms that are indexed and searched: stems of words, and identifiers as they are.
///
///     Analyser().terms(of: "Connections fail with E4304")
///     // words: connect fail with e4304; identifiers: e4304
///
/// The same text gives the same terms on every machine. Documents and queries go through the same analyser; an index
/// remembers its version.
package struct Analyser: Sendable {
    /// Raised whenever some text's terms change: indexes of another version are refused.
    package static let version = 1

    private let table = ScalarTable.shared

    package init() {}

    /// The text's words and identifiers, in order, repeated as often as they occur.
    package func terms(of text: String) -> AnalysedText {
        var analysed = AnalysedText()
        var stemmer = Stemmer()
        scan(text) { term, lane in
            switch lane {
            case .word: stemmer.stem(term) { stem in analysed.words.append(string(stem)) }
            case .identifier: analysed.identifiers.append(string(term.extracting(1..<term.count)))
            }
        }
        return analysed
    }

    /// The stems of words that are lower case already, one each: `connections` → `connect`.
    package func stems(of words: [String]) -> [String] {
        var stemmer = Stemmer()
        return words.map { word in stemmer.stem(word.utf8.span) { stem in string(stem) } }
    }

    /// Calls `emit` with each word (folded, not stemmed) and each identifier (behind its lane's prefix).
    func scan(_ text: String, emit: (Span<UInt8>, TermLane) -> Void) {
        var scanner = TextScanner(table: table)
        scanner.scan(text.utf8.span, emit: emit)
    }
}

/// What an analyser made of a text.
package struct AnalysedText: Sendable, Equatable {
    /// Stems in the order of the text; function words are kept.
    package var words: [String] = []
    /// Identifiers in canonical form, such as `e4304`, `--no-verify`, `/etc/nginx/nginx.conf`.
    package var identifiers: [String] = []
}

private func string(_ bytes: Span<UInt8>) -> String {
    unsafe bytes.withUnsafeBufferPointer { bytes in unsafe String(decoding: bytes, as: UTF8.self) }
}
