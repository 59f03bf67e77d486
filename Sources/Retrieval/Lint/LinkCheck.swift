import Documents
import Foundation

/// Looks up where links between pages lead.
struct LinkCheck {
    /// By file: what fragments a page has; `nil` where that is not judged.
    private var anchors: [String: Set<Substring>?] = [:]
    /// By folder and path, as a link has it: the file, where there is one.
    private var files: [String: String?] = [:]

    init(_ pages: [LintedPage]) {
        for page in pages { anchors[page.file] = page.anchors }
    }

    /// Links to files that are not there, and to headings that a page does not have.
    ///
    /// Addresses with a scheme are not judged, nor are paths from a server's root, or what is filled in. Of reStructuredText
    /// it is what the role `doc` names: Sphinx resolves the other references.
    mutating func findings(of page: LintedPage) -> [LintFinding] {
        let (format, folder) = (page.document.format, URL(filePath: page.file).deletingLastPathComponent())
        guard format == .markdown || format == .html || format == .restructuredText else { return [] }
        var findings: [LintFinding] = []
        for link in page.document.links where format != .restructuredText || link.isPage {
            let message =
                link.isPage
                ? fault(ofPage: link.target, in: page, folder) : fault(of: link.target, in: page, folder)
            guard let message else { continue }
            findings.append(LintFinding(.deadLink, at: page.place(line: link.line), message))
        }
        return findings
    }

    private mutating func fault(of target: String, in page: LintedPage, _ folder: URL) -> String? {
        guard Self.isJudged(target) else { return nil }
        let parts = target.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        let path = parts[0].prefix { $0 != "?" }
        guard let file = path.isEmpty ? page.file : file(at: String(path), in: folder) else {
            return "\(target): there is no such file"
        }
        let fragment = parts.count > 1 ? (String(parts[1]).removingPercentEncoding ?? String(parts[1])) : ""
        guard !fragment.isEmpty, let known = anchors[file], let known, !known.contains(fragment[...]) else {
            return nil
        }
        return "\(target): the page has no \"#\(fragment)\""
    }

    /// The extensions of pages that Sphinx reads.
    private static let pageExtensions = ["", ".rst", ".md", ".txt", ".rst.txt"]

    /// A name from the root is one below the project's folder: the one that was named, or one of those above the page.
    private mutating func fault(ofPage name: String, in page: LintedPage, _ folder: URL) -> String? {
        guard !name.contains("{{") else { return nil }
        var folders = [folder]
        if name.hasPrefix("/") {
            while let last = folders.last, last.path.count > page.root.count {
                folders.append(last.deletingLastPathComponent())
            }
        }
        let path = String(name.drop { $0 == "/" })
        for folder in folders {
            for ending in Self.pageExtensions where file(at: path + ending, in: folder) != nil { return nil }
        }
        return "\(name): there is no such page"
    }

    private static func isJudged(_ target: String) -> Bool {
        guard let first = target.utf8.first, first != UInt8(ascii: "/"), !target.contains("{{") else { return false }
        let scheme = target.utf8.prefix(while: isOfScheme)
        let end = target.utf8.index(target.startIndex, offsetBy: scheme.count)
        return end == target.endIndex || target.utf8[end] != UInt8(ascii: ":")
    }

    private mutating func file(at path: String, in folder: URL) -> String? {
        let key = "\(folder.path)\u{0}\(path)"
        if let known = files[key] { return known }
        let file = folder.appending(path: path.removingPercentEncoding ?? path).standardizedFileURL.path
        let found = FileManager.default.fileExists(atPath: file) ? file : nil
        files[key] = .some(found)
        return found
    }
}

extension LintedPage {
    /// The fragments that links can name: those of headings, and what `id` and `name` give.
    fileprivate var anchors: Set<Substring>? {
        guard document.format == .markdown || document.format == .html else { return nil }
        var anchors = Set(document.sections.map { $0.anchor[...] })
        let equals = UInt8(ascii: "=")
        for place in bytes.indices where bytes[place] == equals {
            let name = bytes[..<place].suffix(4)
            guard name.ends(with: "id".utf8) || name.elementsEqual("name".utf8) else { continue }
            let quotes: [UInt8] = [UInt8(ascii: "\""), UInt8(ascii: "'")]
            let rest = bytes[(place + 1)...].drop { quotes.contains($0) }
            let value = rest.prefix { !quotes.contains($0) && $0 > 0x20 && $0 != UInt8(ascii: ">") }
            anchors.insert(String(decoding: value, as: UTF8.self)[...])
        }
        return anchors
    }
}

/// Whether a byte may stand in the name of a scheme (RFC 3986, section 3.1).
private func isOfScheme(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."): true
    default: false
    }
}

extension BidirectionalCollection where Element == UInt8 {
    fileprivate func ends(with suffix: String.UTF8View) -> Bool { self.suffix(suffix.count).elementsEqual(suffix) }
}
