import Foundation
import IndexFiles
import LexicalSearch

/// BM25 as the formula says it, row by row: what the index is held against.
struct ExhaustiveScorer {
    private let rows: [(occurrences: [LexicalTerm: Int], length: Int)]
    private let options: LexicalOptions

    init(_ texts: [LexicalFields], analyser: Analyser, options: LexicalOptions) {
        self.options = options
        rows = texts.map { fields in
            var occurrences: [LexicalTerm: Int] = [:]
            var length = 0
            let weighted = [
                (fields.title, options.titleWeight), (fields.headings, options.headingWeight),
                (fields.body, options.bodyWeight),
            ]
            for (text, weight) in weighted where weight > 0 {
                let analysed = analyser.terms(of: text)
                length += analysed.words.count * Int(weight)
                for word in analysed.words {
                    occurrences[LexicalTerm(lane: .word, text: word), default: 0] += Int(weight)
                }
                for name in analysed.identifiers {
                    occurrences[LexicalTerm(lane: .identifier, text: name), default: 0] += Int(weight)
                }
            }
            return (occurrences, length)
        }
    }

    func search(_ query: LexicalQuery, limit: Int, in included: RowSet?) -> [ScoredRow] {
        let scored = rows.indices.map { ScoredRow(row: $0, score: score(query, of: $0)) }
        return Array(
            scored.filter { $0.score > 0 && included?.contains($0.row) ?? true }.sorted { $0.ranksBefore($1) }.prefix(
                limit))
    }

    func score(_ query: LexicalQuery, of row: Int) -> Float {
        var score: Float = 0
        for weighted in query.terms {
            guard let occurrences = rows[row].occurrences[weighted.term] else { continue }
            let lane = weighted.term.lane == .identifier ? options.identifierWeight : 1
            let weight = weighted.weight * lane * inverseDocumentFrequency(of: weighted.term) * (options.saturation + 1)
            let count = Float(min(occurrences, 255))
            score += weight * (count / (count + norm(of: row)))
        }
        return score
    }

    func inverseDocumentFrequency(of term: LexicalTerm) -> Float {
        let frequency = Double(rows.count { $0.occurrences[term] != nil })
        let rowCount = Double(max(rows.count, LexicalSnapshot.rowCountMin))
        return Float(log(1 + (rowCount - frequency + 0.5) / (frequency + 0.5)))
    }

    private func norm(of row: Int) -> Float {
        let mean = rows.reduce(0.0) { $0 + Double($1.length) } / Double(rows.count)
        let (k, b) = (Double(options.saturation), Double(options.lengthNormalisation))
        return Float(k * (1 - b + b * Double(rows[row].length) / mean))
    }
}
