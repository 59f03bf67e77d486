import Foundation

/// Keeps a second ingest of the same database out, for as long as the process lives at most.
struct IngestLock: ~Copyable {
    private let descriptor: Int32

    /// Takes the lock file beside the database.
    init(besides database: URL) throws {
        let path = database.path + ".ingest-lock"
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw RetrievalError.noLock(path: path, errno: errno) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw RetrievalError.ingestRunning(lock: path)
        }
    }

    /// Unlocks before closing: a program that another thread is about to start holds the descriptor, too, until it runs.
    func release() {
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }
}

/// Keeps a removal and the moment in which a restoration puts other content in the database's place from each other: either
/// waits the moment that the other takes.
struct SwitchLock: ~Copyable {
    private let descriptor: Int32

    /// Waits for the lock file beside the database.
    init(besides database: URL) throws {
        let path = database.path + ".switch-lock"
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw RetrievalError.noLock(path: path, errno: errno) }
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else {
                let code = errno
                close(descriptor)
                throw RetrievalError.noLock(path: path, errno: code)
            }
        }
    }

    func release() {
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }
}
