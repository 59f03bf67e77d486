/// A text with pasted logs and stack traces, read for what they say of the fault.
///
///     PastedOutput("2026-02-11 08:59:41 CET [218] shop@shopdb FATAL: sorry, too many clients already").signatures
///     // "shop@shopdb FATAL: sorry, too many clients already"
///
/// When it happened, in which process and at which address is in no page of a handbook: as terms that nothing matches, such
/// words only dilute the query. A line that is said again with other numbers says nothing new, and of a trace's frames
/// the first tells where. Lines that are no output stay as they are.
struct PastedOutput {
    /// Without stamps, numbers of processes, addresses, repeated lines and the deeper frames of traces.
    let signatures: String

    /// A log says when within its first words.
    private static let wordCountBeforeClock = 5

    /// - Complexity: linear in the text.
    init(_ text: String) {
        var kept: [Substring] = []
        var said: Set<String> = []
        var trace = Trace()
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            if trace.drops(line) { continue }
            let words = line.split(whereSeparator: \.isWhitespace)
            guard let clock = words.prefix(Self.wordCountBeforeClock).firstIndex(where: { LogWord($0).isClock }) else {
                kept.append(line)
                continue
            }
            let telling = words.enumerated().filter { index, word in
                index > clock
                    ? !LogWord(word, behind: words[index - 1]).isNoise(behindClockBy: index - clock)
                    : !LogWord(word).isPartOfStamp
            }
            let signature = telling.map(\.element).joined(separator: " ")
            if said.insert(String(signature.map { $0.isNumber ? "0" : $0 })).inserted { kept.append(signature[...]) }
        }
        signatures = kept.joined(separator: "\n")
    }
}

/// Follows a stack trace from line to line: of Java, .NET, JavaScript (`at f(…)`), Python (`File "…", line 3, in f`) and
/// Go (`main.go:12 +0x1d`).
private struct Trace {
    private var hasFrame = false
    /// Python shows the frame's line of code below it.
    private var isBeforeCode = false

    /// Whether the line is a frame below the first one, or what belongs to it.
    mutating func drops(_ line: Substring) -> Bool {
        let text = line.drop(while: \.isWhitespace)
        let isIndented = text.startIndex > line.startIndex
        if isBeforeCode, isIndented, !isFrame(text, isIndented) {
            isBeforeCode = false
            return true
        }
        isBeforeCode = false
        if hasFrame, isMark(text, isIndented) || isGoFunction(line) { return true }
        guard isFrame(text, isIndented) else {
            hasFrame = false
            return false
        }
        isBeforeCode = text.hasPrefix("File \"")
        defer { hasFrame = true }
        return hasFrame
    }

    /// What Python has below the frame's code: `~~~^^^`.
    private func isMark(_ text: Substring, _ isIndented: Bool) -> Bool {
        isIndented && !text.isEmpty && text.allSatisfy { "~^ ".contains($0) }
    }

    /// What Go has above each frame: `main.(*Pool).run(0xc000)` or `created by main.start in goroutine 1`.
    private func isGoFunction(_ line: Substring) -> Bool {
        if line.hasPrefix("created by ") { return true }
        let name = line.prefix { !$0.isWhitespace }
        return line.last == ")" && name.contains("(") && name.contains(".") && line.first.map(\.isLetter) ?? false
    }

    /// Prose begins a line with "at", too: without an indent, a frame has its function in the first word behind it.
    private func isFrame(_ text: Substring, _ isIndented: Bool) -> Bool {
        if text.hasPrefix("at ") {
            let function = text.dropFirst(3).prefix { !$0.isWhitespace }
            return (isIndented && text.contains("(")) || function.contains("(") || function.contains(".")
        }
        guard isIndented else { return false }
        if text.hasPrefix("File \"") { return text.contains(", line ") }
        if text.hasPrefix("... ") { return text.hasSuffix(" more") }
        return text.contains(".go:") && text.contains(" +0x")
    }
}

/// A word of a log line, and what shape it has.
private struct LogWord {
    private let core: Substring
    private let isBracketed: Bool

