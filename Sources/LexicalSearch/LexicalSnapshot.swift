import Foundation
package import IndexFiles

/// BM25 over the rows that are left of several indexes: any number of threads may search it at once.
///
/// The score of a row is the sum over the query's terms of `weight · idf · (k₁ + 1) · tf / (tf + k₁ · (1 - b + b · length / mean))`
/// with `idf = ln(1 + (N - df + ½) / (df + ½))` (Robertson & Zaragoza 2009, "The Probabilistic Relevance Framework: BM25 and
/// Beyond", <https://doi.org/10.1561/1500000019>). N, df and the mean are those of the rows that are left, so that scores
/// are those of one index of these rows alone.
package final class LexicalSnapshot: Sendable {
    /// A smaller index weighs its terms as if it had this many rows: that a word stands on each of ten pages says how few
    /// pages there are, not how little the word tells.
    package static let rowCountMin = 1_000
    /// Of all indexes, with those that are gone: rows are numbered through.
    package var rowCount: Int { runs.rowCount }
    package let options: LexicalOptions
    private let segments: [LexicalSegment]
    private let runs: RowRuns
    private let liveCount: Int
    /// `nil` where all rows are left.
    private let live: RowSet?
    private let scratches: ScratchPool

    /// - Parameter live: the rows that are left, numbered through the indexes in their order; all where `nil`.
    /// - Precondition: the indexes were built with the same options.
    package init(_ indexes: [LexicalIndex], live: RowSet? = nil) {
        options = indexes.first?.options ?? LexicalOptions()
        runs = RowRuns(counts: indexes.map(\.rowCount))
        precondition(indexes.allSatisfy { [options] in $0.options == options }, "indexes of other options")
        precondition(live == nil || live?.rowCount == runs.rowCount, "the set of rows belongs to other indexes")
        var segments = zip(indexes, runs.ranges).map { index, range in
            LexicalSegment(index, live: live?.slice(range) ?? RowSet(rowCount: index.rowCount) { _ in true })
        }
        liveCount = segments.reduce(0) { $0 + $1.liveCount }
        self.live = liveCount == runs.rowCount ? nil : live
        let length = segments.reduce(0) { $0 + $1.liveLength }
        for place in segments.indices {
            segments[place].setNorms(meanLength: length > 0 ? length / Double(liveCount) : 1)
        }
        self.segments = segments
        scratches = ScratchPool(rowCount: indexes.map(\.rowCount).max() ?? 0)
    }

    package convenience init(_ index: LexicalIndex) { self.init([index]) }

    /// The best rows, best first, equal scores by row number; only rows that have a term of the query.
    ///
    /// An empty query, a limit of 0 and an empty set of rows give no rows.
    ///
    /// - Parameter rows: the rows that may be returned, of those that are left; `nil` for all of these. They do not change
    ///   any score.
    /// - Precondition: `limit >= 0`, and `rows` is a set over all rows.
    package func search(_ query: LexicalQuery, limit: Int, in rows: RowSet? = nil) -> [ScoredRow] {
        search(resolved(query), limit: limit, in: rows)
    }

    /// The same for a query that is looked up already.
    package func search(_ query: ResolvedQuery, limit: Int, in rows: RowSet? = nil) -> [ScoredRow] {
        precondition(rows == nil || rows?.rowCount == rowCount, "the set of rows belongs to another index")
        var best = TopRows(limit: min(limit, rowCount))
        guard best.limit > 0, !query.terms.isEmpty else { return [] }
        let allowed = rows ?? live
        var scratch = scratches.take()
        for (place, segment) in segments.enumerated() {
            for term in query.terms {
                guard let range = term.postings[place] else { continue }
                scratch.add(
                    PostingList(range: range, weight: term.weight), of: segment.index.postings, norms: segment.norms)
            }
            let first = runs.ranges[place].lowerBound
            scratch.drain { row, score in
                if score >= best.threshold, allowed?.contains(first + row) ?? true {
                    best.insert(ScoredRow(row: first + row, score: score))
                }
            }
        }
        scratches.give(scratch)
        return best.sorted()
    }

    /// The scores that a search gives the rows, in their order, and what of them identifiers give; 0 for a row without any
    /// of the query's terms.
    ///
    /// - Precondition: they are rows of one of the indexes.
    package func scores(_ query: ResolvedQuery, of rows: [Int]) -> (all: [Float], identifiers: [Float]) {
        var (all, identifiers): ([Float], [Float]) = ([], [])
        for number in rows {
            let place = runs.run(of: number)
            let row = number - runs.ranges[place].lowerBound
            var (sum, exact): (Float, Float) = (0, 0)
            for term in query.terms {
                guard let share = share(of: term, inRow: row, ofSegment: place) else { continue }
                sum += share
                if term.weighted.term.lane == .identifier { exact += share }
            }
            all.append(sum)
            identifiers.append(exact)
        }
        return (all, identifiers)
    }

    /// What each of the query's terms that a row has gives to its score: in this order, the query's, they add up to what a
    /// search gives it.
    ///
    /// - Precondition: a row of one of the indexes.
    package func termScores(_ query: ResolvedQuery, of row: Int) -> [TermScore] {
        let place = runs.run(of: row)
        return query.terms.compactMap { term in
            share(of: term, inRow: row - runs.ranges[place].lowerBound, ofSegment: place).map {
                TermScore(weighted: term.weighted, inverseDocumentFrequency: term.inverseDocumentFrequency, score: $0)
            }
        }
    }

    /// `nil` where the row, counted within its segment, does not have the term.
    private func share(of term: Term, inRow row: Int, ofSegment place: Int) -> Float? {
        let segment = segments[place]
        guard let range = term.postings[place], let posting = segment.index.postings.position(of: row, in: range)
        else { return nil }
        let count = Float(segment.index.postings.counts[posting])
        return term.weight * (count / (count + segment.norms[row]))
    }
}

