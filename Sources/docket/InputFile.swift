import Foundation

/// A file named on the command line; `-` is standard input. It may be a pipe, such as a shell's `<(…)`.
struct InputFile {
    let path: String

    /// A larger file is refused unread, and a pipe when it has given so much.
    static let byteCountMax = 1 << 30
    /// What is read at once.
    static let blockByteCount = 1 << 20

    func opened() throws(InputError) -> FileHandle {
        let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_NOCTTY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unreadable(path: path, errno: errno) }
        return FileHandle(fileDescriptor: descriptor, closeOnDealloc: path != "-")
    }

    func data() throws(InputError) -> Data {
        let handle = try opened()
        var status = stat()
        guard fstat(handle.fileDescriptor, &status) == 0 else { throw .unreadable(path: path, errno: errno) }
        if status.st_mode & S_IFMT == S_IFREG, status.st_size > Self.byteCountMax {
            throw .tooLarge(path: path, got: Int(status.st_size), expected: Self.byteCountMax)
        }
        var data = Data()
        while data.count <= Self.byteCountMax, let block = try block(of: handle) { data += block }
        guard data.count <= Self.byteCountMax else {
            throw .tooLarge(path: path, got: nil, expected: Self.byteCountMax)
        }
        return data
    }

    /// The next bytes of the opened file; `nil` at its end.
    func block(of handle: FileHandle) throws(InputError) -> Data? {
        do {
            let block = try handle.read(upToCount: Self.blockByteCount)
            return block.flatMap { $0.isEmpty ? nil : $0 }
        } catch {
            throw .unreadable(path: path, errno: (error as NSError).posixCode)
        }
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
        try Self.lines(of: data()).compactMap { number, line in try jsonText(of: line, number: number) }
    }

    /// As `texts()`, each behind its "title", where it has one.
    func titledTexts() throws -> [String] {
        try Self.lines(of: data()).compactMap { number, line in
            try jsonLine(line, number: number).map { [$0.title, $0.text].compactMap(\.self).joined(separator: " ") }
        }
    }

    /// The text of a line: of a `.jsonl` file the "text" of its object, else the line itself. An empty line of plain text
    /// is a text; one of a `.jsonl` file is none.
    func text(of line: Data, number: Int) throws(InputError) -> String? {
        if path.hasSuffix(".jsonl") { return try jsonText(of: line, number: number) }
        guard let text = String(data: line, encoding: .utf8) else { throw .notUTF8(path: path, line: number) }
        return text
    }

    private func jsonText(of line: Data, number: Int) throws(InputError) -> String? {
        try jsonLine(line, number: number)?.text
    }

    private func jsonLine(_ line: Data, number: Int) throws(InputError) -> Line? {
        guard !line.isEmpty else { return nil }
        do {
            return try JSONDecoder().decode(Line.self, from: line)
        } catch {
            throw .badLine(path: path, line: number, detail: "expected {\"text\": …}")
        }
    }

    private struct Line: Decodable {
        let title: String?
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
