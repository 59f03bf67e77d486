import IndexFiles
import LexicalSearch
import Storage
import Synchronization

/// The lanes of one snapshot by the readers that ask: how telling a word is, how long pages are, and so every score, is
/// reckoned from the pages that such readers may see, and says nothing of the others.
final class ReaderLanes: Sendable {
    private let known = Mutex<[Set<String>: Lanes]>([:])

    /// The lanes that were made for these audiences before, or that `make` makes.
    func lanes(for audiences: Set<String>, _ make: () -> Lanes) -> Lanes {
        known.withLock { known in
            if let lanes = known[audiences] { return lanes }
            let lanes = make()
            known[audiences] = lanes
            return lanes
        }
    }
}

extension IndexSnapshot {
    /// The lanes as if there were no pages but those of these audiences.
    func lanes(for audiences: [String]) -> Lanes {
        let readers = Set(audiences)
        return readerLanes.lanes(for: readers) {
            let isVisible = documents.map { document in document.map { readers.contains($0.audience) } }
            if !isVisible.contains(false) { return lanes }
            let live = RowSet(rowCount: rows.count) { row in isVisible[Int(rows.documentOfRow[row])] ?? false }
            return Lanes(vectors: lanes.vectors, lexical: LexicalSnapshot(segments.map(\.postings), live: live))
        }
    }
}