/// What a term of a query gives to the score of a row that has it.
package struct TermScore: Sendable, Equatable {
    package let weighted: WeightedTerm
    package let inverseDocumentFrequency: Float
    package let score: Float
}

extension LexicalSnapshot {
    /// A query whose terms were looked up in a snapshot; of use for that one only.
    package struct ResolvedQuery: Sendable {
        /// Those that some segment has, in the query's order: scores are summed in this order.
        fileprivate let terms: [Term]
        /// What a row would score that has each of the query's terms without end, also those that no row has: no score is
        /// higher.
        package let highestScore: Float
    }

    /// A term of a query in every segment, and what a full match of it is worth.
    fileprivate struct Term: Sendable {
        /// By segment; `nil` where the segment does not have it.
        let postings: [Range<Int>?]
        let weighted: WeightedTerm
        let inverseDocumentFrequency: Float
        let weight: Float
    }

    /// Looks up the terms of a query: where some rows are gone, it is their postings that take the time.
    package func resolved(_ query: LexicalQuery) -> ResolvedQuery {
        var (terms, highestScore): ([Term], Float) = ([], 0)
        for weighted in query.terms {
            let postings = segments.map { $0.postings(of: weighted.term) }
            let idf = inverseDocumentFrequency(documentFrequency: documentFrequency(of: postings))
            let weight = weight(of: weighted, idf)
            highestScore += weight
            guard postings.contains(where: { $0 != nil }) else { continue }
            terms.append(
                Term(postings: postings, weighted: weighted, inverseDocumentFrequency: idf, weight: weight))
        }
        return ResolvedQuery(terms: terms, highestScore: highestScore)
    }

    private func weight(of weighted: WeightedTerm, _ idf: Float) -> Float {
        let lane = weighted.term.lane == .identifier ? options.identifierWeight : 1
        return weighted.weight * lane * idf * (options.saturation + 1)
    }

    /// The terms of a long query that these rows take for the most telling: by idf, and by how often the query has them;
    /// those that no row has come last.
    package func narrowed(_ query: LexicalQuery) -> LexicalQuery {
        query.narrowed(to: LexicalQuery.tellingTermCount) { weighted in
            let frequency = documentFrequency(of: weighted.term)
            return frequency > 0 ? weight(of: weighted, inverseDocumentFrequency(documentFrequency: frequency)) : 0
        }
    }

    /// In how many of the rows that are left the term occurs.
    package func documentFrequency(of term: LexicalTerm) -> Int {
        documentFrequency(of: segments.map { $0.postings(of: term) })
    }

    private func documentFrequency(of postings: [Range<Int>?]) -> Int {
        zip(segments, postings).reduce(0) { sum, part in sum + (part.1.map(part.0.liveCount) ?? 0) }
    }

    /// How telling the term is, always positive; the highest for a term that no row has.
    package func inverseDocumentFrequency(of term: LexicalTerm) -> Float {
        inverseDocumentFrequency(documentFrequency: documentFrequency(of: term))
    }

    /// The inverse document frequency of a term that a single row has: the scale of these scores, which grow with the
    /// number of rows.
    package var rarestTermWeight: Float { inverseDocumentFrequency(documentFrequency: 1) }

    private func inverseDocumentFrequency(documentFrequency: Int) -> Float {
        let frequency = Double(documentFrequency)
        let rowCount = Double(max(liveCount, Self.rowCountMin))
        return Float(log(1 + (rowCount - frequency + 0.5) / (frequency + 0.5)))
    }
}
