import Foundation

/// A lock on a file beside the database, for as long as the process lives at most.
struct DatabaseLock: ~Copyable {
    enum Kind: String {
        /// Keeps a second ingest of the same database out, which is told so.
        case ingest
        /// Keeps a removal and the moment in which a restoration puts other content in the database's place from each
        /// other: either waits the moment that the other takes.
        case `switch`
    }

    private let descriptor: Int32

    /// - Throws: `RetrievalError.ingestRunning` where another process, or another thread, holds the lock of an ingest.
    init(_ kind: Kind, besides database: URL) throws {
        let path = "\(database.path).\(kind.rawValue)-lock"
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw RetrievalError.noLock(path: path, errno: errno) }
        while flock(descriptor, kind == .ingest ? LOCK_EX | LOCK_NB : LOCK_EX) != 0 {
            let code = errno
            guard code != EINTR else { continue }
            close(descriptor)
            throw kind == .ingest ? RetrievalError.ingestRunning(lock: path) : .noLock(path: path, errno: code)
        }
    }

    /// Unlocks before closing: a program that another thread is about to start holds the descriptor, too, until it runs.
    func release() {
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }
}
