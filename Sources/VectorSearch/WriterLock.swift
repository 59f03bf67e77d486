import Foundation

/// Keeps a second writer of the same folder out, for as long as the process lives at most.
struct WriterLock: ~Copyable, Sendable {
    private let descriptor: Int32

    init(at url: URL) throws(SegmentError) {
        descriptor = unsafe open(url.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .noLock(path: url.path, errno: errno) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            close(descriptor)
            throw code == EWOULDBLOCK ? .writerRunning(lock: url.path) : .noLock(path: url.path, errno: code)
        }
    }

    /// Unlocks before closing: a program that another thread is about to start holds the descriptor, too, until it runs.
    deinit {
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }
}
