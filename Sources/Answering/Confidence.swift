import Foundation
import Retrieval

/// How sure retrieval makes us that a page answers a ticket.
///
/// A logistic model of the evidence; below `threshold` the resolver refuses. The weights were fitted on the handbook's
/// `dev` tickets (`docs/decisions/0007-refusal-evidence.md`).
struct Confidence: Equatable {
    /// Cosine of the best passage of the page.
    let cosine: Double
    /// The share of the ticket's rare words that the page's best passages contain, by inverse document frequency.
    let coverage: Double

    static let threshold = 0.5
    private static let (bias, cosineWeight, coverageWeight) = (-6.0, 9.0, 4.0)

    var value: Double {
        1 / (1 + exp(-(Self.bias + Self.cosineWeight * cosine + Self.coverageWeight * coverage)))
    }

    var isSufficient: Bool { value >= Self.threshold }
}