    private static let months: Set<String> = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "mon", "tue", "wed", "thu",
        "fri", "sat", "sun",
    ]
    private static let zones: Set<String> = ["utc", "gmt", "cet", "cest", "est", "edt", "pst", "pdt", "z"]
    /// Shorter numbers are codes, ports and sizes.
    private static let numberLengthMin = 5
    /// So long are SQLSTATEs and error numbers at most, behind a word that says that there is one.
    private static let codeLengthMax = 5
    /// So near to a clock a number in brackets is a process; elsewhere it is a code.
    private static let processDistanceMax = 3
    /// `0x80070005` is a code, `0x00007f3a5c2e` an address.
    private static let addressLengthMin = 12

    private let isBehindErrorWord: Bool

    init(_ word: Substring, behind other: Substring = "") {
        isBehindErrorWord = ["error", "fatal", "panic", "errno", "sqlstate", "code"].contains {
            other.droppingTrailing(":=,").lowercased().hasSuffix($0)
        }
        let inner = word.drop { "[(<\"'".contains($0) }
        core = inner.prefix { !"])>\"'".contains($0) }
        isBracketed = word.first == "["
    }

    /// `08:59:41.112`, `2026-02-11T08:59:41Z` or `28/Feb/2026:22:31:07`: two colons between pairs of digits.
    var isClock: Bool {
        let parts = core.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count >= 3 else { return false }
        let (hour, minute, second) = (parts[parts.count - 3], parts[parts.count - 2], parts[parts.count - 1])
        return hour.suffix(2).allSatisfy(\.isNumber) && hour.count >= 2 && minute.count == 2
            && minute.allSatisfy(\.isNumber) && second.prefix(2).count == 2 && second.prefix(2).allSatisfy(\.isNumber)
    }

    /// What stands before or in a stamp: a date, a name of a month or day, a zone, a client's address, `-`.
    var isPartOfStamp: Bool {
        isClock || isNoise(behindClockBy: 0) || core.allSatisfy { $0.isNumber || "-/.,".contains($0) }
            || Self.months.contains(core.droppingTrailing(",.").lowercased())
    }

    /// What differs from one occurrence of a fault to the next.
    func isNoise(behindClockBy distance: Int) -> Bool {
        let text = core.droppingTrailing(":,;.")
        if text.isEmpty { return true }
        if isClock || isNumber(text, isProcess: isBracketed && distance <= Self.processDistanceMax) || isAddress(text)
            || isUniversalIdentifier(text)
        {
            return true
        }
        return Self.zones.contains(text.lowercased()) || (text.first == "+" && text.dropFirst().allSatisfy(\.isNumber))
    }

    /// `[21877]`, `1187#1187`, `*90233`, `4567890`.
    private func isNumber(_ text: Substring, isProcess: Bool) -> Bool {
        guard text.contains(where: \.isNumber), text.allSatisfy({ $0.isNumber || "#*".contains($0) }) else {
            return false
        }
        if isBehindErrorWord, text.count <= Self.codeLengthMax { return false }
        return isProcess || text.contains("#") || text.contains("*") || text.count >= Self.numberLengthMin
    }

    /// `198.51.100.23:5432`, `0x00007f3a5c2e`.
    private func isAddress(_ text: Substring) -> Bool {
        if text.hasPrefix("0x") {
            return text.count >= Self.addressLengthMin && text.dropFirst(2).allSatisfy(\.isHexDigit)
        }
        let parts = text.split(separator: ":").first?.split(separator: ".", omittingEmptySubsequences: false) ?? []
        return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
    }

    /// `6f1c2b9e-3d1a-4f6e-9a58-1f2d3c4b5a69` (RFC 9562).
    private func isUniversalIdentifier(_ text: Substring) -> Bool {
        text.split(separator: "-", omittingEmptySubsequences: false).map(\.count) == [8, 4, 4, 4, 12]
            && text.allSatisfy { $0.isHexDigit || $0 == "-" }
    }
}

extension StringProtocol where SubSequence == Substring {
    fileprivate func droppingTrailing(_ marks: String) -> Substring {
        var text = self[...]
        while let last = text.last, marks.contains(last) { text.removeLast() }
        return text
    }
}
