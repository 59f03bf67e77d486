import Answering
import Foundation
import Retrieval
import Storage
import TestSupport
import Testing
import TextEmbedding
import Tickets

/// Pages that are really ingested, and searched with the real model.
struct Library {
    static let audiences = ["public", "internal"]

    let folder: TemporaryFolder
    let store: Store
    let searcher: Searcher

    /// - Parameter pages: texts by their paths.
    init(_ pages: [String: String]) throws {
        let folder = try TemporaryFolder()
        for (path, text) in pages { try folder.write(text, to: "docs/" + path) }
        try self.init(of: folder.url.appending(path: "docs"), in: folder)
    }

    /// The pages of a folder, kept in another.
    init(of pages: URL, in folder: TemporaryFolder) throws {
        self.folder = folder
        store = try Store(in: folder.url.appending(path: "data"), creating: true)
        let embedder = Embedder.model(try TextEncoder(contentsOf: Repository.model, precision: .int8))
        let indexes = folder.url.appending(path: "indexes")
        let order = AudienceOrder(names: Self.audiences, defaultAudience: "internal")
        let ingester = Ingester(store: store, embedder: embedder, indexes: indexes, audiences: order, report: { _ in })
        #expect(try ingester.ingest([pages]).errors == [])
        searcher = try Searcher(store: store, embedder: embedder, indexes: indexes)
    }

    /// - Parameter ticket: JSON
    func draft(_ ticket: String, visible: [String] = audiences) throws -> Draft {
        let resolver = Resolver(searcher: searcher, visible: visible, allAudiences: Self.audiences)
        return try resolver.resolve(Ticket(json: Data(ticket.utf8))).draft
    }
}
