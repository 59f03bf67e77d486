package import IndexFiles

extension LexicalIndex {
    /// Whether the rows of a set have the terms, occurrences and lengths of another index's rows, in their order.
    ///
    /// - Precondition: a set over this index's rows.
    package func isEqual(to other: LexicalIndex, on rows: RowSet) -> Bool {
        precondition(rows.rowCount == rowCount, "the set of rows belongs to another index")
        let members = rows.rows
        guard members.count == other.rowCount,
            members.indices.allSatisfy({ lengths[members[$0]] == other.lengths[$0] })
        else { return false }
        var rank = [UInt32](repeating: .max, count: rowCount)
        for (place, row) in members.enumerated() { rank[row] = UInt32(place) }
        var found = 0
        for term in 0..<dictionary.count {
            let mine = postings.range(of: term).filter { rank[Int(postings.rows[$0])] != .max }
            guard !mine.isEmpty else { continue }
            guard let number = other.dictionary.number(of: dictionary.bytes(of: term)) else { return false }
            let theirs = other.postings.range(of: number)
            guard mine.count == theirs.count,
                zip(mine, theirs).allSatisfy({
                    rank[Int(postings.rows[$0])] == other.postings.rows[$1]
                        && postings.counts[$0] == other.postings.counts[$1]
                })
            else { return false }
            found += 1
        }
        return found == other.dictionary.count
    }
}
