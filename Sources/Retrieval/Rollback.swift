package import Foundation
package import Storage

extension Ingester {
    /// Serves another of the newest two generations, whose index has to be sound. What was removed since stays removed.
    ///
    /// - Parameter generation: the one before the serving one where `nil`.
    /// - Throws: `RetrievalError.noGeneration`; `unusableIndex` where its files are damaged.
    @discardableResult package static func rollBack(
        _ store: Store, to generation: Int? = nil, in indexes: URL
    ) throws -> Generation {
        let lock = try DatabaseLock(.ingest, besides: URL(filePath: store.path))
        defer { lock.release() }
        let servable = try store.servableGenerations()
        let serving = try store.servingState().generation
        let wanted = generation ?? serving - 1
        guard let found = servable.first(where: { $0.id == wanted }) else {
            throw RetrievalError.noGeneration(got: wanted, expected: servable.map(\.id).filter { $0 != serving })
        }
        try IndexSnapshot(of: store, in: indexes, generation: wanted).check()
        guard try store.serveAgain(generation: wanted) else {
            throw RetrievalError.noGeneration(got: wanted, expected: [])
        }
        return found
    }
}
