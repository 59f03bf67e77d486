import Documents
package import Foundation
import IndexFiles
import LexicalSearch
package import Storage
import VectorSearch

/// Something stored that does not agree with the rest.
package struct Discrepancy: Sendable, Equatable {
    package let part: Part
    package let message: String

    package init(part: Part, message: String) { (self.part, self.message) = (part, message) }

    package enum Part: String, Sendable, CaseIterable {
        case database, pages, embeddings, index, drafts
    }
}

/// Compares all that is stored with what it was made of: records with their types, chunks with their pages' bytes, vectors
/// with embeddings, postings with words.
package struct Verification {
    let store: Store
    let indexes: URL
    let report: (VerificationProgress) -> Void
    private(set) var discrepancies: [Discrepancy] = []
    /// What of them can be mended.
    var damage = Damage()

    /// Complaints of one part: what is damaged once is often damaged all over.
    package static let complaintCountMax = 100

    package init(of store: Store, in indexes: URL, report: @escaping (VerificationProgress) -> Void) {
        (self.store, self.indexes, self.report) = (store, indexes, report)
    }

    /// Everything that is wrong, part by part.
    ///
    /// - Complexity: reads the whole database and the index, and cuts every page anew.
    package static func discrepancies(
        of store: Store, in indexes: URL, report: @escaping (VerificationProgress) -> Void
    ) throws -> [Discrepancy] {
        var found: [Discrepancy] = []
        for _ in 1...attemptCountMax {
            let before = try store.dataVersion()
            var verification = Verification(of: store, in: indexes, report: report)
            try verification.run()
            found = verification.discrepancies
            if try found.isEmpty || store.dataVersion() == before { return found }
        }
        let message = "it was changed while it was read; run again when no ingest is running"
        return found + [Discrepancy(part: .database, message: message)]
    }

    /// How often everything is read again where another process changed it meanwhile: what was found may be of two moments.
    private static let attemptCountMax = 4

    /// - Throws: what keeps the database from being read at all, though it may be sound.
    mutating func run() throws {
        do {
            report(.database)
            guard try isFileSound() else { return }
            try checkRecords()
            try checkPages()
            // Of records that cannot be read, or are to be made anew, there is nothing more to ask.
            try checkGenerations()
        } catch let error as StorageError {
            guard error.isOfDamage else { throw error }
            // It was said with its record.
            if discrepancies.isEmpty { complain(.database, error.description) }
        }
    }

    mutating func complain(_ part: Discrepancy.Part, _ message: String) {
        guard discrepancies.count(where: { $0.part == part }) < Self.complaintCountMax else { return }
        discrepancies.append(Discrepancy(part: part, message: message))
    }

    private mutating func checkPages() throws {
        let kept = try store.keptDocuments()
        guard try store.chunkerVersion() == Chunker.version || kept.sound.isEmpty else {
            return complain(.pages, "they were cut by another version of Docket; run `docket ingest`")
        }
        let unsealed = Set(try store.brokenSeals(of: .document).map(\.key))
        damage.pages += kept.damaged.map(\.document)
        for (place, document) in kept.sound.enumerated() {
            report(.pages(done: place, of: kept.sound.count))
            guard let page = try cut(document) else { continue }
            let difference: String? =
                if kept.misplacedKeys.contains(document.key) {
                    "it is shown by other generations than an ingest could have put it in"
                } else if unsealed.contains(document.key) {
                    "its record is not as it was stored (path, source, audience, or what its front matter says)"
                } else {
                    try store.difference(of: document, from: page)
                }
            guard let difference else { continue }
            complain(.pages, "\(document.id): \(difference)")
            damage.pages.append(document)
        }
    }

    /// A page's bytes, parsed and cut; `nil` where they are damaged or refused, which is said.
    private mutating func cut(_ document: StoredDocument) throws -> DocumentToStore? {
        do {
            let bytes = try store.bytes(of: document)
            return DocumentToStore(
                cutting: try Document(parsing: bytes, path: document.path), bytes, source: document.source,
                audience: document.audience)
        } catch let error as DocumentError {
            complain(.pages, "\(document.id): its bytes are refused: \(error.message)")
        } catch let error as StorageError {
            // Of bytes that are damaged or missing the check of the records has said so.
            guard error.isOfDamage else { throw error }
        }
        return nil
    }

    /// Compares the index that a generation has with what it should show.
    mutating func compareIndex(of generation: Generation) throws {
        let snapshot = try IndexSnapshot(of: store, in: indexes, generation: generation.id)
        try snapshot.check()
        let visible = try store.chunkIDs(ofGeneration: generation.id)
        let rows = snapshot.rows.chunks
        let indexed = Set(rows)
        for id in visible where !indexed.contains(id) { complain(.index, "chunk \(id) is served and has no row") }
        var first = 0
        for segment in snapshot.segments {
            try compare(segment, from: first, of: snapshot, fingerprint: generation.fingerprint)
            first += segment.rows.count
        }
    }

    /// Makes the postings anew from the texts of a segment's rows that are left, and compares each vector with its embedding.
    ///
    /// - Parameter first: the row of the whole that is the segment's first.
    private mutating func compare(
        _ segment: IndexSegment, from first: Int, of snapshot: IndexSnapshot, fingerprint: String
    ) throws {
        let (rows, vectors) = (segment.rows, segment.vectors)
        guard let low = rows.chunks.first, let high = rows.chunks.last else { return }
        let live = RowSet(rowCount: rows.count) { snapshot.document(ofRow: first + $0) != nil }
        var postings = LexicalIndexBuilder(analyser: Analyser())
        var complaints: [(Discrepancy.Part, String)] = []
        var (row, misembedded) = (0, [Data]())
        /// Rows up to a chunk's that have no chunk.
        func passOver(upTo end: Int) {
            for missing in row..<end where live.contains(missing) {
                complaints.append((.index, "row \(first + missing) has no chunk in the database"))
            }
        }
        try store.forEachStoredChunk(in: low...high, fingerprint: fingerprint) { chunk, vector in
            guard let place = rows.chunks[row...].firstIndex(where: { $0 >= chunk.id }), rows.chunks[place] == chunk.id
            else { return }
            passOver(upTo: place)
            row = place + 1
            if place % 1000 == 0 { report(.index(done: first + place, of: snapshot.rows.count)) }
            guard live.contains(place) else { return }
            if rows.documents[Int(rows.documentOfRow[place])] != chunk.documentKey {
                complaints.append((.index, "row \(first + place) is of another page than its chunk"))
            }
            postings.append(
                LexicalFields(
                    title: chunk.title, headings: chunk.headingPath.joined(separator: "\n"), body: chunk.searchText))
            guard vector.count == vectors.dimension, vector.allSatisfy(\.isFinite) else {
                complaints.append((.embeddings, "chunk \(chunk.id) has no vector of \(vectors.dimension) numbers"))
                return misembedded.append(chunk.textHash)
            }
            if try !vectors.row(place, is: vector) {
                complaints.append((.index, "the vector of row \(first + place) is not its chunk's embedding"))
            }
        }
        passOver(upTo: rows.count)
        damage.texts += misembedded
        for (part, message) in complaints { complain(part, message) }
        guard complaints.isEmpty else { return }
        let folder = FileManager.default.temporaryDirectory.appending(path: "docket-verify-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let url = folder.appending(path: "postings.docketindex")
        try postings.write(to: url)
        if !segment.postings.isEqual(to: try LexicalIndex(opening: url), on: live) {
            complain(.index, "\(segment.files.postings.path): its postings are not those of the pages' words")
        }
    }
}

/// What a verification is doing, for a progress line.
package enum VerificationProgress: Sendable, Equatable {
    case database
    case pages(done: Int, of: Int)
    case index(done: Int, of: Int)
}
