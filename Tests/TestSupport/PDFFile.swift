/// A small PDF made in a test: lines of Helvetica on pages, and entries of the Info dictionary.
package struct PDFFile {
    /// A line of ASCII at a place in points from the lower left corner of an A4 page.
    package struct Line {
        package let x: Int
        package let y: Int
        package let text: String

        package init(x: Int, y: Int, _ text: String) { (self.x, self.y, self.text) = (x, y, text) }
    }

    package let bytes: [UInt8]

    /// Lines below each other from the top of each page; an empty one leaves a gap.
    package init(pages: [[String]], information: [String: String] = [:]) {
        self.init(
            lines: pages.map { page in
                page.enumerated().map { Line(x: 64, y: 780 - 14 * $0, $1) }.filter { !$0.text.isEmpty }
            }, information: information)
    }

    package init(lines pages: [[Line]], information: [String: String] = [:]) {
        let kids = pages.indices.map { "\(5 + 2 * $0) 0 R" }.joined(separator: " ")
        let entries = information.sorted { $0.key < $1.key }.map { "/\($0) (\(Self.escaped($1)))" }
        var objects = [
            "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [\(kids)] /Count \(pages.count) >>",
            "<< \(entries.joined(separator: " ")) >>",
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        ]
        for (index, page) in pages.enumerated() {
            let content = page.map { "BT /F1 10 Tf \($0.x) \($0.y) Td (\(Self.escaped($0.text))) Tj ET" }
                .joined(separator: "\n")
            objects.append(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents \(6 + 2 * index) 0 R "
                    + "/Resources << /Font << /F1 4 0 R >> >> >>")
            objects.append("<< /Length \(content.utf8.count) >>\nstream\n\(content)\nendstream")
        }
        bytes = Self.file(of: objects)
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("(", with: "\\(").replacing(")", with: "\\)")
    }

    /// The objects with their table of offsets (ISO 32000-1, 7.5).
    private static func file(of objects: [String]) -> [UInt8] {
        var file = Array("%PDF-1.4\n".utf8)
        var offsets: [Int] = []
        for (index, object) in objects.enumerated() {
            offsets.append(file.count)
            file += "\(index + 1) 0 obj\n\(object)\nendobj\n".utf8
        }
        let start = file.count
        let entries = offsets.map { offset in
            let digits = "\(offset)"
            return String(repeating: "0", count: 10 - digits.count) + digits + " 00000 n \n"
        }
        file += "xref\n0 \(objects.count + 1)\n0000000000 65535 f \n\(entries.joined())".utf8
        file += "trailer\n<< /Size \(objects.count + 1) /Root 1 0 R /Info 3 0 R >>\nstartxref\n\(start)\n%%EOF\n".utf8
        return file
    }
}
