/// What `pdfinfo -custom` prints of a PDF's Info dictionary: a line for each entry, sorted by name, its value from column 17
/// on, and further lines of a value as they are.
package struct PDFInformation {
    private static let entryName = "FrontMatter"
    private static let valueColumn = 17

    /// The entry `FrontMatter`, without fences.
    package let frontMatter: String?

    package init(printed: String) {
        let lines = printed.split(separator: "\n", omittingEmptySubsequences: false)
        guard let first = lines.firstIndex(where: { $0.hasPrefix(Self.entryName + ":") }) else {
            frontMatter = nil
            return
        }
        let rest = lines[(first + 1)...].prefix { !Self.beginsEntry($0) }
        var value = [lines[first].dropFirst(Self.valueColumn)] + rest
        if isFence(value[0]) { value.removeFirst() }
        value = Array(value.prefix { !isFence($0) })
        while value.last?.allSatisfy(\.isWhitespace) == true { value.removeLast() }
        frontMatter = value.isEmpty ? nil : value.joined(separator: "\n")
    }

    /// Whether a line names an entry behind `FrontMatter`. Keys of front matter begin with a small letter, so that none of
    /// them is taken for one.
    private static func beginsEntry(_ line: Substring) -> Bool {
        guard let colon = line.firstIndex(of: ":"), let first = line.first, !first.isWhitespace, !first.isLowercase,
            !line[..<colon].contains(where: \.isWhitespace), line[..<colon] > entryName
        else { return false }
        let blanks = line[colon...].dropFirst().prefix { $0 == " " }
        let column = line.distance(from: line.startIndex, to: blanks.endIndex)
        return blanks.endIndex == line.endIndex || column == max(valueColumn, line[..<colon].count + 2)
    }
}

/// Whether a line is `---`, but for white space at its end.
func isFence(_ line: some StringProtocol) -> Bool {
    line.hasPrefix("---") && line.dropFirst(3).allSatisfy(\.isWhitespace)
}
