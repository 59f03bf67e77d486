import Foundation
import IndexFiles

/// A file that a command writes, whole or not at all.
///
/// A regular file is replaced when the new one is whole, so that a kill leaves the old one. What is there and is no
/// regular file (a pipe, a terminal, `/dev/null`) is written to as it stands, never replaced.
final class OutputFile {
    /// As it was named.
    private let path: String
    /// What takes the place of a regular file; `nil` where there is another.
    private let replacement: FileReplacement?
    private let handle: FileHandle

    /// As many links as Linux follows (`man 7 path_resolution`).
    private static let linkCountMax = 40

    init(creating path: String) throws(InputError) {
        self.path = path
        // The links that the name leads through stay.
        let target = try Self.target(of: path)
        var status = stat()
        let isThere = stat(target, &status) == 0
        if isThere && status.st_mode & S_IFMT != S_IFREG {
            let descriptor = open(target, O_WRONLY | O_NOCTTY | O_CLOEXEC)
            guard descriptor >= 0 else { throw .unwritable(path: path, errno: errno) }
            replacement = nil
            handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        } else {
            let mode = isThere ? status.st_mode & 0o777 : 0o644
            let replacement = try Self.reporting(path) { () throws(IndexFileError) in
                try FileReplacement(of: target, mode: mode, waits: false)
            }
            // A file that only its owner may read stays so.
            if isThere { fchmod(replacement.descriptor, mode) }
            self.replacement = replacement
            handle = FileHandle(fileDescriptor: replacement.descriptor, closeOnDealloc: false)
        }
    }

    func write(_ data: Data) throws(InputError) {
        do {
            try handle.write(contentsOf: data)
        } catch {
            throw .unwritable(path: path, errno: (error as NSError).posixCode)
        }
    }

    /// Puts the file in its place.
    func finish() throws(InputError) {
        try Self.reporting(path) { () throws(IndexFileError) in try replacement?.finish() }
    }

    private static func reporting<Value>(
        _ path: String, _ body: () throws(IndexFileError) -> Value
    ) throws(InputError) -> Value {
        do {
            return try body()
        } catch {
            guard case .unwritable(_, let errno) = error else { throw .unwritable(path: path, errno: EIO) }
            throw .unwritable(path: path, errno: errno)
        }
    }

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
