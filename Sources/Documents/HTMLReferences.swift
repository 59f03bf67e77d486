/// No name is longer than `&CounterClockwiseContourIntegral;`.
private let nameByteCountMax = 31
/// A page with more different names is no text; further ones are kept as they are written.
private let lookupCountMax = 4096

/// Resolves character references: `&amp;`, `&#8212;`, `&#x2014;`.
///
/// The names that HTML 5 knows are cmark's, which has the whole table.
/// <https://html.spec.whatwg.org/multipage/named-characters.html>
package struct HTMLReferences {
    package init() {}

    private var known: [ArraySlice<UInt8>: [UInt8]] = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": "\u{A0}",
    ].reduce(into: [:]) { $0[Array($1.key.utf8)[...]] = Array($1.value.utf8) }

    /// The reference that begins with the "&" at `start`: its byte count and what it stands for; `nil` where it is text.
    package mutating func resolve(_ bytes: [UInt8], at start: Int, to end: Int) -> (count: Int, text: [UInt8])? {
        guard start + 2 < end else { return nil }
        if bytes[start + 1] == UInt8(ascii: "#") { return numeric(bytes, at: start, to: end) }
        var behind = start + 1
        while behind < end, behind - start <= nameByteCountMax, isLetterOrDigit(bytes[behind]) { behind += 1 }
        let name = bytes[start + 1..<behind]
        guard behind < end, bytes[behind] == UInt8(ascii: ";") else { return legacy(name) }
        return text(of: name).map { (behind + 1 - start, $0) }
    }

    /// All of an attribute's value or of a title.
    mutating func resolved(_ range: Range<Int>, of bytes: [UInt8]) -> [UInt8] {
        guard bytes[range].contains(UInt8(ascii: "&")) else { return Array(bytes[range]) }
        var text: [UInt8] = []
        var index = range.lowerBound
        while index < range.upperBound {
            if bytes[index] == UInt8(ascii: "&"), let found = resolve(bytes, at: index, to: range.upperBound) {
                text += found.text
                index += found.count
            } else {
                text.append(bytes[index])
                index += 1
            }
        }
        return text
    }

    /// The names that old pages write without ";", and only whole, so that `&copy=1` in an address stays.
    private func legacy(_ name: ArraySlice<UInt8>) -> (count: Int, text: [UInt8])? {
        guard ["amp", "lt", "gt", "quot", "nbsp"].contains(String(decoding: name, as: UTF8.self)) else { return nil }
        return known[name].map { (name.count + 1, $0) }
    }

    private mutating func text(of name: ArraySlice<UInt8>) -> [UInt8]? {
        if let text = known[name] { return text.isEmpty ? nil : text }
        guard !name.isEmpty, known.count < lookupCountMax else { return nil }
        let reference = [UInt8(ascii: "&")] + name + [UInt8(ascii: ";")]
        let text = withSyntaxTree(of: reference[...]) { root in
            root.firstChild?.firstChild?.withLiteral { span in span.indices.map { span[$0] } } ?? []
        }
        known[name] = text == reference ? [] : text
        return text == reference ? nil : text
    }

    private func numeric(_ bytes: [UInt8], at start: Int, to end: Int) -> (count: Int, text: [UInt8])? {
        let digitCountMax = 10
        let isHexadecimal = bytes[start + 2] | 0x20 == UInt8(ascii: "x")
        var behind = start + (isHexadecimal ? 3 : 2)
        let first = behind
        var value: UInt32 = 0
        while behind < end, behind - first < digitCountMax,
            let digit = Character(Unicode.Scalar(bytes[behind])).hexDigitValue, isHexadecimal || digit < 10
        {
            value = min(value, 0x11_0000) * (isHexadecimal ? 16 : 10) + UInt32(digit)
            behind += 1
        }
        guard behind > first else { return nil }
        if behind < end, bytes[behind] == UInt8(ascii: ";") { behind += 1 }
        return (behind - start, Array(String(scalar(value)).utf8))
    }

    /// Numbers of control characters mean Windows-1252's; what is no scalar, or NUL, is U+FFFD.
    private func scalar(_ value: UInt32) -> Character {
        let ofWindows: [UInt32] = [
            0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D,
            0x017D, 0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A,
            0x0153, 0x9D, 0x017E, 0x0178,
        ]
        let meant = (0x80...0x9F).contains(value) ? ofWindows[Int(value - 0x80)] : value
        guard meant != 0, let scalar = Unicode.Scalar(meant) else { return "\u{FFFD}" }
        return Character(scalar)
    }
}
