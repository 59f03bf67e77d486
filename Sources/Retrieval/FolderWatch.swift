import Documents
package import Foundation

/// Tells that pages below some folders may have changed, by the kernel's word
/// (<https://man7.org/linux/man-pages/man7/inotify.7.html>).
///
///     let watch = try FolderWatch(of: [docs])
///     while try watch.wait(stop: pipe) == .changed { try ingest() }
package final class FolderWatch {
    package enum Outcome: Sendable { case changed, stopped }

    /// When a change is told.
    package struct Options: Sendable {
        /// No event for so long: a program that saves a page makes several.
        package var quietMilliseconds = 300
        /// From the first event on, whatever else comes.
        package var waitMillisecondsMax = 1_000
        /// Between two looks for a folder that is gone, or that another has taken the place of.
        package var lookMilliseconds = 1_000

        package init() {}
    }

    /// Folders of pages, or single pages.
    private let starts: [URL]
    private let options: Options
    private var queue: EventQueue
    /// By watch: the folder, and the names in it that matter, all pages where `nil`.
    private var folders: [Int32: (path: String, names: Set<String>?)] = [:]
    /// What stands at the starts: a folder can be moved away with one above it, which no event tells.
    private var present: [FileIdentity?] = []

    /// - Throws: `RetrievalError.cannotWatch`
    package init(of starts: [URL], options: Options = Options()) throws {
        (self.starts, self.options, queue) = (starts.map(KnownSources.resolved), options, try EventQueue())
        try watchAll()
    }

    package var folderCount: Int { folders.count }

    /// Blocks until something has changed since the last call, or `stop` can be read.
    ///
    /// - Parameter milliseconds: after which it is taken for changed, whatever happened; never where `nil`.
    package func wait(stop: Int32, atMost milliseconds: Int? = nil) throws -> Outcome {
        let start = ContinuousClock.now
        /// Of the first event that matters, and the last.
        var seen: (first: ContinuousClock.Instant, last: ContinuousClock.Instant)?
        while true {
            let now = ContinuousClock.now
            var limits: [Duration] = []
            if let seen {
                limits.append(.milliseconds(options.quietMilliseconds) - (now - seen.last))
                limits.append(.milliseconds(options.waitMillisecondsMax) - (now - seen.first))
            } else {
                limits.append(.milliseconds(options.lookMilliseconds))
            }
            if let milliseconds { limits.append(.milliseconds(milliseconds) - (now - start)) }
            let ready = try queue.poll(stop, limits.min())
            if ready.stop { return .stopped }
            if ready.events, try takeEvents() {
                let time = ContinuousClock.now
                seen = (seen?.first ?? time, time)
            } else if !ready.events, try seen != nil || hasReturned() {
                return .changed
            } else if let milliseconds, ContinuousClock.now - start >= .milliseconds(milliseconds) {
                return .changed
            }
            if let seen, ContinuousClock.now - seen.first >= .milliseconds(options.waitMillisecondsMax) {
                return .changed
            }
        }
    }

    /// Whether a folder that was gone is there again, or the other way round, or another one is there.
    private func hasReturned() throws -> Bool {
        guard starts.map({ FileIdentity(of: $0) }) != present else { return false }
        try watchAll()
        return true
    }

    /// Which folder it is, whatever is in it; of a page whether it is there.
    private struct FileIdentity: Equatable {
        let device: UInt64
        let inode: UInt64

        init?(of url: URL) {
            var status = stat()
            guard stat(url.path, &status) == 0 else { return nil }
            let isFolder = status.st_mode & S_IFMT == S_IFDIR
            (device, inode) = isFolder ? (UInt64(status.st_dev), UInt64(status.st_ino)) : (0, 0)
        }
    }

    private func watchAll() throws {
        queue = try EventQueue()
        folders = [:]
        present = starts.map { FileIdentity(of: $0) }
        for start in starts {
            if FolderEntries.kind(ofFileAt: start.path) == .folder {
                try watch(start.path)
            } else {
                try watch(start.deletingLastPathComponent().path, onlyFor: start.lastPathComponent)
            }
        }
    }

    /// Watches a folder and all below it. A folder is watched before it is listed: what is made in it meanwhile is seen
    /// one way or the other. One that is gone by then is passed over.
    private func watch(_ path: String, onlyFor name: String? = nil) throws {
        guard let watch = try queue.watch(path) else { return }
        let known = folders[watch]
        if let name {
            if known?.names != nil || known == nil { folders[watch] = (path, (known?.names ?? []).union([name])) }
            return
        }
        folders[watch] = (path, nil)
        for entry in (try? FolderEntries(of: path))?.entries ?? []
        where entry.kind == .folder && !entry.isHidden && entry.isUTF8 {
            try self.watch(path + "/" + entry.name)
        }
    }

    /// Reads what has happened; whether any of it matters.
    private func takeEvents() throws -> Bool {
        var matters = false
        for event in try queue.read() {
            if event.isOverflow || folders[event.watch]?.names == nil && event.isOfFolderItself {
                // What has been missed, or where the folder is now, only a new look tells.
                try watchAll()
                return true
            }
            guard let folder = folders[event.watch] else { continue }
            if event.isForgotten {
                folders[event.watch] = nil
            } else if let names = folder.names {
                guard names.contains(event.name) else { continue }
                matters = true
                // A folder that is to be watched itself.
                if event.isFolder {
                    try watchAll()
                    return true
                }
            } else if event.isFolder {
                guard !event.name.hasPrefix(".") else { continue }
                if event.isAppearance { try watch(folder.path + "/" + event.name) }
                matters = true
            } else {
                matters = matters || Self.isPage(event.name)
            }
        }
        return matters
    }

    private static func isPage(_ name: String) -> Bool {
        !name.hasPrefix(".") && (try? DocumentFormat(ofPath: name)) != nil
    }
}
