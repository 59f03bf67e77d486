/// A page's bytes after the checks that every format needs, with the front matter read.
struct SourceText {
    let lines: LineTable
    let frontMatter: FrontMatter
    /// The offset behind the byte order mark and the front matter.
    let bodyStart: Int

    init(_ bytes: [UInt8], path: String, format: DocumentFormat) throws(DocumentError) {
        guard bytes.count <= Document.byteCountMax else {
            throw .tooLarge(path: path, gotByteCount: bytes.count, expectedByteCountMax: Document.byteCountMax)
        }
        if format == .html { try checkHTMLEncoding(bytes, path: path) }
        try checkUTF8(bytes, path: path)
        if let offset = bytes.firstIndex(of: 0) {
            throw .nulByte(path: path, line: lineNumber(of: offset, in: bytes), byteOffset: offset)
        }
        let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        lines = LineTable(of: bytes, from: start)
        guard let opening = openingFence(of: lines, format: format) else {
            frontMatter = FrontMatter()
            bodyStart = start
            return
        }
        let closing = (opening + 1..<max(lines.count, opening + 1)).first { [lines] line in
            let range = lines[line]
            return isFence(
                opening == 0 ? range : range.droppingPrefix(in: bytes, quoteDepth: 0), in: bytes, orDots: true)
        }
        guard let closing else { throw .unclosedFrontMatter(path: path) }
        let yaml = lines[opening + 1].lowerBound..<lines[closing].lowerBound
        guard yaml.count <= frontMatterByteCountMax else {
            throw .frontMatterTooLarge(
                path: path, gotByteCount: yaml.count, expectedByteCountMax: frontMatterByteCountMax)
        }
        frontMatter = try FrontMatter(
            parsing: String(decoding: bytes[yaml], as: UTF8.self), path: path, line: opening + 2)
        let last = format == .html ? closing + 1 : closing
        guard format != .html || (last < lines.count && isLine("-->", lines[last], in: bytes)) else {
            throw .unclosedFrontMatter(path: path)
        }
        bodyStart = last + 1 < lines.count ? lines[last + 1].lowerBound : bytes.count
    }
}

/// The line `---` that opens front matter: the first one; in HTML behind a line `<!--`, in reStructuredText also behind `..`.
private func openingFence(of lines: LineTable, format: DocumentFormat) -> Int? {
    if format != .html, isFence(lines[0], in: lines.bytes, orDots: false) { return 0 }
    let comment = format == .html ? "<!--" : ".."
    guard format == .html || format == .restructuredText, lines.count > 1, isLine(comment, lines[0], in: lines.bytes),
        isFence(lines[1].droppingPrefix(in: lines.bytes, quoteDepth: 0), in: lines.bytes, orDots: false)
    else { return nil }
    return 1
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
func lineNumber(of offset: Int, in bytes: [UInt8]) -> Int {
    LineTable(of: Array(bytes[..<offset]) + [0x20], from: 0).count
}

/// Whether a line is `---` (or `...`, which may close), but for spaces at its end.
private func isFence(_ line: Range<Int>, in bytes: [UInt8], orDots: Bool) -> Bool {
    isLine("---", line, in: bytes) || (orDots && isLine("...", line, in: bytes))
}

private func isLine(_ text: String, _ line: Range<Int>, in bytes: [UInt8]) -> Bool {
    bytes[line.trimmingEnd(in: bytes)].elementsEqual(text.utf8)
}
