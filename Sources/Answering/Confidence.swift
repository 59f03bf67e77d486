import Foundation
import Retrieval

/// How sure retrieval makes us that a page answers a ticket: a logistic model of what both lanes think of its passages.
///
/// The weights were fitted on the handbook's `dev` tickets; `docs/decisions/0007-refusal-evidence.md` says how.
struct Confidence: Equatable {
    /// Cosine of the passage nearest in meaning.
    let cosine: Double
    /// How many rare terms the passage with the most telling words in common would have to share to score as it does:
    /// its BM25 by the weight of a term that no other row has, so that it means the same in a small collection.
    let sharedTermCount: Double

    /// Below it the resolver refuses.
    static let threshold = 0.3
    private static let (bias, cosineWeight, sharedTermWeight) = (-10.4, 7.5, 3.2)

    init(of passages: [Passage], rareTermScore: Float) {
        cosine = passages.map { Double($0.scores.dense) }.max() ?? 0
        sharedTermCount = Double((passages.map(\.scores.lexical).max() ?? 0) / max(rareTermScore, 1))
    }

    /// From 0 to 1.
    var value: Double {
        1 / (1 + exp(-(Self.bias + Self.cosineWeight * cosine + Self.sharedTermWeight * log1p(sharedTermCount))))
    }

    var isSufficient: Bool { value >= Self.threshold }
}
