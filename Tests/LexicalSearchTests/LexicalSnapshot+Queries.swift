import LexicalSearch

extension LexicalSnapshot {
    /// The scores that a search gives the rows.
    func scores(_ query: LexicalQuery, of rows: [Int]) -> [Float] { scores(resolved(query), of: rows).all }

    func highestScore(_ query: LexicalQuery) -> Float { resolved(query).highestScore }
}
