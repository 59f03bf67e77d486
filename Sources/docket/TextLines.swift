import Foundation

/// The texts of a file, one a line: read from the file whenever they are asked for, and never all in memory.
///
/// A stream is copied to a file without a name first, so that its texts can be checked and counted before work begins.
final class TextLines {
    /// A longer line is refused: it is no text, but perhaps a file without line ends.
    static let lineByteCountMax = 16 << 20

    private let input: InputFile
    private let handle: FileHandle
    /// How many there are.
    private(set) var count = 0

    /// Opens the file and reads it once.
    ///
    /// - Throws: `InputError` with the first line that is no text.
    init(of input: InputFile) throws {
        self.input = input
        let file = try input.opened()
        handle = try input.isStream ? Self.copy(of: file, input) : file
        try forEachLine { line, number in
            if try input.text(of: line, number: number) != nil { count += 1 }
        }
    }

    /// Calls `body` with the texts in order, some at a time: at most `countMax`, and fewer where they are long.
    func forEachBatch(of countMax: Int, _ body: ([String]) throws -> Void) throws {
        var batch: [String] = []
        var byteCount = 0
        try forEachLine { line, number in
            guard let text = try input.text(of: line, number: number) else { return }
            batch.append(text)
            byteCount += line.count
            if batch.count == countMax || byteCount >= InputFile.blockByteCount {
                try body(batch)
                (batch, byteCount) = ([], 0)
            }
        }
        if !batch.isEmpty { try body(batch) }
    }

    /// Lines end with LF or CRLF, and the last need not; their numbers count from 1.
    private func forEachLine(_ body: (Data, Int) throws -> Void) throws {
        var (rest, number) = (Data(), 0)
        func take(_ line: Data) throws {
            number += 1
            try body(line.last == UInt8(ascii: "\r") ? line.dropLast() : line, number)
        }
        try handle.seek(toOffset: 0)
        while let block = try input.block(of: handle) {
            var start = block.startIndex
            while let end = block[start...].firstIndex(of: UInt8(ascii: "\n")) {
                try take(rest + block[start..<end])
                rest = Data()
                start = end + 1
            }
            rest += block[start...]
            guard rest.count <= Self.lineByteCountMax else {
                throw InputError.longLine(path: input.path, line: number + 1, expected: Self.lineByteCountMax)
            }
        }
        if !rest.isEmpty { try take(rest) }
    }

    private static func copy(of stream: FileHandle, _ input: InputFile) throws -> FileHandle {
        let path = FileManager.default.temporaryDirectory.appending(path: "docket-\(UUID().uuidString)").path
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw InputError.unwritable(path: path, errno: errno) }
        unlink(path)
        let copy = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        while let block = try input.block(of: stream) {
            do {
                try copy.write(contentsOf: block)
            } catch {
                throw InputError.unwritable(path: path, errno: (error as NSError).posixCode)
            }
        }
        return copy
    }
}
