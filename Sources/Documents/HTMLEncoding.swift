import Foundation

/// An HTML page in UTF-8, whatever its file is in: what is stored, and what the ranges of its chunks are of.
///
/// A page that was another encoding has a byte order mark in front, which outranks what its `meta` element goes on saying
/// (<https://html.spec.whatwg.org/multipage/parsing.html#determining-the-character-encoding>, step 1).
///
/// - Returns: the bytes as they are where they are UTF-8, or where nothing says what they are.
/// - Throws: `DocumentError.otherEncoding` for an encoding that is not known, or that the bytes are not in.
package func htmlInUTF8(_ bytes: [UInt8], path: String) throws(DocumentError) -> [UInt8] {
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    if bytes.starts(with: mark) { return bytes }
    for (utf16Mark, encoding) in [([0xFE, 0xFF], String.Encoding.utf16BigEndian), ([0xFF, 0xFE], .utf16LittleEndian)] {
        guard bytes.starts(with: utf16Mark as [UInt8]) else { continue }
        guard bytes.count % 2 == 0, let text = String(bytes: bytes.dropFirst(2), encoding: encoding) else {
            throw .otherEncoding(path: path, line: 1, got: "UTF-16, and is not whole")
        }
        return mark + text.utf8
    }
    guard let declared = otherEncoding(of: bytes) else { return bytes }
    let name = String(decoding: bytes[declared], as: UTF8.self).lowercased()
    if windows1252Labels.contains(name) { return mark + windows1252(bytes).utf8 }
    guard let encoding = encodings[name], let text = String(bytes: bytes, encoding: encoding) else { return bytes }
    return mark + text.utf8
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

/// Refuses a page that says it is in another encoding than UTF-8, unless it has only ASCII, which means the same in nearly all.
///
/// <https://html.spec.whatwg.org/multipage/parsing.html#prescan-a-byte-stream-to-determine-its-encoding>; UTF-16 in a `meta`
/// element means UTF-8, since the element could not have been read otherwise.
func checkHTMLEncoding(_ bytes: [UInt8], path: String) throws(DocumentError) {
    guard !bytes.starts(with: [0xEF, 0xBB, 0xBF]), let declared = otherEncoding(of: bytes) else { return }
    let name = String(decoding: bytes[declared], as: UTF8.self)
    throw .otherEncoding(path: path, line: lineNumber(of: declared.lowerBound, in: bytes), got: name)
}

/// Where a page names an encoding that it needs another reader for.
private func otherEncoding(of bytes: [UInt8]) -> Range<Int>? {
    guard let declared = declaredEncoding(in: bytes.prefix(declarationByteCountMax)) else { return nil }
    let name = String(decoding: bytes[declared], as: UTF8.self).lowercased()
    let isUTF8 = ["utf-8", "utf8", "unicode-1-1-utf-8", "us-ascii", "ascii"].contains(name)
    return !isUTF8 && !name.hasPrefix("utf-16") && bytes.contains(where: { $0 >= 0x80 }) ? declared : nil
}

/// What stands behind `charset=` or `encoding=`, quotes or not.
private func declaredEncoding(in head: ArraySlice<UInt8>) -> Range<Int>? {
    let small = head.map { $0.isCapital ? $0 | 0x20 : $0 }
    for index in small.indices {
        let rest = small[index...]
        guard rest.starts(with: "charset".utf8) || rest.starts(with: "encoding".utf8) else { continue }
        let behind = rest.drop { $0.isSmallLetter }.drop { $0.isHTMLBlank }
        guard behind.first == UInt8(ascii: "=") else { continue }
        let value = behind.dropFirst().drop { $0.isHTMLBlank || $0 == 0x22 || $0 == 0x27 }
        let name = value.prefix { isLetterOrDigit($0) || "-_:.".utf8.contains($0) }
        if !name.isEmpty { return name.startIndex..<name.endIndex }
    }
    return nil
}
