import Foundation

/// An HTML page in UTF-8, whatever its file is in: what is stored, and what the ranges of its chunks are of.
///
/// - Returns: the bytes as they are where they are UTF-8, or where nothing that is known says what they are.
/// - Throws: `DocumentError.otherEncoding` for UTF-16 that is not whole.
package func htmlInUTF8(_ bytes: [UInt8], path: String) throws(DocumentError) -> [UInt8] {
    if let encoding = utf16Encoding(of: bytes) {
        guard bytes.count % 2 == 0, let text = String(bytes: bytes.dropFirst(2), encoding: encoding) else {
            throw .otherEncoding(path: path, line: 1, got: "UTF-16, and is not whole")
        }
        return Array(text.utf8)
    }
    guard let declared = otherEncoding(of: bytes) else { return bytes }
    let name = String(decoding: bytes[declared], as: UTF8.self).lowercased()
    if windows1252Labels.contains(name) { return Array(windows1252(bytes).utf8) }
    guard let encoding = encodings[name], let text = String(bytes: bytes, encoding: encoding) else { return bytes }
    return Array(text.utf8)
}

private func utf16Encoding(of bytes: [UInt8]) -> String.Encoding? {
    if bytes.starts(with: [0xFE, 0xFF]) { return .utf16BigEndian }
    return bytes.starts(with: [0xFF, 0xFE]) ? .utf16LittleEndian : nil
}

/// Names of the Web's commonest encodings but UTF-8 (<https://encoding.spec.whatwg.org/#names-and-labels>).
private let encodings: [String: String.Encoding] = [
    "iso-8859-2": .isoLatin2, "latin2": .isoLatin2, "windows-1250": .windowsCP1250, "cp1250": .windowsCP1250,
    "windows-1251": .windowsCP1251, "cp1251": .windowsCP1251, "windows-1253": .windowsCP1253,
    "windows-1254": .windowsCP1254, "iso-8859-9": .windowsCP1254, "latin5": .windowsCP1254,
    "shift_jis": .shiftJIS, "shift-jis": .shiftJIS, "sjis": .shiftJIS, "iso-2022-jp": .iso2022JP,
]

/// Latin 1 is read as what its pages are really in, as browsers do.
private let windows1252Labels: Set<String> = [
    "iso-8859-1", "iso8859-1", "iso_8859-1", "latin1", "l1", "windows-1252", "cp1252", "x-cp1252",
]

/// What the bytes 80 to 9F are (<https://encoding.spec.whatwg.org/index-windows-1252.txt>); five of them mean nothing, and are
/// the controls of the same numbers. All others are the scalars of their numbers.
private let windows1252Extras: [UInt32] = [
    0x20AC, 0x81, 0x201A, 0x192, 0x201E, 0x2026, 0x2020, 0x2021, 0x2C6, 0x2030, 0x160, 0x2039, 0x152, 0x8D, 0x17D, 0x8F,
    0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x2DC, 0x2122, 0x161, 0x203A, 0x153, 0x9D, 0x17E,
    0x178,
]

private func windows1252(_ bytes: [UInt8]) -> String {
    var text = String.UnicodeScalarView()
    for byte in bytes {
        let number = (0x80..<0xA0).contains(byte) ? windows1252Extras[Int(byte) - 0x80] : UInt32(byte)
        if let scalar = Unicode.Scalar(number) { text.append(scalar) }
    }
    return String(text)
}

/// The part of a page in which browsers look for its encoding.
private let declarationByteCountMax = 1024

/// Refuses a page that says it is in another encoding than UTF-8, and is.
func checkHTMLEncoding(_ bytes: [UInt8], path: String) throws(DocumentError) {
    guard let declared = otherEncoding(of: bytes) else { return }
    let name = String(decoding: bytes[declared], as: UTF8.self)
    throw .otherEncoding(path: path, line: lineNumber(of: declared.lowerBound, in: bytes), got: name)
}

/// Where a page names an encoding that it needs another reader for.
///
/// What is UTF-8 is that, whatever it says: hardly a text in another encoding is by chance. But ISO-2022-JP is all ASCII, with
/// escapes. UTF-16 in a `meta` element means UTF-8, since the element could not have been read otherwise.
private func otherEncoding(of bytes: [UInt8]) -> Range<Int>? {
    guard let declared = declaredEncoding(in: bytes.prefix(declarationByteCountMax)) else { return nil }
    let name = String(decoding: bytes[declared], as: UTF8.self).lowercased()
    if ["utf-8", "utf8", "unicode-1-1-utf-8", "us-ascii", "ascii"].contains(name) || name.hasPrefix("utf-16") {
        return nil
    }
    if name == "iso-2022-jp", bytes.contains(0x1B) { return declared }
    return (try? UTF8Span(validating: bytes.span)) == nil ? declared : nil
}

/// What a `meta` element or an XML declaration gives
/// (<https://html.spec.whatwg.org/multipage/parsing.html#prescan-a-byte-stream-to-determine-its-encoding>); comments are passed
/// over.
private func declaredEncoding(in head: ArraySlice<UInt8>) -> Range<Int>? {
    let small = head.map { $0.isCapital ? $0 | 0x20 : $0 }[...]
    if small.starts(with: "<?xml".utf8) {
        let end = small.firstIndex(of: UInt8(ascii: ">")) ?? small.endIndex
        if let found = value(of: "encoding", in: small[..<end]) { return found }
    }
    var index = small.startIndex
    while let open = small[index...].firstIndex(of: UInt8(ascii: "<")) {
        let rest = small[open...]
        if rest.starts(with: "<!--".utf8) {
            index = (open..<small.endIndex).first { small[$0...].starts(with: "-->".utf8) } ?? small.endIndex
            continue
        }
        let end = rest.firstIndex(of: UInt8(ascii: ">")) ?? small.endIndex
        if rest.starts(with: "<meta".utf8), let found = value(of: "charset", in: small[open..<end]) { return found }
        index = min(open + 1, small.endIndex)
    }
    return nil
}

/// What stands behind `name=`, quotes or not.
private func value(of name: String, in bytes: ArraySlice<UInt8>) -> Range<Int>? {
    for index in bytes.indices where bytes[index...].starts(with: name.utf8) {
        let behind = bytes[index...].dropFirst(name.utf8.count).drop { $0.isHTMLBlank }
        guard behind.first == UInt8(ascii: "=") else { continue }
        let value = behind.dropFirst().drop { $0.isHTMLBlank || $0 == 0x22 || $0 == 0x27 }
        let name = value.prefix { isLetterOrDigit($0) || "-_:.".utf8.contains($0) }
        if !name.isEmpty { return name.startIndex..<name.endIndex }
    }
    return nil
}
