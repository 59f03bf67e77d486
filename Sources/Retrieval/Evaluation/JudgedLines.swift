import Foundation

/// The files of judged sets and of runs, read line by line.
enum JudgedLines {
    /// The lines that are not empty, with their numbers from 1; they end with LF or CRLF.
    ///
    /// - Throws: `RetrievalError.badSet` where the file is missing, or a line is not UTF-8.
    static func lines(of file: URL) throws -> [(number: Int, line: Data)] {
        guard FileManager.default.fileExists(atPath: file.path) else {
            throw RetrievalError.badSet(path: file.path, line: nil, detail: "there is no such file")
        }
        return try Data(contentsOf: file).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .enumerated().map { ($0 + 1, $1.last == UInt8(ascii: "\r") ? $1.dropLast() : $1) }
            .filter { number, line in !line.isEmpty }
            .map { number, line in
                guard String(validating: line, as: UTF8.self) != nil else {
                    throw RetrievalError.badSet(path: file.path, line: number, detail: "is not UTF-8")
                }
                return (number, Data(line))
            }
    }
}
