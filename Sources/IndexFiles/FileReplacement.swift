package import Foundation

/// A file that takes another's place, whole or not at all: written under the name with `.partial` behind it, synced, then
/// renamed.
///
/// A reader of the old file keeps it; a crash leaves it as it is and at most a stray `.partial` file, which the next
/// writer writes over. Two writers of one file take turns, in whatever processes they are.
package final class FileReplacement {
    /// Where to write.
    package let descriptor: Int32
    private let path: String
    private var isFinished = false

    private var temporaryPath: String { Self.temporaryPath(path) }

    private static func temporaryPath(_ path: String) -> String { path + ".partial" }

    /// - Parameters:
    ///   - mode: the permissions of the file where there is none yet, before the process's mask.
    ///   - waits: whether another writer is waited for; else it is an error, `EWOULDBLOCK`.
    /// - Throws: `IndexFileError.unwritable`, as `finish` does.
    package init(of path: String, mode: mode_t = 0o644, waits: Bool = true) throws(IndexFileError) {
        self.path = path
        descriptor = try Self.lockedFile(
            at: Self.temporaryPath(path), mode: mode, lock: waits ? LOCK_EX : LOCK_EX | LOCK_NB)
    }

    deinit {
        if !isFinished { unsafe unlink(temporaryPath) }
        close(descriptor)
    }

    /// Opens the temporary file, empty, as soon as no other writer has it; one that has puts it in its place or removes it,
    /// so that the name leads to another file then.
    private static func lockedFile(at path: String, mode: mode_t, lock: Int32) throws(IndexFileError) -> Int32 {
        while true {
            let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, mode)
            guard descriptor >= 0 else { throw .unwritable(path: path, errno: errno) }
            var isLocked = flock(descriptor, lock) == 0
            while !isLocked && errno == EINTR { isLocked = flock(descriptor, lock) == 0 }
            var (held, named) = (stat(), stat())
            if isLocked, unsafe fstat(descriptor, &held) == 0, unsafe stat(path, &named) == 0,
                held.st_ino == named.st_ino, held.st_dev == named.st_dev, isOurs(held), ftruncate(descriptor, 0) == 0
            {
                return descriptor
            }
            let code = errno
            close(descriptor)
            guard isLocked, code == ENOENT || held.st_ino != named.st_ino else {
                throw .unwritable(path: path, errno: code)
            }
        }
    }

    /// Whether it is a file by that name only: what else has the name is not emptied.
    private static func isOurs(_ status: stat) -> Bool {
        guard status.st_mode & S_IFMT == S_IFREG, status.st_nlink == 1 else {
            errno = EEXIST
            return false
        }
        return true
    }

    /// Puts the file in its place.
    package func finish() throws(IndexFileError) {
        precondition(!isFinished)
        guard fsync(descriptor) == 0, unsafe rename(temporaryPath, path) == 0 else {
            throw .unwritable(path: path, errno: errno)
        }
        isFinished = true
        syncFolder()
    }

    /// The file is whole by now; some file systems cannot sync a folder.
    private func syncFolder() {
        let folder = unsafe open(URL(filePath: path).deletingLastPathComponent().path, O_RDONLY | O_CLOEXEC)
        guard folder >= 0 else { return }
        fsync(folder)
        close(folder)
    }
}
