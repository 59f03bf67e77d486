import Documents
package import Foundation

/// The text of a PDF, as it is stored and cut: front matter, then pages with a form feed behind each.
///
/// poppler's `pdftotext` extracts it in reading order and `pdfinfo` gives the front matter, each as a process of its own: a
/// parser of PDF is a large and often attacked piece of code, and a process can be bounded and can fail alone.
package struct PDFText {
    /// Pictures make files large that have little text.
    package static let fileByteCountMax = 256 * 1024 * 1024
    package static let limits = ProgramLimits(
        seconds: 60, memoryByteCount: 1024 * 1024 * 1024, outputByteCount: Document.byteCountMax)

    /// UTF-8 without a byte order mark or NUL.
    package let bytes: [UInt8]

    /// Extracts the text of the file at `url`.
    ///
    /// - Parameter path: what errors call the page.
    /// - Throws: `PDFError`; Foundation's error where the file cannot be opened.
    package init(
        of url: URL, path: String, limits: ProgramLimits = Self.limits,
        searchPath: String = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    ) throws {
        let reader = PDFReader(url: url, path: path, limits: limits, searchPath: searchPath)
        // The page's own words in the order in which they are read: columns one behind the other, no watermarks.
        let text = try reader.run("pdftotext", ["-enc", "UTF-8", "-eol", "unix", "-nodiag", "-", "-"])
        let printed = try reader.run("pdfinfo", ["-enc", "UTF-8", "-custom", "-"])
        self.init(
            text: String(decoding: text, as: UTF8.self),
            information: PDFInformation(printed: String(decoding: printed, as: UTF8.self)))
        guard text.contains(where: { $0 > 0x20 }) else { throw PDFError.noText(path: path) }
    }

    /// Text that itself begins with a fence gets an empty front matter, so that it is not taken for one.
    package init(text: String, information: PDFInformation) {
        let clean = text.unicodeScalars.drop { $0 == "\u{FEFF}" }.filter { $0 != "\u{0}" }
        let text = String(String.UnicodeScalarView(clean))
        if let frontMatter = information.frontMatter {
            bytes = Array("---\n\(frontMatter)\n---\n\(text)".utf8).filter { $0 != 0 }
        } else {
            let beginsWithFence = isFence(text.prefix { $0 != "\n" && $0 != "\r\n" && $0 != "\r" })
            bytes = Array(((beginsWithFence ? "---\n---\n" : "") + text).utf8)
        }
    }
}

/// Runs poppler's programs on one file.
private struct PDFReader {
    let url: URL
    let path: String
    let limits: ProgramLimits
    let searchPath: String

    /// What `name` writes to its standard output when the file is its standard input: no path is ever an argument.
    func run(_ name: String, _ arguments: [String]) throws -> Data {
        let program = BoundedProgram(
            executable: try find(name, package: "poppler-utils"), limiter: try find("prlimit", package: "util-linux"),
            limits: limits)
        let file = try FileHandle(forReadingFrom: url)
        defer { try? file.close() }
        let result = try program.run(arguments, input: file)
        switch result.ending {
        case .exited(status: 0): return result.output
        case .exited(let status):
            throw PDFError.unreadable(path: path, program: name, gotStatus: status, detail: detail(result.complaint))
        case .killed(let signal):
            throw PDFError.killed(
                path: path, program: name, gotSignal: signal, expectedMemoryByteCountMax: limits.memoryByteCount)
        case .outOfTime: throw PDFError.outOfTime(path: path, program: name, expectedSecondsMax: limits.seconds)
        case .tooMuchOutput:
            throw PDFError.tooMuchText(path: path, expectedByteCountMax: limits.outputByteCount)
        }
    }

    private func find(_ name: String, package: String) throws -> URL {
        guard let url = BoundedProgram.find(name, in: searchPath) else {
            throw PDFError.noProgram(path: path, name: name, package: package)
        }
        return url
    }

    /// The last line of what the program complained of.
    private func detail(_ complaint: String) -> String {
        complaint.split(whereSeparator: \.isNewline).last.map(String.init) ?? ""
    }
}
