/// The constants of BM25, written into the index that they built.
///
/// Fields are combined as if the title were repeated `titleWeight` times in the text, before saturation (Robertson, Zaragoza
/// & Taylor 2004, "Simple BM25 extension to multiple weighted fields", <https://doi.org/10.1145/1031171.1031181>).
package struct LexicalOptions: Sendable, Equatable, Codable {
    /// How late repeated occurrences saturate (Robertson & Zaragoza 2009, "The Probabilistic Relevance Framework", §3.4).
    package var saturation: Float = 1.2
    /// How strongly long rows are held back, 0 to 1: the paper's `b`.
    package var lengthNormalisation: Float = 0.75
    package var titleWeight: UInt8 = 2
    package var headingWeight: UInt8 = 1
    package var bodyWeight: UInt8 = 1
    /// What a match of an identifier counts beside one of a word.
    package var identifierWeight: Float = 1

    package init() {}

    /// Bounds within which a score is positive and finite for any row.
    static let factorRange: ClosedRange<Float> = 0.001...1000

    var isValid: Bool {
        Self.factorRange.contains(saturation) && Self.factorRange.contains(identifierWeight)
            && (0...1).contains(lengthNormalisation)
    }
}
