import Foundation

/// Why a PDF gives no page. Each names the page and says what to do.
package enum PDFError: Error, Equatable, Sendable {
    case noProgram(path: String, name: String, package: String)
    case outOfTime(path: String, program: String, expectedSecondsMax: Double)
    case tooMuchText(path: String, expectedByteCountMax: Int)
    /// The program was ended by a signal, which is how it ends where memory is refused to it.
    case killed(path: String, program: String, gotSignal: Int32, expectedMemoryByteCountMax: Int)
    case unreadable(path: String, program: String, gotStatus: Int32, detail: String)
    case noText(path: String)
}

extension PDFError {
    package var path: String {
        switch self {
        case .noProgram(let path, _, _), .outOfTime(let path, _, _), .tooMuchText(let path, _),
            .killed(let path, _, _, _), .unreadable(let path, _, _, _), .noText(let path):
            path
        }
    }

    /// What is wrong and what to do about it, without the place.
    package var message: String {
        switch self {
        case .noProgram(_, let name, let package):
            "\(name) is not installed, and no PDF is read without it; run `apt install \(package)`"
        case .outOfTime(_, let program, let seconds):
            "\(program) took more than \(seconds.formatted()) seconds and was ended; split the file or leave it out"
        case .tooMuchText(_, let byteCount): "it holds more than \(byteCount) bytes of text; split the file"
        case .killed(_, let program, let signal, let byteCount):
            "\(program) was ended by signal \(signal), and may use \(byteCount >> 20) MiB; split or repair the file"
        case .unreadable(_, let program, let status, let detail):
            "\(program) cannot read it (status \(status)\(detail.isEmpty ? "" : ": \(detail)")); "
                + "repair it, take its password off, or leave it out"
        case .noText: "it holds no text, as scans do; recognise its text (with OCR) or leave it out"
        }
    }
}

extension PDFError: CustomStringConvertible {
    package var description: String { "\(path): \(message)" }
}
