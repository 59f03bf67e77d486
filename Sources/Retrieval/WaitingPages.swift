import Documents
import Storage

/// Pages whose ids other pages held when they were read, until it is known which of those let go of theirs.
struct WaitingPages {
    struct Page {
        let page: DocumentToStore
        /// What is stored at the page's path, under another id.
        let old: StoredDocument?

        fileprivate var wantedID: String { page.document.id }
    }

    private(set) var pages: [Page] = []

    mutating func append(_ page: Page) { pages.append(page) }

    /// Takes out the pages that want an id, and returns them.
    mutating func remove(id: String) -> [Page] {
        let removed = pages.filter { $0.wantedID == id }
        pages.removeAll { $0.wantedID == id }
        return removed
    }

    /// Parts the pages into those that can be stored together and those whose ids stay taken.
    ///
    /// A page lets go of its old id only when it gets its new one. So a page can be stored where its id is free, where
    /// that becomes free because the page that holds it can be stored, and where such a chain of pages ends in itself.
    /// Of several pages that want one id, the first that can be stored gets it; both lists keep the order of reading.
    ///
    /// - Parameter current: what is stored now, without the pages that are gone.
    func parted(by current: [StoredDocument]) -> (storable: [Page], refused: [Page]) {
        let placeByKey = Dictionary(
            pages.indices.compactMap { place in pages[place].old.map { ($0.key, place) } },
            uniquingKeysWith: { first, _ in first })
        let holders = Dictionary(current.map { ($0.id, $0.key) }, uniquingKeysWith: { first, _ in first })
        // A page waits for the one that holds its id, where that waits, too.
        let next = pages.map { holders[$0.wantedID].flatMap { placeByKey[$0] } }
        let free = Set(pages.map(\.wantedID)).subtracting(holders.keys)
        let storable = Self.placesOnCycles(of: next).union(places(following: free))
        return (
            pages.indices.filter(storable.contains).map { pages[$0] },
            pages.indices.filter { !storable.contains($0) }.map { pages[$0] }
        )
    }

    /// The pages that get an id which is free, or which one of them lets go of.
    private func places(following freeIDs: Set<String>) -> Set<Int> {
        let claims = Dictionary(grouping: pages.indices, by: { pages[$0].wantedID })
        var storable: Set<Int> = []
        var free = Array(freeIDs)
        while let id = free.popLast() {
            // A page that was removed meanwhile still seems to let go of an id that was free already.
            guard let place = claims[id]?.first, storable.insert(place).inserted else { continue }
            if let released = pages[place].old?.id { free.append(released) }
        }
        return storable
    }

    /// - Parameter next: by place, the place that it leads to.
    private static func placesOnCycles(of next: [Int?]) -> Set<Int> {
        var walkOf = [Int?](repeating: nil, count: next.count)
        var cycles: Set<Int> = []
        for start in next.indices {
            var place = start
            while walkOf[place] == nil, let following = next[place] {
                walkOf[place] = start
                place = following
            }
            // A walk that comes to where it has been itself went round; one that comes to an earlier walk did not.
            guard walkOf[place] == start else { continue }
            let entry = place
            repeat {
                cycles.insert(place)
                place = next[place] ?? entry
            } while place != entry
        }
        return cycles
    }
}
