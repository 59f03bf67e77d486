/// What can be wrong with a page. Each case names the page by its path, and the line (1-based, in the file) where there is one.
package enum DocumentError: Error, Equatable, Sendable {
    case unknownFormat(path: String, got: String, expected: [String])
    case tooLarge(path: String, gotByteCount: Int, expectedByteCountMax: Int)
    case notUTF8(path: String, line: Int, byteOffset: Int)
    case nulByte(path: String, line: Int, byteOffset: Int)
    case otherEncoding(path: String, line: Int, got: String)
    case nestedTooDeeply(path: String, line: Int, expectedDepthMax: Int)
    case tooManyEmptyCells(path: String, line: Int, expectedCountMax: Int)
    case tooManyAddresses(path: String, line: Int, gotCount: Int, lineByteCount: Int)
    case unclosedFrontMatter(path: String)
    case frontMatterTooLarge(path: String, gotByteCount: Int, expectedByteCountMax: Int)
    case aliasInFrontMatter(path: String, line: Int)
    case invalidYAML(path: String, line: Int, problem: String)
    case duplicateKey(path: String, line: Int, key: String)
    case unknownKey(path: String, line: Int, got: String, expected: [String], nearest: String?)
    case wrongType(path: String, line: Int, key: String, got: String, expected: String)
    case invalidValue(path: String, line: Int, key: String, got: String, expected: String)
}

extension DocumentError {
    /// The page, as it was given to the parser.
    package var path: String {
        switch self {
        case .unknownFormat(let path, _, _), .tooLarge(let path, _, _), .notUTF8(let path, _, _),
            .nulByte(let path, _, _), .otherEncoding(let path, _, _), .nestedTooDeeply(let path, _, _),
            .tooManyEmptyCells(let path, _, _), .tooManyAddresses(let path, _, _, _), .unclosedFrontMatter(let path),
            .frontMatterTooLarge(let path, _, _), .aliasInFrontMatter(let path, _), .invalidYAML(let path, _, _),
            .duplicateKey(let path, _, _), .unknownKey(let path, _, _, _, _), .wrongType(let path, _, _, _, _),
            .invalidValue(let path, _, _, _, _):
            path
        }
    }

    /// The line to look at, 1-based; `nil` where the whole file is meant.
    package var line: Int? {
        switch self {
        case .unknownFormat, .tooLarge: nil
        case .unclosedFrontMatter, .frontMatterTooLarge: 1
        case .notUTF8(_, let line, _), .nulByte(_, let line, _), .otherEncoding(_, let line, _),
            .nestedTooDeeply(_, let line, _),
            .tooManyEmptyCells(_, let line, _), .tooManyAddresses(_, let line, _, _),
            .aliasInFrontMatter(_, let line), .invalidYAML(_, let line, _), .duplicateKey(_, let line, _),
            .unknownKey(_, let line, _, _, _), .wrongType(_, let line, _, _, _), .invalidValue(_, let line, _, _, _):
            line
        }
    }

    /// What is wrong and what to do about it, without the place.
    package var message: String {
        switch self {
        case .unknownFormat(_, let got, let expected):
            "\(got.isEmpty ? "no file extension" : "unknown format \"\(got)\""); "
                + "rename the page to one of \(expected.joined(separator: ", ")) or leave it out"
        case .tooLarge(_, let got, let expected):
            "has \(got) bytes, at most \(expected) are read; split the page"
        case .notUTF8(_, _, let offset): "is not UTF-8 at byte \(offset); save the page as UTF-8"
        case .nulByte(_, _, let offset):
            "holds a NUL byte at byte \(offset); remove it, or leave the file out if it is no text"
        case .otherEncoding(_, _, let got):
            "says that it is in \(got), which cannot be read; save the page as UTF-8 and declare that"
        case .nestedTooDeeply(_, _, let expected):
            "lists, quotes or elements are nested more than \(expected) deep; flatten them"
        case .tooManyEmptyCells(_, _, let expected):
            "the tables lack more than \(expected) cells of their headers' columns; fill or narrow them"
        case .tooManyAddresses(_, _, let got, let byteCount):
            "a line of \(byteCount) bytes has \(got) \"@\" signs; break it into lines"
        case .unclosedFrontMatter:
            "the front matter opened by \"---\" has no closing \"---\" line; add it below the last key"
        case .frontMatterTooLarge(_, let got, let expected):
            "the front matter has \(got) bytes, at most \(expected) are read; move text into the page"
        case .aliasInFrontMatter: "YAML aliases (*name of &name) are not read in front matter; write the value out"
        case .invalidYAML(_, _, let problem):
            "the front matter is not valid YAML: \(problem); quote a value that starts with >, *, &, @, ` or holds \": \""
        case .duplicateKey(_, _, let key): "the key \"\(key)\" occurs twice, here first; keep one"
        case .unknownKey(_, _, let got, let expected, let nearest):
            "unknown key \"\(got)\"; "
                + (nearest.map { "did you mean \"\($0)\"?" } ?? "the known ones are \(expected.joined(separator: ", "))")
        case .wrongType(_, _, let key, let got, let expected): "\"\(key)\" is \(got); write \(expected)"
        case .invalidValue(_, _, let key, let got, let expected): "\"\(key)\" is \"\(got)\"; write \(expected)"
        }
    }
}

extension DocumentError: CustomStringConvertible {
    package var description: String {
        line.map { "\(path):\($0): \(message)" } ?? "\(path): \(message)"
    }
}
