import Foundation
import LinearAlgebra

/// A claim about a document, and whether the document says so: a line of `grounding/summedits-dev`.
package struct GroundingClaim: Sendable, Decodable {
    package let set: String
    package let context: String
    package let claim: String
    /// 1 where the document supports it.
    package let label: Int

    package init(set: String, context: String, claim: String, label: Int) {
        self.set = set
        self.context = context
        self.claim = claim
        self.label = label
    }
}

/// How well the checker's parts tell true claims about whole documents from false ones, each set judged by weights that
/// the others gave.
package struct GroundingBenchmark {
    package struct Row: Sendable, Equatable {
        package let set: String
        package let count: Int
        /// Share of the true claims that are kept, and of the false ones that are not.
        package let keptShare: Double
        package let caughtShare: Double

        package var balancedAccuracy: Double { (keptShare + caughtShare) / 2 }
    }

    private static let ridge = 1.0

    package init() {}

    /// A row a set. Sets of which nothing is left to fit on are judged by chance.
    package func rows(_ claims: [GroundingClaim]) throws -> [Row] {
        var documents: [String: GroundingDocument] = [:]
        let features = claims.map { claim in
            let document = documents[claim.context] ?? GroundingDocument(claim.context)
            documents[claim.context] = document
            return document.features(of: claim.claim)
        }
        return try Set(claims.map(\.set)).sorted().map { set in
            let (own, others) = (
                claims.indices.filter { claims[$0].set == set }, claims.indices.filter { claims[$0].set != set }
            )
            let fit = try Self.fit(others.map { features[$0] }, others.map { claims[$0].label == 1 })
            func share(_ label: Int) -> Double {
                let same = own.filter { claims[$0].label == label }
                let right = same.count { (fit.logit(of: features[$0]) >= 0) == (label == 1) }
                return Double(right) / Double(max(same.count, 1))
            }
            return Row(set: set, count: own.count, keptShare: share(1), caughtShare: share(0))
        }
    }

    private static func fit(_ rows: [[Double]], _ labels: [Bool]) throws -> LogisticRegression {
        let trueCount = Double(labels.count(where: \.self))
        let falseCount = Double(labels.count) - trueCount
        let importance = labels.map { $0 ? falseCount / max(trueCount, 1) : 1 }
        return try LogisticRegression(fitting: rows, labels: labels, importance: importance, ridge: ridge)
    }
}

/// A long text, read once for all claims about it: as a whole, and in windows of a few sentences.
private struct GroundingDocument {
    private let whole: ComparedTokens
    private let windows: [(tokens: ComparedTokens, words: Set<String>)]

    private static let windowSentenceCount = 3

    init(_ text: String) {
        whole = ComparedTokens(CheckedText(FlatText(text)))
        let sentences = Self.sentences(of: text)
        windows = sentences.indices.map { index in
            let texts = sentences[index..<min(index + Self.windowSentenceCount, sentences.count)]
            let tokens = ComparedTokens(CheckedText(FlatText(texts.joined(separator: "\n"))))
            return (tokens, tokens.words)
        }
    }

    private static func sentences(of text: String) -> [String] {
        text.split(separator: "\n").flatMap { line in
            let bytes = Array(line.utf8)
            return sentenceRanges(in: bytes, of: 0..<bytes.count).map { String(decoding: bytes[$0], as: UTF8.self) }
        }
    }

    /// `[4]`: facts that the document lacks, and things in each other's place (as logarithms), the share of words that
    /// it lacks; and of the sentence that fares worst, beside the window that has most of its words, the share denied
    /// in one of both only.
    func features(of claim: String) -> [Double] {
        let said = ComparedTokens(CheckedText(FlatText(claim)))
        let sense = SenseCheck(said, whole)
        let differences = DifferenceCheck(said, whole, TokenAlignment(said, whole)).reasons()
        let denied = Self.sentences(of: claim).map { sentence in
            let tokens = ComparedTokens(CheckedText(FlatText(sentence)))
            let words = tokens.words
            let best = windows.max { $0.words.intersection(words).count < $1.words.intersection(words).count }
            return best.map { SenseCheck(tokens, $0.tokens).deniedShare } ?? 0
        }
        return [
            log1p(Double(FactCheck(said, whole).reasons().count)),
            log1p(Double(differences.count { $0.kind == .exchange || $0.kind == .uncovered })), sense.uncoveredShare,
            denied.max() ?? 0,
        ]
    }
}

extension ComparedTokens {
    /// What is neither an article nor the like.
    fileprivate var words: Set<String> { Set(tokens.filter { !$0.isFunction }.map(\.key)) }
}
