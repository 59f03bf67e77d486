/// What an ingest did.
package struct IngestSummary: Sendable, Equatable {
    package var added = 0
    package var changed = 0
    package var removed = 0
    package var unchanged = 0
    /// New files that have the id or the words of a page that was removed by name, by their paths.
    package var passedOver: [String] = []
    /// Chunks that the serving generation holds.
    package var chunks = 0
    /// Chunks embedded in this run, and chunks of a new generation whose embeddings were there already.
    package var embedded = 0
    package var reused = 0
    package var seconds = 0.0
    package var generation = 0
    /// Whether a new generation was built and is being served.
    package var hasBuilt = false
    package var errors: [PageFailure] = []

    package var failed: Int { errors.count }

    package mutating func fail(path: String, line: Int?, message: String) {
        errors.append(PageFailure(path: path, line: line, message: message))
    }
}

/// Why a page was not ingested.
package struct PageFailure: Sendable, Equatable {
    package let path: String
    package let line: Int?
    package let message: String
}

/// What an ingest is doing, for a progress line.
package enum IngestProgress: Sendable, Equatable {
    case reading(done: Int, of: Int, path: String)
    /// A model is being fitted to the pages.
    case fitting
    case embedding(done: Int, of: Int)
    case indexing
    case rebuilding(reason: String)
    /// The pages of a folder that is gone are those of another one.
    case moving(from: String, to: String)
}
