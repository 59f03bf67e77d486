import Foundation

/// Holds bytes to JSON's grammar (<https://www.rfc-editor.org/rfc/rfc8259>) and to I-JSON's rule that an object has no
/// name twice (<https://www.rfc-editor.org/rfc/rfc7493#section-2.3>).
///
/// Foundation's decoder takes trailing commas, and the first of two equal names where other readers take the last: two
/// programs would read two tickets in one text.
struct JSONGrammar {
    /// Lists and objects within each other; a ticket needs four.
    static let depthMax = 64

    private let bytes: [UInt8]
    private var position = 0
    /// The names and places that lead to the value being read.
    private var path: [String] = []

    /// Throws `notJSON` with the byte where the text stops being JSON, or `repeatedField` with the name's place.
    static func check(_ data: Data) throws(TicketError) {
        var grammar = JSONGrammar(bytes: Array(data))
        guard String(validating: grammar.bytes, as: UTF8.self) != nil else {
            throw .notJSON(byteOffset: 0, expected: "UTF-8")
        }
        // Section 8.1: a byte order mark may be ignored.
        if grammar.bytes.starts(with: [0xEF, 0xBB, 0xBF]) { grammar.position = 3 }
        try grammar.value()
        guard grammar.position == grammar.bytes.count else { throw grammar.expected("the end") }
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private mutating func value() throws(TicketError) {
        skipSpace()
        switch next ?? 0 {
        case UInt8(ascii: "{"): try object()
        case UInt8(ascii: "["): try array()
        case UInt8(ascii: "\""): try string()
        case UInt8(ascii: "t"): try literal("true")
        case UInt8(ascii: "f"): try literal("false")
        case UInt8(ascii: "n"): try literal("null")
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try number()
        default: throw expected("a value")
        }
        skipSpace()
    }

    private mutating func object() throws(TicketError) {
        var names: Set<String> = []
        try elements(until: "}") { (grammar: inout JSONGrammar, _) throws(TicketError) in
            grammar.skipSpace()
            let name = try grammar.name()
            grammar.path.append(name)
            guard names.insert(name).inserted else { throw .repeatedField(pointer: jsonPointer(grammar.path)) }
            grammar.skipSpace()
            try grammar.take(":")
            try grammar.value()
            grammar.path.removeLast()
        }
    }

    private mutating func array() throws(TicketError) {
        try elements(until: "]") { (grammar: inout JSONGrammar, index) throws(TicketError) in
            grammar.path.append(String(index))
            try grammar.value()
            grammar.path.removeLast()
        }
    }

    /// What stands between an opening bracket, where `position` is, and its closing one.
    private mutating func elements(
        until end: Unicode.Scalar, _ element: (inout JSONGrammar, Int) throws(TicketError) -> Void
    ) throws(TicketError) {
        guard path.count < Self.depthMax else { throw expected("at most \(Self.depthMax) levels") }
        position += 1
        skipSpace()
        if next == UInt8(ascii: end) {
            position += 1
            return
        }
        var count = 0
        repeat {
            try element(&self, count)
            count += 1
        } while takes(",")
        try take(end)
    }

    /// An object's name, its escapes resolved.
    private mutating func name() throws(TicketError) -> String {
        let start = position
        guard next == UInt8(ascii: "\"") else { throw expected("a name in quotes") }
        try string()
        let quoted = bytes[start..<position]
        guard quoted.contains(UInt8(ascii: "\\")) else {
            return String(decoding: quoted.dropFirst().dropLast(), as: UTF8.self)
        }
        guard let name = try? JSONDecoder().decode(String.self, from: Data(quoted)) else { throw expected("a name") }
        return name
    }

    private mutating func string() throws(TicketError) {
        position += 1
        while let byte = next, byte != UInt8(ascii: "\"") {
            guard byte >= 0x20 else { throw expected("an escape instead of a control character") }
            position += 1
            if byte == UInt8(ascii: "\\") { try escape() }
        }
        try take("\"")
    }

    private mutating func escape() throws(TicketError) {
        guard let letter = next, "\"\\/bfnrtu".utf8.contains(letter) else { throw expected("a known escape") }
        position += 1
        guard letter == UInt8(ascii: "u") else { return }
        let unit = try hexadecimal()
        if UTF16.isTrailSurrogate(unit) { throw expected("the first half of a surrogate pair") }
        guard UTF16.isLeadSurrogate(unit) else { return }
        guard takes("\\"), takes("u"), UTF16.isTrailSurrogate(try hexadecimal()) else {
            throw expected("the second half of a surrogate pair")
        }
    }

    private mutating func hexadecimal() throws(TicketError) -> UInt16 {
        let digits = bytes[position...].prefix(4)
        guard digits.count == 4, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
            let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw expected("four hexadecimal digits") }
        position += 4
        return unit
    }

    private mutating func number() throws(TicketError) {
        _ = takes("-")
        if !takes("0") { try digits() }
        if takes(".") { try digits() }
        if takes("e") || takes("E") {
            if !takes("+") { _ = takes("-") }
            try digits()
        }
    }

    private mutating func digits() throws(TicketError) {
        let count = bytes[position...].prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }.count
        guard count > 0 else { throw expected("a digit") }
        position += count
    }

    private mutating func literal(_ word: String) throws(TicketError) {
        guard bytes[position...].starts(with: word.utf8) else { throw expected("a value") }
        position += word.utf8.count
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private mutating func takes(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func take(_ character: Unicode.Scalar) throws(TicketError) {
        guard takes(character) else { throw expected("\"\(character)\"") }
    }

    private func expected(_ what: String) -> TicketError { .notJSON(byteOffset: position, expected: what) }
}
