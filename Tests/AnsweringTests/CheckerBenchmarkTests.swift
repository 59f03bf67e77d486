import Answering
import Documents
import Foundation
import TestSupport
import Testing

/// The checker's own construction test, over the handbook: what it must drop, and what it must not.
struct CheckerBenchmarkTests {
    private let pages: [CheckedPage]
    private let paraphrases: [Paraphrase]
    private let texts: [String: String]

    init() throws {
        let root = Repository.root.appending(path: "corpus/docs")
        let paths = try FileManager.default.subpathsOfDirectory(atPath: root.path).sorted()
            .filter { (try? DocumentFormat(ofPath: $0)).map { $0 != .pdf } ?? false }
        let read = try paths.map { path in
            let bytes = Array(try Data(contentsOf: root.appending(path: path)))
            return (try Document(parsing: bytes, path: path), bytes)
        }
        pages = read.map { CheckedPage($0, bytes: $1) }
        texts = Dictionary(uniqueKeysWithValues: read.map { ($0.id, String(decoding: $1, as: UTF8.self)) })
        let fixture = Repository.root.appending(path: "Tests/AnsweringTests/Fixtures/paraphrases.jsonl")
        paraphrases = try String(contentsOf: fixture, encoding: .utf8).split(separator: "\n")
            .map { try JSONDecoder().decode(Paraphrase.self, from: Data($0.utf8)) }
    }

    @Test func paraphrasesQuoteTheirPagesAndAreNoCopies() throws {
        #expect(paraphrases.count >= 300)
        #expect(paraphrases.count { $0.split == .fit } == 150)
        for paraphrase in paraphrases {
            let text = try #require(texts[paraphrase.document], "\(paraphrase.document)")
            #expect(text.contains(paraphrase.quote), "\(paraphrase.quote)")
            #expect(!paraphrase.quote.contains(paraphrase.paraphrase), "\(paraphrase.paraphrase)")
        }
        #expect(Set(paraphrases.map(\.paraphrase)).count == paraphrases.count)
    }

    @Test func corruptionsAreCaughtAndCopiesKept() throws {
        let rows = CheckerBenchmark().rows(pages.flatMap { CheckerCase.cases(of: $0, seed: 7) }, set: "handbook")
        let all = try #require(rows.last)
        #expect(all.count >= 1_000)
        #expect(all.droppedShare >= 0.97)
        for row in rows where !row.isSupported { #expect(row.droppedShare >= 0.93, "\(row)") }
        for row in rows where row.isSupported { #expect(row.droppedShare <= 0.002, "\(row)") }
        #expect(Set(rows.map(\.kind)).isSuperset(of: Corruption.Kind.allCases.map(\.rawValue)))
    }

    @Test func paraphrasesToFitAreKept() throws {
        let fit = paraphrases.filter { $0.split == .fit }
        let checker = StatementChecker()
        let dropped = fit.filter { !checker.judge($0.paraphrase, citing: [$0.quote]).isSupported }
        #expect(Double(dropped.count) <= 0.02 * Double(fit.count), "\(dropped.map(\.paraphrase))")
    }

    /// What a false sentence of other words is caught by is not certain; it must not get worse unseen.
    @Test func falseParaphrasesAreCaughtWhereFactsAre() throws {
        let fit = paraphrases.filter { $0.split == .fit }
        let cases = pages.flatMap { page in
            CheckerCase.cases(of: fit.filter { $0.document == page.id }, in: page, seed: 7)
        }
        let rows = CheckerBenchmark().rows(cases, set: "paraphrases")
        func share(_ kind: String) -> Double { rows.first { $0.kind == kind }?.droppedShare ?? 0 }
        for kind in [Corruption.Kind.code, .flag, .unit, .version] { #expect(share(kind.rawValue) >= 0.95, "\(kind)") }
        #expect(share("misplaced") >= 0.9)
        #expect(share("negationAdded") >= 0.6)
        #expect(share("all corruptions") >= 0.4)
    }

    @Test func theWeightsAreThoseThatTheFitGives() throws {
        let fit = paraphrases.filter { $0.split == .fit }
        let cases = pages.flatMap { page in
            CheckerCase.cases(of: fit.filter { $0.document == page.id }, in: page, seed: 7)
        }
        let fitted = try CheckerFit.weights(for: cases)
        #expect(abs(fitted.bias - CheckerWeights.fitted.bias) < 0.05)
        #expect(zip(fitted.weights, CheckerWeights.fitted.weights).allSatisfy { abs($0 - $1) < 0.05 }, "\(fitted)")
    }

    @Test func theSameSeedMakesTheSameCases() throws {
        let page = try #require(pages.first)
        #expect(CheckerCase.cases(of: page, seed: 7) == CheckerCase.cases(of: page, seed: 7))
        #expect(CheckerCase.cases(of: page, seed: 7) != CheckerCase.cases(of: page, seed: 8))
    }
}
