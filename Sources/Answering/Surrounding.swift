import Foundation

/// What stands around a parameter, and so how its value has to be quoted.
package enum Surrounding: Equatable {
    case prose
    case shell
    case sql
    /// Code in any other language: nothing that could need quoting is let in.
    case otherCode

    /// The surrounding of a fenced code block by its language.
    package init(language: String?) {
        switch language?.lowercased() {
        case "bash", "sh", "shell", "console", "zsh": self = .shell
        case "sql", "psql", "postgresql": self = .sql
        default: self = .otherCode
        }
    }

    /// The value as it may stand behind `prefix`, everything from the beginning of the code; `nil` where it could break
    /// out.
    func quoted(_ value: String, after prefix: String) -> String? {
        if isPlain(value) { return value }
        guard !value.hasPrefix("-") else { return nil }
        switch self {
        case .prose: return value.contains("`") ? nil : value
        case .otherCode: return nil
        case .shell:
            // A here-document expands what it holds, whatever quotes stand in it.
            guard !prefix.contains("<<"), openQuote(in: prefix) == nil else { return nil }
            return "'" + value.replacingOccurrences(of: "'", with: "'\\''") + "'"
        case .sql:
            // E'…' reads backslashes, $…$ quotes without quotation marks.
            guard !value.contains("\\"), !prefix.contains("$"), openQuote(in: prefix) == "'" else { return nil }
            return value.replacingOccurrences(of: "'", with: "''")
        }
    }

    /// The quotation mark that is open at the end of `code`, if one is. Comments open nothing.
    private func openQuote(in code: String) -> Character? {
        var open: Character?
        var characters = code[...]
        while let character = characters.popFirst() {
            if open == nil, beginsComment(character, characters, in: code) {
                characters = characters.drop { $0 != "\n" }
            } else if character == "\\", self == .shell, open != "'" {
                characters = characters.dropFirst()
            } else if open == character {
                open = nil
            } else if open == nil, "'\"`".contains(character) {
                open = character
            }
        }
        return open
    }

    /// `#` at the beginning of a word in a shell, `--` in SQL.
    private func beginsComment(_ character: Character, _ rest: Substring, in code: String) -> Bool {
        switch self {
        case .shell:
            let before = code[..<rest.startIndex].dropLast().last
            return character == "#" && (before.map { $0.isWhitespace || ";&|(".contains($0) } ?? true)
        case .sql: return character == "-" && rest.first == "-"
        case .prose, .otherCode: return false
        }
    }
}

/// Letters, digits and the marks of paths, hosts and addresses: means itself in a shell, in SQL and everywhere else.
private func isPlain(_ value: String) -> Bool {
    value.wholeMatch(of: /[A-Za-z0-9_.\/:@%+=,][A-Za-z0-9_.\/:@%+=,\-]*/) != nil
}
