/// A page's bytes after the checks that every format needs, with the front matter read.
struct SourceText {
    let lines: LineTable
    let frontMatter: FrontMatter
    /// The offset behind the byte order mark and the front matter.
    let bodyStart: Int

    init(_ bytes: [UInt8], path: String) throws(DocumentError) {
        guard bytes.count <= Document.byteCountMax else {
            throw .tooLarge(path: path, gotByteCount: bytes.count, expectedByteCountMax: Document.byteCountMax)
        }
        try checkUTF8(bytes, path: path)
        if let offset = bytes.firstIndex(of: 0) {
            throw .nulByte(path: path, line: lineNumber(of: offset, in: bytes), byteOffset: offset)
        }
        let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        lines = LineTable(of: bytes, from: start)
        guard isFence(lines[0], in: bytes, orDots: false) else {
            frontMatter = FrontMatter()
            bodyStart = start
            return
        }
        let closing = (1..<max(lines.count, 1)).first { [lines] line in isFence(lines[line], in: bytes, orDots: true) }
        guard let closing else { throw .unclosedFrontMatter(path: path) }
        let yaml = lines[1].lowerBound..<lines[closing].lowerBound
        guard yaml.count <= frontMatterByteCountMax else {
            throw .frontMatterTooLarge(
                path: path, gotByteCount: yaml.count, expectedByteCountMax: frontMatterByteCountMax)
        }
        frontMatter = try FrontMatter(parsing: String(decoding: bytes[yaml], as: UTF8.self), path: path, line: 2)
        bodyStart = closing + 1 < lines.count ? lines[closing + 1].lowerBound : bytes.count
    }
}

private func checkUTF8(_ bytes: [UInt8], path: String) throws(DocumentError) {
    do {
        _ = try UTF8Span(validating: bytes.span)
    } catch {
        let offset = error.byteOffsets.lowerBound
        throw .notUTF8(path: path, line: lineNumber(of: offset, in: bytes), byteOffset: offset)
    }
}

/// The 1-based line of an offset in bytes that need not be text.
private func lineNumber(of offset: Int, in bytes: [UInt8]) -> Int {
    LineTable(of: Array(bytes[..<offset]) + [0x20], from: 0).count
}

/// Whether a line is `---` (or `...`, which may close), but for spaces at its end.
private func isFence(_ line: Range<Int>, in bytes: [UInt8], orDots: Bool) -> Bool {
    let content = bytes[line.trimmingEnd(in: bytes)]
    return content.elementsEqual("---".utf8) || (orDots && content.elementsEqual("...".utf8))
}
