import Foundation
import Retrieval

/// How sure retrieval makes us that a page answers a ticket: a logistic model of what both lanes think of its passages.
///
/// The weights were fitted on the handbook's `dev` tickets; `docs/decisions/0007-refusal-evidence.md` says how.
struct Confidence: Equatable {
    /// Cosine of the passage nearest in meaning.
    let cosine: Double
    /// BM25 of the passage with the most telling words in common.
    let bm25: Double

    /// Below it the resolver refuses.
    static let threshold = 0.3
    private static let (bias, cosineWeight, bm25Weight) = (-14.7, 7.5, 2.9)

    init(of passages: [Passage]) {
        cosine = passages.map { Double($0.scores.dense) }.max() ?? 0
        bm25 = passages.map { Double($0.scores.lexical) }.max() ?? 0
    }

    /// From 0 to 1.
    var value: Double {
        1 / (1 + exp(-(Self.bias + Self.cosineWeight * cosine + Self.bm25Weight * log1p(bm25))))
    }

    var isSufficient: Bool { value >= Self.threshold }
}
