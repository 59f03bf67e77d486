import Foundation

/// A file that a command writes, whole or not at all.
///
/// A regular file is written under its name with `.partial` behind it, synced and renamed, so that a kill leaves the old
/// one. What is there and is no regular file (a pipe, a terminal, `/dev/null`) is written to as it stands, never replaced.
final class OutputFile {
    /// As it was named.
    private let path: String
    /// What the name leads to through symbolic links: the links stay.
    private let target: String
    private let descriptor: Int32
    private let isReplacing: Bool
    private var isFinished = false

    /// As many links as Linux follows (`man 7 path_resolution`).
    private static let linkCountMax = 40

    init(creating path: String) throws(InputError) {
        self.path = path
        target = try Self.target(of: path)
        var status = stat()
        let isThere = stat(target, &status) == 0
        isReplacing = !isThere || status.st_mode & S_IFMT == S_IFREG
        let mode = isThere ? status.st_mode & 0o777 : 0o644
        descriptor =
            isReplacing
            ? open(Self.partialPath(target), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, mode)
            : open(target, O_WRONLY | O_NOCTTY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unwritable(path: path, errno: errno) }
        // A file that only its owner may read stays so.
        if isReplacing && isThere { fchmod(descriptor, mode) }
    }

    deinit {
        // A file that could not be created is not ours to remove.
        guard descriptor >= 0 else { return }
        close(descriptor)
        if isReplacing && !isFinished { unlink(Self.partialPath(target)) }
    }

    func write(_ data: Data) throws(InputError) {
        do {
            try FileHandle(fileDescriptor: descriptor, closeOnDealloc: false).write(contentsOf: data)
        } catch {
            throw .unwritable(path: path, errno: (error as NSError).posixCode)
        }
    }

    /// Puts the file in its place.
    func finish() throws(InputError) {
        precondition(!isFinished)
        if isReplacing {
            guard fsync(descriptor) == 0, rename(Self.partialPath(target), target) == 0 else {
                throw .unwritable(path: path, errno: errno)
            }
            syncFolder()
        }
        isFinished = true
    }

    /// The file is whole by now; some file systems cannot sync a folder.
    private func syncFolder() {
        let folder = open(URL(filePath: target).deletingLastPathComponent().path, O_RDONLY | O_CLOEXEC)
        guard folder >= 0 else { return }
        fsync(folder)
        close(folder)
    }

    private static func partialPath(_ path: String) -> String { path + ".partial" }

    /// Also a link whose file is missing leads to it. What is there and is no regular file keeps its name: the links of
    /// `/dev/fd` lead to names that cannot be opened.
    private static func target(of path: String) throws(InputError) -> String {
        var status = stat()
        if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG { return path }
        var target = path
        for _ in 0..<linkCountMax {
            guard let next = try? FileManager.default.destinationOfSymbolicLink(atPath: target) else { return target }
            let folder = (target as NSString).deletingLastPathComponent
            target = next.hasPrefix("/") ? next : (folder.isEmpty ? next : folder + "/" + next)
        }
        throw .unwritable(path: path, errno: ELOOP)
    }

    /// Whether the file at `path` is the one that `input` names, `-` being standard input: writing it would replace what
    /// was read.
    static func isSame(_ path: String, as input: String) -> Bool {
        var (one, other) = (stat(), stat())
        guard stat(path, &one) == 0, one.st_mode & S_IFMT == S_IFREG,
            (input == "-" ? fstat(STDIN_FILENO, &other) : stat(input, &other)) == 0
        else { return false }
        return one.st_dev == other.st_dev && one.st_ino == other.st_ino
    }
}
