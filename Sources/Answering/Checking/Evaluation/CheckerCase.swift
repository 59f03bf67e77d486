package import Documents
import Foundation
import LinearAlgebra

/// A statement with the span that it cites, and whether the span says it.
package struct CheckerCase: Sendable, Equatable {
    package enum Truth: Sendable, Equatable {
        /// As it stands in the page.
        case verbatim
        /// In other words.
        case paraphrase
        /// False in one place.
        case corrupted(Corruption.Kind)
        /// True, but the span is another one of the page.
        case misplaced

        package var name: String {
            switch self {
            case .verbatim: "verbatim"
            case .paraphrase: "paraphrase"
            case .corrupted(let kind): kind.rawValue
            case .misplaced: "misplaced"
            }
        }

        package var isSupported: Bool { self == .verbatim || self == .paraphrase }
    }

    package let document: String
    package let statement: String
    package let quote: String
    package let truth: Truth
}

/// A paraphrase of a span of the handbook, written by hand.
package struct Paraphrase: Sendable, Decodable {
    package enum Split: String, Sendable, Decodable {
        /// To fit the weights and write the rules on.
        case fit
        case heldOut = "held-out"
    }

    /// The page's id.
    package let document: String
    package let split: Split
    package let quote: String
    package let paraphrase: String
}

/// A page with its bytes.
package struct CheckedPage: Sendable {
    package var id: String { document.id }
    let document: Document
    let bytes: [UInt8]

    package init(_ document: Document, bytes: [UInt8]) {
        self.document = document
        self.bytes = bytes
    }

    /// What a draft would quote of the page, with the spans, nothing filled in.
    var statements: [(text: String, quote: String)] {
        let reader = UnitReader(page: document, bytes: bytes)
        var values = ParameterValues([:], for: [])
        return document.sections.flatMap(reader.units).map { unit in
            (unit.text(filling: &values), String(decoding: bytes[unit.byteRange], as: UTF8.self))
        }
    }
}

extension CheckerCase {
    /// Each statement of the page as it is, made false in every way that it has a place for, and with another's span.
    package static func cases(of page: CheckedPage, seed: UInt64) -> [CheckerCase] {
        var maker = CaseMaker(page, seed: seed)
        return page.statements.flatMap { maker.cases(of: $0.text, quote: $0.quote, truth: .verbatim) }
    }

    /// The paraphrases of one page, likewise.
    package static func cases(
        of paraphrases: [Paraphrase], in page: CheckedPage, seed: UInt64
    ) -> [CheckerCase] {
        var maker = CaseMaker(page, seed: seed)
        return paraphrases.flatMap { maker.cases(of: $0.paraphrase, quote: $0.quote, truth: .paraphrase) }
    }
}

private struct CaseMaker {
    let page: CheckedPage
    let quotes: [String]
    let corruptor: Corruptor
    var random: SplitMix64

    init(_ page: CheckedPage, seed: UInt64) {
        self.page = page
        quotes = page.statements.map(\.quote)
        corruptor = Corruptor(page: String(decoding: page.bytes, as: UTF8.self))
        random = SplitMix64(seed: seed)
    }

    mutating func cases(of statement: String, quote: String, truth: CheckerCase.Truth) -> [CheckerCase] {
        let id = page.document.id
        let own = CheckerCase(document: id, statement: statement, quote: quote, truth: truth)
        let corrupted = corruptor.corruptions(of: statement, using: &random).map { corruption in
            CheckerCase(document: id, statement: corruption.text, quote: quote, truth: .corrupted(corruption.kind))
        }
        let others = quotes.filter { !$0.contains(quote) && !quote.contains($0) }
        let misplaced = others.randomElement(using: &random).map { other in
            CheckerCase(document: id, statement: statement, quote: other, truth: .misplaced)
        }
        return [own] + corrupted + [misplaced].compactMap(\.self)
    }
}
