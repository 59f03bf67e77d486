import Foundation
import Testing

/// A pseudo-terminal: a process that writes to it shows its progress.
final class Terminal {
    private let master: Int32
    private var slave: Int32

    /// Linux's requests to unlock a terminal and to ask for its number, from `<asm-generic/ioctls.h>`.
    private static let (unlock, askNumber): (UInt, UInt) = (0x4004_5431, 0x8004_5430)

    init() throws {
        var (isLocked, number): (Int32, UInt32) = (0, 0)
        master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        try #require(master >= 0)
        try #require(ioctl(master, Self.unlock, &isLocked) == 0 && ioctl(master, Self.askNumber, &number) == 0)
        slave = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC)
        try #require(slave >= 0)
    }

    deinit { for descriptor in [master, slave] where descriptor >= 0 { close(descriptor) } }

    /// What a process is given as its standard error.
    var handle: FileHandle { FileHandle(fileDescriptor: slave, closeOnDealloc: false) }

    /// Reads until `text` was shown, or the process, which has been started by now, is gone.
    func wait(for text: String) -> Bool {
        // While this end is open, the process's going is not seen.
        close(slave)
        slave = -1
        var shown: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(master, &buffer, buffer.count)
            guard count > 0 else { return false }
            shown += buffer.prefix(count)
            if String(decoding: shown, as: UTF8.self).contains(text) { return true }
        }
    }
}
