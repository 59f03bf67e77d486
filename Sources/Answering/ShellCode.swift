/// Code for a POSIX shell, read far enough to know what stands at its end, and no further than is certain.
///
/// The rules are those of POSIX.1-2024, XCU 2.2 and 2.3
/// (<https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html>).
struct ShellCode {
    /// What a shell would be reading.
    enum Place: Equatable {
        /// A word outside quotation marks, in which single quotes quote.
        case word
        case quoted(UInt8)
        case comment
        /// Not certain, from here to the end of the code.
        case unknown
    }

    private let bytes: [UInt8]

    init(_ code: String) { bytes = Array(code.utf8) }

    /// What is being read at the end of the code.
    var end: Place {
        var place = Place.word
        var index = 0
        while index < bytes.count {
            let step = next(place, at: index)
            if step.place == .unknown { return .unknown }
            (place, index) = (step.place, index + step.count)
        }
        // A backslash or a dollar sign changes the quotation mark that follows it.
        return index > bytes.count || bytes.last == UInt8(ascii: "$") ? .unknown : place
    }

    /// What is read behind the byte at `index`, and how many bytes make the step.
    private func next(_ place: Place, at index: Int) -> (place: Place, count: Int) {
        let byte = bytes[index]
        switch place {
        case .unknown: return (.unknown, 1)
        case .comment: return (byte == newline ? .word : .comment, 1)
        case .quoted(UInt8(ascii: "'")): return (byte == UInt8(ascii: "'") ? .word : place, 1)
        case .quoted(let mark):
            if byte == UInt8(ascii: "\\") { return (place, 2) }
            if isUncertainExpansion(at: index, inQuotes: true) { return (.unknown, 1) }
            return (byte == mark ? .word : place, 1)
        case .word: return nextInWord(byte, at: index)
        }
    }

    private func nextInWord(_ byte: UInt8, at index: Int) -> (place: Place, count: Int) {
        switch byte {
        case UInt8(ascii: "\\"): return (.word, 2)
        case UInt8(ascii: "'"), UInt8(ascii: "\""): return (.quoted(byte), 1)
        case UInt8(ascii: "#"): return (beginsLine(index) ? .comment : .unknown, 1)
        // A here-document expands what it holds, whatever quotes stand in it.
        case UInt8(ascii: "<") where byteAfter(index) == UInt8(ascii: "<"): return (.unknown, 1)
        default: return (isUncertainExpansion(at: index, inQuotes: false) ? .unknown : .word, 1)
        }
    }

    /// Whether quotes from here on may be read by other rules: `` `…` ``, `$'…'`, `${…}` but for a plain name's, and `$(…)`
    /// in quotation marks.
    private func isUncertainExpansion(at index: Int, inQuotes: Bool) -> Bool {
        if bytes[index] == UInt8(ascii: "`") { return true }
        guard bytes[index] == UInt8(ascii: "$"), let after = byteAfter(index) else { return false }
        switch after {
        case UInt8(ascii: "'"), UInt8(ascii: "["): return true
        case UInt8(ascii: "("): return inQuotes
        case UInt8(ascii: "{"):
            let name = bytes[(index + 2)...].prefix(while: isWordByte)
            return name.isEmpty || name.endIndex == bytes.count || bytes[name.endIndex] != UInt8(ascii: "}")
        default: return false
        }
    }

    private func byteAfter(_ index: Int) -> UInt8? { index + 1 < bytes.count ? bytes[index + 1] : nil }

    /// Whether only blanks stand before, on a line that does not continue another.
    private func beginsLine(_ index: Int) -> Bool {
        guard let before = bytes[..<index].lastIndex(where: { $0 != 0x20 && $0 != 0x09 }) else { return true }
        return bytes[before] == newline && (before == 0 || bytes[before - 1] != UInt8(ascii: "\\"))
    }
}

extension ShellCode {
    /// Programs that have a shell, or an interpreter of their own, read what they are given once more.
    private static let readers: Set<String> = [
        "alias", "ash", "autossh", "bash", "crontab", "csh", "dash", "declare", "eval", "fish", "ksh", "let", "mosh",
        "node", "parallel", "pdsh", "perl", "php", "pssh", "python", "python3", "rsh", "rsync", "ruby", "runuser",
        "scp", "script", "sed", "sh", "slogin", "ssh", "sshpass", "su", "tclsh", "tcsh", "trap", "typeset", "unset",
        "watch", "xargs", "zsh",
    ]

    /// Options of `sudo` that take the next word.
    private static let sudoOptionsWithValue = "CDRTUghprtu"

    /// Whether anything in the code may be read a second time, quotes gone: by another shell, or as arithmetic.
    var isReadTwice: Bool {
        if contains("[[") || contains("((") || contains("$[") { return true }
        return words.contains { Self.readers.contains($0) } || hasShellOfSudo
    }

    /// The runs of letters, digits, `.` and `-`: `/bin/sh -c` → `bin`, `sh`, `-c`.
    private var words: [String] {
        bytes.split { !isWordByte($0) && $0 != UInt8(ascii: ".") && $0 != UInt8(ascii: "-") }
            .map { String(decoding: $0, as: UTF8.self) }
    }

    /// `sudo -i COMMAND` and `sudo -s COMMAND` join the command's words for a shell.
    private var hasShellOfSudo: Bool {
        var words = bytes.split(whereSeparator: isShellSpace).map { String(decoding: $0, as: UTF8.self) }[...]
        while let sudo = words.firstIndex(where: { $0.hasSuffix("sudo") }) {
            words = words[(sudo + 1)...]
            while let option = words.first, option.hasPrefix("-") || option.contains("=") {
                let isShort = option.hasPrefix("-") && !option.hasPrefix("--")
                if isShort && option.contains(where: { $0 == "i" || $0 == "s" }) { return true }
                if option == "--login" || option == "--shell" { return true }
                let takesNext = isShort && Self.sudoOptionsWithValue.contains { option.last == $0 }
                words = words.dropFirst(takesNext ? 2 : 1)
            }
        }
        return false
    }

    /// Whether lines begin with a prompt: then others are output, in which a quotation mark quotes nothing.
    var isSession: Bool {
        bytes.split(separator: newline).contains { line in
            let first = line.drop { $0 == 0x20 || $0 == 0x09 }.prefix { $0 != 0x20 && $0 != 0x09 }
            guard let last = first.last, first.first != UInt8(ascii: "#") else { return false }
            return "$%#>".utf8.contains(last)
        }
    }

    private func contains(_ mark: String) -> Bool {
        let mark = Array(mark.utf8)
        return bytes.indices.contains { bytes[$0...].starts(with: mark) }
    }
}

private let newline = UInt8(ascii: "\n")
