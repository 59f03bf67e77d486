import Foundation

#if os(Linux)
    /// The kernel's queue of what happens in folders.
    final class EventQueue {
        struct Event {
            let watch: Int32
            let mask: UInt32
            let name: String

            var isOverflow: Bool { mask & UInt32(IN_Q_OVERFLOW) != 0 }
            /// The watch is gone: the folder was removed.
            var isForgotten: Bool { mask & UInt32(IN_IGNORED) != 0 }
            var isOfFolderItself: Bool { mask & UInt32(IN_MOVE_SELF | IN_DELETE_SELF) != 0 }
            /// Of a folder in the one that is watched.
            var isFolder: Bool { mask & UInt32(IN_ISDIR) != 0 }
            var isAppearance: Bool { mask & UInt32(IN_CREATE | IN_MOVED_TO) != 0 }
        }

        /// What changes a page, its name or who may read it; what only opens or reads one is none of it.
        private static let mask =
            UInt32(
                IN_CLOSE_WRITE | IN_MODIFY | IN_ATTRIB | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO
                    | IN_MOVE_SELF
                    | IN_DELETE_SELF) | UInt32(IN_ONLYDIR) | UInt32(IN_EXCL_UNLINK)
        /// Many records; one has at most its fields and a name of 255 bytes.
        private static let bufferByteCount = 64 * 1024

        private let descriptor: Int32

        init() throws {
            descriptor = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
            guard descriptor >= 0 else { throw RetrievalError.cannotWatch(path: "inotify", errno: errno) }
        }

        deinit { close(descriptor) }

        /// - Returns: the watch; `nil` where there is no such folder, or it may not be read.
        func watch(_ folder: String) throws -> Int32? {
            let watch = inotify_add_watch(descriptor, folder, Self.mask)
            guard watch < 0 else { return watch }
            guard errno == ENOENT || errno == ENOTDIR || errno == EACCES else {
                throw RetrievalError.cannotWatch(path: folder, errno: errno)
            }
            return nil
        }

        /// Blocks until there are events, `stop` can be read, or time is up; never where `nil`.
        func poll(_ stop: Int32, _ limit: Duration?) throws -> (events: Bool, stop: Bool) {
            var waiting = [descriptor, stop].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            let milliseconds = limit.map { Int32(max(0, ($0 / .milliseconds(1)).rounded(.up))) } ?? -1
            if Foundation.poll(&waiting, nfds_t(waiting.count), milliseconds) < 0, errno != EINTR {
                throw RetrievalError.cannotWatch(path: "inotify", errno: errno)
            }
            return (waiting[0].revents != 0, waiting[1].revents != 0)
        }

        /// The events that are there.
        func read() throws -> [Event] {
            var events: [Event] = []
            try withUnsafeTemporaryAllocation(byteCount: Self.bufferByteCount, alignment: 8) { buffer in
                while true {
                    let count = Foundation.read(descriptor, buffer.baseAddress, buffer.count)
                    if count < 0 && errno == EINTR { continue }
                    if count < 0 && errno == EAGAIN { return }
                    guard count > 0 else { throw RetrievalError.cannotWatch(path: "inotify", errno: errno) }
                    var start = 0
                    while start + MemoryLayout<inotify_event>.size <= count {
                        let record = buffer.loadUnaligned(fromByteOffset: start, as: inotify_event.self)
                        let nameStart = start + MemoryLayout<inotify_event>.size
                        let end = min(nameStart + Int(record.len), count)
                        let name = buffer[nameStart..<end].prefix { $0 != 0 }
                        events.append(
                            Event(watch: record.wd, mask: record.mask, name: String(decoding: name, as: UTF8.self)))
                        start = end
                    }
                }
            }
            return events
        }
    }
#else
    /// Only Linux's inotify is known to this program.
    final class EventQueue {
        struct Event {
            let watch: Int32 = 0
            let name = ""
            let (isOverflow, isForgotten, isOfFolderItself) = (false, false, false)
            let (isFolder, isAppearance) = (false, false)
        }

        init() throws { throw RetrievalError.cannotWatch(path: "inotify", errno: ENOSYS) }

        func watch(_ folder: String) throws -> Int32? { nil }
        func poll(_ stop: Int32, _ limit: Duration?) throws -> (events: Bool, stop: Bool) { (false, true) }
        func read() throws -> [Event] { [] }
    }
#endif
