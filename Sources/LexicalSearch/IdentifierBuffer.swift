/// Recognises identifiers in atoms and hands them out in canonical form, with the words inside `camelCase`.
///
/// Canonical: without the punctuation of the sentence around it, in lower case but for flags (`-v` is not `-V`), a version
/// without its `v`. Every identifier begins with `lanePrefix`, a byte that no word holds, so that one dictionary keeps both.
/// Paths, addresses and the like also give their components that are identifiers themselves:
/// `/etc/nginx/nginx.conf` → itself and `nginx.conf`.
struct IdentifierBuffer: ~Copyable {
    /// Longer identifiers are cut here.
    static let identifierByteCountMax = 128
    /// Digits alone are an identifier from here on: HTTP statuses, ports, SQLSTATEs.
    static let numberByteCountMin = 3
    /// Shorter pieces of `camelCase` are no words.
    static let partByteCountMin = 2
    static let lanePrefix: UInt8 = 1

    private var bytes = [UInt8](repeating: lanePrefix, count: 1 + identifierByteCountMax)

    /// Emits the identifiers of an atom, if any.
    mutating func emit(_ atom: Span<UInt8>, _ emit: (Span<UInt8>, TermLane) -> Void) {
        let range = trimmedRange(of: atom)
        guard !range.isEmpty else { return }
        let text = atom.extracting(range)
        if IdentifierShape(of: text).isIdentifier { emitCanonical(text, emit) }
        emitComponents(of: text, emit)
        emitParts(of: text, emit)
    }

    private mutating func emitCanonical(_ text: Span<UInt8>, _ emit: (Span<UInt8>, TermLane) -> Void) {
        let isFlag = text[0] == UInt8(ascii: "-")
        let start = isVersion(text) ? 1 : 0
        let byteCount = min(text.count - start, Self.identifierByteCountMax)
        for offset in 0..<byteCount {
            let byte = text[start + offset]
            bytes[1 + offset] = isUpper(byte) && !isFlag ? byte | 0x20 : byte
        }
        emit(bytes.span.extracting(0..<1 + byteCount), .identifier)
    }

    private mutating func emitComponents(of text: Span<UInt8>, _ emit: (Span<UInt8>, TermLane) -> Void) {
        var start = 0
        for position in 0...text.count where position == text.count || isComponentBoundary(text[position]) {
            defer { start = position + 1 }
            guard position - start < text.count else { continue }
            let piece = text.extracting(start..<position)
            let range = trimmedRange(of: piece)
            let component = piece.extracting(range)
            if !range.isEmpty, IdentifierShape(of: component).isIdentifier { emitCanonical(component, emit) }
        }
    }

    /// Emits `crash`, `loop`, `back`, `off` for `CrashLoopBackOff`; nothing for a run in one piece.
    private mutating func emitParts(of text: Span<UInt8>, _ emit: (Span<UInt8>, TermLane) -> Void) {
        var runStart = 0
        for position in 0...text.count where position == text.count || !isAlphanumeric(text[position]) {
            var start = runStart
            for boundary in runStart..<position where boundary > runStart && isPartBoundary(boundary, in: text) {
                emitPart(text.extracting(start..<boundary), emit)
                start = boundary
            }
            if start > runStart { emitPart(text.extracting(start..<position), emit) }
            runStart = position + 1
        }
    }

    private mutating func emitPart(_ part: Span<UInt8>, _ emit: (Span<UInt8>, TermLane) -> Void) {
        guard part.count >= Self.partByteCountMin, part.count <= TextScanner.wordByteCountMax else { return }
        for offset in part.indices { bytes[1 + offset] = isUpper(part[offset]) ? part[offset] | 0x20 : part[offset] }
        emit(bytes.span.extracting(1..<1 + part.count), .word)
    }
}

/// What speaks for an atom being an identifier rather than words.
private struct IdentifierShape {
    private var letterCount = 0
    private var digitCount = 0
    /// `.` between letters or digits, `:` before a digit.
    private var innerPointCount = 0
    /// `_`, `/`, `\`, `@`, `~`, `::`, an upper-case letter inside, the dash of a flag, the dot of a hidden file.
    private var hasTellingMark = false

