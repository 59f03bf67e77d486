/// The candidate that differs in the fewest letters, where that is at most a third of them and two at least.
func nearest(to word: String, among candidates: [String]) -> String? {
    let scored = candidates.map { (distance: editDistance(word.lowercased(), $0), word: $0) }
    guard let best = scored.min(by: { $0.distance < $1.distance }) else { return nil }
    return best.distance <= max(2, best.word.count / 3) ? best.word : nil
}

/// How many letters have to be changed, added or left out to make one word of another (Levenshtein's distance); of long
/// words the beginnings are compared.
package func editDistance(_ left: String, _ right: String) -> Int {
    let (left, right) = (Array(left.prefix(wordLengthMax)), Array(right.prefix(wordLengthMax)))
    var row = Array(0...right.count)
    for (place, letter) in left.enumerated() {
        var diagonal = row[0]
        row[0] = place + 1
        for column in right.indices {
            let substituted = diagonal + (letter == right[column] ? 0 : 1)
            diagonal = row[column + 1]
            row[column + 1] = min(substituted, row[column] + 1, diagonal + 1)
        }
    }
    return row[right.count]
}

private let wordLengthMax = 32
