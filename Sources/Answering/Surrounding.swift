/// What stands around a parameter, and so how its value has to be quoted.
///
/// Everything is read byte by byte: to a shell or a database, a quotation mark is one whatever combines with it.
package enum Surrounding: Equatable {
    case prose
    case shell
    case sql
    /// Code in any other language: nothing that could need quoting is let in.
    case otherCode

    /// The surrounding of a fenced code block by its language. A session (`console`) is no shell's code: its prompts and
    /// its output are read by people. Whether zsh reads `#` as a comment depends on how it is started.
    package init(language: String?) {
        switch language?.lowercased() {
        case "bash", "sh", "shell": self = .shell
        case "sql", "psql", "postgresql": self = .sql
        default: self = .otherCode
        }
    }

    /// The value as it may stand behind `prefix`, everything from the beginning of `code`; `nil` where it could break out.
    func quoted(_ value: String, after prefix: String, in code: String) -> String? {
        guard value.utf8.first != UInt8(ascii: "-") else { return nil }
        switch self {
        case .prose: return isPlainProse(value) ? value : nil
        case .otherCode: return isPlain(value) ? value : nil
        case .shell: return quotedForShell(value, after: prefix, in: code)
        case .sql: return quotedForSQL(value, after: prefix)
        }
    }

    /// POSIX shell: single quotes, unless the value means itself; `~/` stays outside, so that it is the home folder.
    private func quotedForShell(_ value: String, after prefix: String, in code: String) -> String? {
        if isPlain(value) { return value }
        // The names of parameters are no words of the code.
        let shell = ShellCode(code.replacing(/\{\{[^{}]*\}\}/, with: " "))
        guard !shell.isReadTwice, !shell.isSession, ShellCode(prefix).end == .word else { return nil }
        let isHome = value.utf8.starts(with: "~/".utf8) && beginsWord(prefix)
        let rest = isHome ? value.utf8.dropFirst(2) : value.utf8[...]
        let quoted = isPlain(String(rest) ?? "") ? Array(rest) : singleQuoted(rest)
        return String(decoding: (isHome ? Array("~/".utf8) : []) + quoted, as: UTF8.self)
    }

    private func beginsWord(_ prefix: String) -> Bool {
        prefix.utf8.last.map { isShellSpace($0) || $0 == UInt8(ascii: "=") } ?? true
    }

    /// `it's` → `'it'\''s'`
    private func singleQuoted(_ value: Substring.UTF8View) -> [UInt8] {
        let mark = UInt8(ascii: "'")
        return [mark] + value.flatMap { $0 == mark ? Array(#"'\''"#.utf8) : [$0] } + [mark]
    }

    /// SQL: in a string, quotes doubled; outside, a number, a name, or a name in double quotes. Where the reading is not
    /// certain, a name or a number.
    private func quotedForSQL(_ value: String, after prefix: String) -> String? {
        switch SQLCode(prefix).end {
        case .unknown: return isNameOrNumber(value, or: ".") ? value : nil
        // A backslash escapes in some databases' strings.
        case _ where value.utf8.contains(UInt8(ascii: "\\")): return nil
        case .string: return doubled("'", in: value)
        case .name: return doubled("\"", in: value)
        case .word:
            if isNameOrNumber(value, or: "") { return value }
            let goesOn = prefix.utf8.last.map(isWordByte) ?? false
            return isWord(value, or: ".@$-") && !goesOn ? "\"\(value)\"" : nil
        }
    }

    private func doubled(_ mark: Unicode.Scalar, in value: String) -> String {
        let mark = UInt8(ascii: mark)
        return String(decoding: value.utf8.flatMap { $0 == mark ? [mark, mark] : [$0] }, as: UTF8.self)
    }
}

/// Letters, digits and the marks of paths, hosts and addresses: means itself in a shell and in configuration files.
private func isPlain(_ value: String) -> Bool {
    value.utf8.first != UInt8(ascii: "-") && isWord(value, or: "./:@%+=,-")
}

/// ASCII letters, digits, `_` and `marks` only, at least one.
private func isWord(_ value: String, or marks: String) -> Bool {
    !value.isEmpty && value.utf8.allSatisfy { isWordByte($0) || marks.utf8.contains($0) }
}

/// A word that begins with a letter or `_`, or has no letter: some databases read `1or1` as three.
private func isNameOrNumber(_ value: String, or marks: String) -> Bool {
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    guard isWord(value, or: marks), let first = value.utf8.first else { return false }
    return !digits.contains(first) || value.utf8.allSatisfy { digits.contains($0) || marks.utf8.contains($0) }
}

/// Words of any script without the marks that Markdown or HTML read.
private func isPlainProse(_ value: String) -> Bool {
    isPlain(value)
        || value.unicodeScalars.allSatisfy {
            $0.properties.isAlphabetic || $0.properties.numericType != nil
                || " .,:/@%+=-_()'~".unicodeScalars.contains($0)
        }
}

/// An ASCII letter, a digit or `_`.
func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
        true
    default: false
    }
}

/// A space, a tab or a line's end.
func isShellSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }
