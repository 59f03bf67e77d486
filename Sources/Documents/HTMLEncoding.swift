/// The part of a page in which browsers look for its encoding.
private let declarationByteCountMax = 1024

/// Refuses a page that says it is in another encoding than UTF-8, unless it has only ASCII, which means the same in nearly all.
///
/// <https://html.spec.whatwg.org/multipage/parsing.html#prescan-a-byte-stream-to-determine-its-encoding>; UTF-16 in a `meta`
/// element means UTF-8, since the element could not have been read otherwise.
func checkHTMLEncoding(_ bytes: [UInt8], path: String) throws(DocumentError) {
    guard let declared = declaredEncoding(in: bytes.prefix(declarationByteCountMax)) else { return }
    let name = String(decoding: bytes[declared], as: UTF8.self)
    let isUTF8 = ["utf-8", "utf8", "unicode-1-1-utf-8", "us-ascii", "ascii"].contains(name.lowercased())
    guard !isUTF8, !name.lowercased().hasPrefix("utf-16"), bytes.contains(where: { $0 >= 0x80 }) else { return }
    throw .otherEncoding(path: path, line: lineNumber(of: declared.lowerBound, in: bytes), got: name)
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
