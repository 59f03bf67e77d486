package import Foundation

/// What tells a file's content from another's without reading it: where it lies on disk, its size, and when it and its
/// metadata were last changed. The time of the change of metadata is the system's alone to set.
package struct FileStamp: Codable, Sendable, Hashable {
    private let device: UInt64
    private let inode: UInt64
    private let byteCount: Int64
    private let modified: Int64
    private let changed: Int64

    /// The stamp of the file that has a name now; `nil` where none can be seen.
    package init?(of url: URL) {
        var status = stat()
        guard unsafe stat(url.path, &status) == 0 else { return nil }
        self.init(status)
    }

    init(_ status: stat) {
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        byteCount = Int64(status.st_size)
        modified = Int64(status.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(status.st_mtim.tv_nsec)
        changed = Int64(status.st_ctim.tv_sec) &* 1_000_000_000 &+ Int64(status.st_ctim.tv_nsec)
    }

    /// Whether the file was left alone for `seconds` before `time`, so that whatever changes it from now on changes the stamp,
    /// too.
    package func isSettled(for seconds: Double, before time: Date) -> Bool {
        Double(max(modified, changed)) / 1e9 + seconds <= time.timeIntervalSince1970
    }
}

extension FileStamp: CustomStringConvertible {
    /// Equal for equal stamps only.
    package var description: String { "\(device) \(inode) \(byteCount) \(modified) \(changed)" }
}
