import LexicalSearch
import Storage

/// Explains the passages of one search.
struct Explainer {
    private let ranking: FusedRanking
    private let snapshot: IndexSnapshot
    private let lexical: LexicalSnapshot
    private let filter: DocumentFilter
    private let analyser: Analyser
    /// The query's words by the terms that they give.
    private let words: [LexicalTerm: String]

    init(
        _ ranking: FusedRanking, of query: String, in snapshot: IndexSnapshot, _ filters: SearchFilters,
        _ analyser: Analyser
    ) throws {
        self.ranking = ranking
        self.snapshot = snapshot
        lexical = snapshot.lanes(for: filters.audiences).lexical
        filter = try DocumentFilter(snapshot.effective(filters))
        self.analyser = analyser
        words = Self.words(of: query, analyser)
    }

    private static func words(of query: String, _ analyser: Analyser) -> [LexicalTerm: String] {
        var words: [LexicalTerm: String] = [:]
        for word in query.split(whereSeparator: \.isWhitespace) {
            let analysed = analyser.terms(of: String(word))
            let terms =
                analysed.words.map { LexicalTerm(lane: .word, text: $0) }
                + analysed.identifiers.map { LexicalTerm(lane: .identifier, text: $0) }
            for term in terms where words[term] == nil { words[term] = bare(word) }
        }
        return words
    }

    private static func bare(_ word: Substring) -> String {
        let bare = word.drop { $0.isPunctuation }.reversed().drop { $0.isPunctuation }.reversed()
        return bare.isEmpty ? String(word) : String(bare)
    }

    /// What the filters' audiences may see.
    var visible: SearchCoverage.Visible {
        let isVisible = snapshot.documents.map { document in document.map(filter.isVisible) ?? false }
        return SearchCoverage.Visible(
            documentCount: isVisible.count(where: \.self),
            chunkCount: snapshot.rows.documentOfRow.count { isVisible[Int($0)] })
    }

    func explanation(of passage: Passage) -> PassageExplanation {
        let place = ranking.candidates.rows.firstIndex(of: passage.row)
        return PassageExplanation(
            parts: ranking.parts.map { part in .init(name: part.name, value: place.map { part.values[$0] } ?? 0) },
            terms: terms(of: passage), filters: filter.reasons(for: passage.document))
    }

    private func terms(of passage: Passage) -> [MatchedTerm] {
        let scores = lexical.termScores(ranking.candidates.terms, of: passage.row)
        guard !scores.isEmpty else { return [] }
        let fields = MatchedTerm.Field.allCases.map { ($0, analyser.terms(of: passage.text(of: $0))) }
        return scores.map { score in
            let term = score.weighted.term
            let isIdentifier = term.lane == .identifier
            return MatchedTerm(
                text: term.text, word: words[term] ?? term.text, isIdentifier: isIdentifier,
                weight: score.weighted.weight, inverseDocumentFrequency: score.inverseDocumentFrequency,
                score: score.score,
                fields: fields.filter { (isIdentifier ? $1.identifiers : $1.words).contains(term.text) }.map(\.0))
        }.sorted { ($1.score, $0.text) < ($0.score, $1.text) }
    }
}

extension Passage {
    /// What the lexical index was given for a field.
    fileprivate func text(of field: MatchedTerm.Field) -> String {
        switch field {
        case .title: document.title
        case .headings: chunk.headingPath.joined(separator: "\n")
        case .body: chunk.searchText
        }
    }
}