    /// - Parameter text: a trimmed atom, not empty.
    init(of text: Span<UInt8>) {
        for position in text.indices {
            let byte = text[position]
            if isDigit(byte) {
                digitCount += 1
            } else if isLetter(byte) {
                letterCount += 1
                if position > 0, isPartBoundary(position, in: text) { hasTellingMark = true }
            } else {
                note(byte, at: position, in: text)
            }
        }
    }

    var isIdentifier: Bool {
        if letterCount == 0 {
            return digitCount >= IdentifierBuffer.numberByteCountMin || (digitCount > 0 && innerPointCount > 0)
        }
        // `main.c` is one, `e.g` is none: some stretch between the points has to be longer than a letter.
        return hasTellingMark || digitCount > 0 || (innerPointCount > 0 && letterCount > innerPointCount + 1)
    }

    private mutating func note(_ mark: UInt8, at position: Int, in text: Span<UInt8>) {
        let next = position + 1 < text.count ? text[position + 1] : 0
        switch mark {
        case UInt8(ascii: "-"): if position == 0 { hasTellingMark = true }
        case UInt8(ascii: "."):
            if position == 0 { hasTellingMark = true } else if isAlphanumeric(next) { innerPointCount += 1 }
        case UInt8(ascii: ":"):
            if next == mark { hasTellingMark = true } else if isDigit(next) { innerPointCount += 1 }
        default: hasTellingMark = true
        }
    }
}

/// The atom without the punctuation of the sentence: trailing marks go, and leading ones that begin no flag, path or file name.
private func trimmedRange(of atom: Span<UInt8>) -> Range<Int> {
    var end = atom.count
    while end > 0, !isAlphanumeric(atom[end - 1]), atom[end - 1] != UInt8(ascii: "_") { end -= 1 }
    var start = 0
    while start < end, !isOpening(atom, at: start, before: end) { start += 1 }
    return start..<end
}

/// Whether an identifier can begin here: with a letter, digit or `_`, `/etc`, `~/x`, `\\host`, `.env`, `-v` or `--verbose`.
private func isOpening(_ atom: Span<UInt8>, at start: Int, before end: Int) -> Bool {
    let first = atom[start]
    if isAlphanumeric(first) || first == UInt8(ascii: "_") { return true }
    guard start + 1 < end else { return false }
    let second = atom[start + 1]
    switch first {
    case UInt8(ascii: "/"): return isAlphanumeric(second) || second == UInt8(ascii: ".")
    case UInt8(ascii: "~"): return second == UInt8(ascii: "/")
    case UInt8(ascii: "\\"): return isAlphanumeric(second) || second == first
    // The last of several dots or dashes begins nothing: `...and`, `---x`.
    case _ where start > 0 && atom[start - 1] == first: return false
    case UInt8(ascii: "."): return isLetter(second)
    case UInt8(ascii: "-"):
        return isLetter(second) || (second == first && start + 2 < end && isLetter(atom[start + 2]))
    default: return false
    }
}

/// `v1.29` is the version 1.29; `v4` alone may be anything.
private func isVersion(_ text: Span<UInt8>) -> Bool {
    guard text.count > 3, text[0] | 0x20 == UInt8(ascii: "v"), isDigit(text[1]) else { return false }
    var position = 1
    while position < text.count, isDigit(text[position]) { position += 1 }
    return position < text.count && text[position] == UInt8(ascii: ".")
}

/// Whether a new word begins inside a run: `camel|Case`, `HTTP|Server`, but not `PDFs`.
private func isPartBoundary(_ position: Int, in text: Span<UInt8>) -> Bool {
    guard isUpper(text[position]) else { return false }
    if isLower(text[position - 1]) { return true }
    return isUpper(text[position - 1]) && position + 2 < text.count && isLower(text[position + 1])
        && isLower(text[position + 2])
}

private func isComponentBoundary(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "/") || byte == UInt8(ascii: "\\") || byte == UInt8(ascii: ":") || byte == UInt8(ascii: "@")
}

private func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
private func isLower(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "a") < 26 }
private func isUpper(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "A") < 26 }
private func isLetter(_ byte: UInt8) -> Bool { isLower(byte) || isUpper(byte) }
private func isAlphanumeric(_ byte: UInt8) -> Bool { isLetter(byte) || isDigit(byte) }
