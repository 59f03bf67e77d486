import Foundation

/// A file named on the command line; `-` is standard input.
struct InputFile {
    let path: String

    /// A larger file is refused unread.
    static let byteCountMax = 1 << 30

    func data() throws(InputError) -> Data {
        if path == "-" { return FileHandle.standardInput.readDataToEndOfFile() }
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        if let byteCount = attributes?[.size] as? Int, byteCount > Self.byteCountMax {
            throw .tooLarge(path: path, got: byteCount, expected: Self.byteCountMax)
        }
        guard let data = FileManager.default.contents(atPath: path) else { throw InputError.unreadable(path: path) }
        return data
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
