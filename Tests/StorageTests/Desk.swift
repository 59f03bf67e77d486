import Documents
import Foundation
import GRDB
import Storage
import TestSupport
import Tickets

/// A store in a folder of its own, with short words for what the tests do with it.
struct Desk {
    static let source = "/handbook"
    static let model = "model A"

    let folder: TemporaryFolder
    let store: Store

    init() throws {
        folder = try TemporaryFolder()
        store = try Store(in: folder.url, creating: true)
    }

    /// A second store on the same file, as another process would have.
    func another() throws -> Store { try Store(in: folder.url, creating: false) }

    /// The file by GRDB itself, behind the store's back.
    func raw<Value>(_ body: (Database) throws -> Value) throws -> Value {
        try DatabaseQueue(path: store.path).write(body)
    }

    /// Stores a page by its path in place of what is current there.
    @discardableResult
    func put(
        _ text: String, at path: String = "a.md", id: String? = nil, audience: String = "public",
        narrowing: Bool = false
    ) throws -> StoredDocument {
        let page = try page(text, at: path, id: id, audience: audience)
        try store.store(page, replacing: current(path), narrowsAudience: narrowing)
        return try current(path)!
    }

    func current(_ path: String) throws -> StoredDocument? {
        try store.currentDocuments().first { $0.path == path }
    }

    /// Embeds what is not embedded and serves the next generation.
    @discardableResult
    func serve(model: String = Desk.model) throws -> Int {
        let pending = try store.unembeddedChunks(fingerprint: model, dimension: 4)
        try store.store(embeddings: pending.map { ($0.textHash, vector(of: $0.searchText)) }, fingerprint: model)
        let next = try store.servingState().generation + 1
        try store.serve(
            generation: next, fingerprint: model, chunkCount: try store.counts().chunks,
            at: Date(timeIntervalSince1970: 0))
        return next
    }

    /// The pages that searches show now.
    func served() throws -> [StoredDocument] {
        try store.documents(ofGeneration: store.servingState().generation)
    }

    /// The ids of a page's chunks, in order.
    func chunkIDs(of document: StoredDocument) throws -> [Int64] {
        try raw { db in
            try Int64.fetchAll(
                db, sql: "SELECT id FROM chunk WHERE document_key = ? ORDER BY ordinal", arguments: [document.key])
        }
    }
}

/// A parsed page with its chunks; every chunk is embedded by its title and words.
func page(_ text: String, at path: String, id: String? = nil, audience: String = "public", source: String = Desk.source)
    throws -> DocumentToStore
{
    let bytes = Array((id.map { "---\nid: \($0)\n---\n" } ?? "").utf8) + Array(text.utf8)
    let document = try Document(parsing: bytes, path: path)
    let chunks = Chunker().chunks(of: document)
    return DocumentToStore(
        document: document, bytes: bytes, source: source, audience: audience, chunks: chunks,
        embeddingTexts: chunks.map { document.title + "\n" + $0.searchText })
}

/// A stand-in for a model: any numbers that tell texts apart.
func vector(of text: String) -> [Float] {
    let bytes = Array(text.utf8)
    return [Float(bytes.count), Float(bytes.first ?? 0), -0.5, .pi]
}

let someTicketID = UUID(uuidString: "4852D6E6-0F0B-4D5C-9B1C-2F7A5F0C9E11")!

func ticket(_ id: UUID = someTicketID, subject: String = "Replica lags") throws -> Ticket {
    try Ticket(
        json: Data(
            """
            {"id": "\(id.uuidString)", "created_at": "2026-09-14T08:12:00.25Z", "subject": "\(subject)", "body": "It lags."}
            """.utf8))
}

func uuid(using generator: inout SeededGenerator) -> UUID {
    let bytes = (0..<16).map { _ in UInt8.random(in: 0...255, using: &generator) }
    return bytes.withUnsafeBytes { UUID(uuid: $0.load(as: uuid_t.self)) }
}

/// A draft whose only statement cites these revisions.
func draft(for ticket: UUID, citing revisions: [String]) -> Draft {
    let citations = revisions.map {
        Citation(document: "a", revision: $0, headingPath: [], byteRange: 0..<1, quote: "x")
    }
    return Draft(
        ticket: ticket, status: .answered, reason: nil, confidence: 1,
        statements: [Statement(text: "x", appliesTo: nil, citations: citations)], questions: [], relaxed: [])
}
