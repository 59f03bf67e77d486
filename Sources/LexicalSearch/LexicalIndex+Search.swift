package import IndexFiles
import Synchronization

extension LexicalIndex {
    /// The best rows, best first, equal scores by row number; only rows that have a term of the query.
    ///
    /// An empty query, a limit of 0 and an empty set of rows give no rows.
    ///
    /// - Parameter rows: the rows that may be returned; `nil` for all. They do not change any score.
    /// - Precondition: `limit >= 0`, and `rows` is a set over this index's rows.
    package func search(_ query: LexicalQuery, limit: Int, in rows: RowSet? = nil) -> [ScoredRow] {
        precondition(rows == nil || rows?.rowCount == rowCount, "the set of rows belongs to another index")
        var best = TopRows(limit: min(limit, rowCount))
        guard best.limit > 0, !query.isEmpty else { return [] }
        var scratch = scratches.take(rowCount: rowCount)
        for list in lists(of: query) { scratch.add(list, of: postings, norms: norms) }
        scratch.drain { row, score in
            if score >= best.threshold, rows?.contains(row) ?? true { best.insert(ScoredRow(row: row, score: score)) }
        }
        scratches.give(scratch)
        return best.sorted()
    }

    /// The scores that a search gives the rows, in their order; 0 for a row without any of the query's terms.
    ///
    /// - Precondition: the rows are rows of this index.
    package func scores(_ query: LexicalQuery, of rows: [Int]) -> [Float] {
        precondition(rows.allSatisfy { (0..<rowCount).contains($0) }, "row outside the index")
        var scores = [Float](repeating: 0, count: rows.count)
        for list in lists(of: query) {
            for (place, row) in rows.enumerated() {
                guard let posting = postings.position(of: row, in: list.range) else { continue }
                let count = Float(postings.counts[posting])
                scores[place] += list.weight * (count / (count + norms[row]))
            }
        }
        return scores
    }

    /// The terms of a long query that this index takes for the most telling: by idf, and by how often the query has them;
    /// those that no row has come last.
    package func narrowed(_ query: LexicalQuery) -> LexicalQuery {
        query.narrowed(to: LexicalQuery.tellingTermCount) { weighted in
            let frequency = documentFrequency(of: weighted.term)
            return frequency > 0 ? weight(of: weighted, inverseDocumentFrequency(documentFrequency: frequency)) : 0
        }
    }

    /// What a row would score that has each of the query's terms without end, also those that no row has: no score is
    /// higher.
    package func highestScore(_ query: LexicalQuery) -> Float {
        query.terms.reduce(0) { sum, weighted in
            sum + weight(of: weighted, inverseDocumentFrequency(of: weighted.term))
        }
    }

    /// The query's terms that the index has, in the query's order: scores are summed in this order.
    private func lists(of query: LexicalQuery) -> [PostingList] {
        query.terms.compactMap { weighted in
            guard let number = dictionary.number(of: weighted.term.bytes) else { return nil }
            let range = postings.range(of: number)
            let idf = inverseDocumentFrequency(documentFrequency: range.count)
            return PostingList(range: range, weight: weight(of: weighted, idf))
        }
    }

    private func weight(of weighted: WeightedTerm, _ idf: Float) -> Float {
        let lane = weighted.term.lane == .identifier ? options.identifierWeight : 1
        return weighted.weight * lane * idf * (options.saturation + 1)
    }
}

/// One term's postings and what a full match of it is worth.
struct PostingList {
    let range: Range<Int>
    let weight: Float
}

extension Postings {
    /// Where a row stands among the postings of a range, by bisection.
    fileprivate func position(of row: Int, in range: Range<Int>) -> Int? {
        var range = range
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            if Int(rows[middle]) == row { return middle }
            range = Int(rows[middle]) < row ? middle + 1..<range.upperBound : range.lowerBound..<middle
        }
        return nil
    }
}
