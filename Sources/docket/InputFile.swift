import Foundation

/// A file named on the command line; `-` is standard input. It may be a pipe, such as a shell's `<(…)`.
struct InputFile {
    let path: String

    /// A larger file is refused unread, and a pipe when it has given so much.
    static let byteCountMax = 1 << 30
    private static let blockByteCount = 1 << 20

    func data() throws(InputError) -> Data {
        let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_NOCTTY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unreadable(path: path, errno: errno) }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: path != "-")
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .unreadable(path: path, errno: errno) }
        if status.st_mode & S_IFMT == S_IFREG, status.st_size > Self.byteCountMax {
            throw .tooLarge(path: path, got: Int(status.st_size), expected: Self.byteCountMax)
        }
        var data = Data()
        do {
            while let block = try handle.read(upToCount: Self.blockByteCount), !block.isEmpty {
                data += block
                if data.count > Self.byteCountMax { break }
            }
        } catch {
            throw .unreadable(path: path, errno: (error as NSError).posixCode)
        }
        guard data.count <= Self.byteCountMax else {
            throw .tooLarge(path: path, got: nil, expected: Self.byteCountMax)
        }
        return data
    }

    /// Whether it has no name that says what it holds: standard input, a pipe, a device.
    var isStream: Bool {
        var status = stat()
        return path == "-" || (stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG)
    }

    /// The lines with their numbers from 1; they end with LF or CRLF, and the last need not.
    static func lines(of data: Data) -> [(number: Int, line: Data)] {
        var lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if lines.last?.isEmpty ?? false { lines.removeLast() }
        return lines.enumerated().map { index, line in
            (index + 1, Data(line.last == UInt8(ascii: "\r") ? line.dropLast() : line))
        }
    }

    /// The "text" of each line's JSON object; empty lines are passed over.
    func texts() throws -> [String] {
        try Self.lines(of: data()).filter { !$0.line.isEmpty }.map { number, line in
            do {
                return try JSONDecoder().decode(Line.self, from: line).text
            } catch {
                throw InputError.badLine(path: path, line: number, detail: "expected {\"text\": …}")
            }
        }
    }

    /// Each line as a text.
    func plainLines() throws -> [String] {
        try Self.lines(of: data()).map { number, line in
            guard let text = String(data: line, encoding: .utf8) else {
                throw InputError.notUTF8(path: path, line: number)
            }
            return text
        }
    }

    private struct Line: Decodable {
        let text: String
    }
}

extension NSError {
    /// The system's error number below Foundation's wrapping, where there is one.
    var systemCode: Int32? {
        let cause = userInfo[NSUnderlyingErrorKey] as? NSError ?? self
        return cause.domain == NSPOSIXErrorDomain ? Int32(cause.code) : nil
    }

    var posixCode: Int32 { systemCode ?? EIO }
}
