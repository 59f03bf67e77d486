import Foundation

/// A folder's only writer, among all processes, as long as it lives.
final class FolderLock: Sendable {
    private let descriptor: Int32

    init(of folder: URL) throws(SegmentError) {
        let path = folder.appending(path: "lock").path
        descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .unlockable(path: path, errno: errno) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            close(descriptor)
            throw code == EWOULDBLOCK ? .heldByAnother(path: folder.path) : .unlockable(path: path, errno: code)
        }
    }

    deinit { close(descriptor) }
}
