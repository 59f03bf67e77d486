/// The file formats that a page can be written in, decided by the file's extension.
package enum DocumentFormat: String, Sendable, CaseIterable, Codable {
    case markdown, plainText, restructuredText, html
    /// The text that `pdftotext` extracts, in UTF-8, a form feed between pages.
    case pdf

    /// The extensions in lower case, without the dot.
    package var fileExtensions: [String] {
        switch self {
        case .markdown: ["md", "markdown"]
        case .plainText: ["txt", "log"]
        case .restructuredText: ["rst"]
        case .html: ["html", "htm"]
        case .pdf: ["pdf"]
        }
    }

    /// The format of the file at `path`: `guide/index.MD` → `markdown`.
    package init(ofPath path: String) throws(DocumentError) {
        let got = PagePath(path).fileExtension
        guard let format = Self.allCases.first(where: { $0.fileExtensions.contains(got.lowercased()) }) else {
            throw .unknownFormat(path: path, got: got, expected: Self.allCases.flatMap(\.fileExtensions))
        }
        self = format
    }
}

/// A "/"-separated path taken apart: `guide/set.up.md` → `guide/set.up`, `set.up`, `md`.
struct PagePath {
    let withoutExtension: String
    let fileExtension: String
    var fileName: String { String(withoutExtension.split(separator: "/").last ?? "") }

    /// A leading dot starts a name, not an extension: `.md` is a file called `.md`.
    init(_ path: String) {
        let name = path.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
        if let dot = name.lastIndex(of: "."), dot > name.startIndex {
            withoutExtension = String(path[..<dot])
            fileExtension = String(name[name.index(after: dot)...])
        } else {
            withoutExtension = path
            fileExtension = ""
        }
    }
}
