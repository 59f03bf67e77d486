import IndexFiles

/// A term of the index: a stem of the word lane, or an identifier.
package struct LexicalTerm: Sendable, Hashable {
    package let lane: TermLane
    package let text: String

    package init(lane: TermLane, text: String) {
        self.lane = lane
        self.text = text
    }

    /// The term's key in the dictionary.
    var bytes: [UInt8] {
        switch lane {
        case .word: Array(text.utf8)
        case .identifier: [IdentifierBuffer.lanePrefix] + Array(text.utf8)
        }
    }
}

/// A term and how much the query asks for it; once is 1.
package struct WeightedTerm: Sendable, Equatable {
    package let term: LexicalTerm
    package let weight: Float
}

/// A question as terms, each once, in the order of their first occurrence.
package struct LexicalQuery: Sendable, Equatable {
    /// Terms beyond this many are left out: a pasted log asks no better question than its beginning.
    package static let termCountMax = 1024
    /// Terms that are searched: the most telling ones of a longer query. Nothing is lost by it on a handbook's tickets
    /// (`docs/decisions/0021-what-is-searched-for-a-ticket.md`).
    package static let tellingTermCount = 64
    /// How late a term repeated in the query saturates: k₃ of Okapi BM25 (Robertson et al. 1994, TREC-3).
    static let repetitionSaturation: Float = 8

    package let terms: [WeightedTerm]
    package var identifiers: [String] { terms.filter { $0.term.lane == .identifier }.map(\.term.text) }
    package var isEmpty: Bool { terms.isEmpty }

    /// The terms of a text. Function words are dropped unless there is nothing else.
    package init(_ text: String, analyser: Analyser) {
        let analysed = analyser.terms(of: text)
        let telling = analysed.words.filter { !FunctionWords.stems.contains($0) }
        let words = telling.isEmpty && analysed.identifiers.isEmpty ? analysed.words : telling
        self.init(
            identifiers: analysed.identifiers.map { LexicalTerm(lane: .identifier, text: $0) },
            words: words.map { LexicalTerm(lane: .word, text: $0) })
    }

    /// The `count` terms that tell most, in the query's order, earlier ones before others that tell as much.
    func narrowed(to count: Int, by telling: (WeightedTerm) -> Float) -> LexicalQuery {
        guard terms.count > count else { return self }
        var top = TopRows(limit: count)
        for (place, term) in terms.enumerated() { top.insert(ScoredRow(row: place, score: telling(term))) }
        return LexicalQuery(terms: top.sorted().map(\.row).sorted().map { terms[$0] })
    }

    private init(terms: [WeightedTerm]) { self.terms = terms }

    /// Identifiers come first, so that they survive the limit.
    private init(identifiers: [LexicalTerm], words: [LexicalTerm]) {
        var counts: [LexicalTerm: Int] = [:]
        var distinct: [LexicalTerm] = []
        for term in identifiers + words {
            counts[term, default: 0] += 1
            if counts[term] == 1 { distinct.append(term) }
        }
        terms = distinct.prefix(Self.termCountMax).map { term in
            let count = Float(counts[term, default: 1])
            let saturation = Self.repetitionSaturation
            return WeightedTerm(term: term, weight: count * (saturation + 1) / (count + saturation))
        }
    }
}
