import Documents
package import Foundation
package import Storage

/// Looks through pages on disk for what makes them hard to find, wrong, or unreadable.
package struct PageLinter {
    private let options: LintOptions
    private let audiences: AudienceOrder
    private let report: (IngestProgress) -> Void
    private var pages: [LintedPage] = []
    private var findings: [LintFinding] = []
    /// Ids that pages name, by which they can be found though nothing else of them can be read; those that were read follow.
    private var namedIDs: [(id: String, place: LintFinding.Place)] = []

    /// What was looked at, and what was found, by path and line.
    package struct Report: Sendable, Equatable {
        package let pageCount: Int
        package let findings: [LintFinding]
    }

    /// - Parameters:
    ///   - roots: folders and pages; what `store` was told to ingest where there are none.
    /// - Throws: `RetrievalError.noFolder`, and `nothingIngested` where nothing is named.
    package static func report(
        on roots: [URL], or store: Store?, options: LintOptions, audiences: AudienceOrder,
        progress: @escaping (IngestProgress) -> Void
    ) throws -> Report {
        let known = try store?.namedParts().map { PageSource(root: $0.source, scope: $0.scope) } ?? []
        let sources = roots.isEmpty ? known : try KnownSources([]).naming(roots)
        guard !sources.isEmpty else { throw RetrievalError.nothingIngested }
        var linter = PageLinter(options: options, audiences: audiences, report: progress)
        for source in sources { linter.read(source) }
        linter.lint()
        let sorted = linter.findings.sorted { ($0.place.path, $0.place.line) < ($1.place.path, $1.place.line) }
        return Report(pageCount: linter.pages.count, findings: sorted)
    }

    private init(
        options: LintOptions, audiences: AudienceOrder, report: @escaping (IngestProgress) -> Void
    ) {
        (self.options, self.audiences, self.report) = (options, audiences, report)
    }

    private mutating func read(_ source: PageSource) {
        let listing = PageListing(of: source)
        func place(_ path: String, _ line: Int?) -> LintFinding.Place {
            LintFinding.Place(path: source.root.appending(path: path).path, line: line ?? 1)
        }
        for (path, reason) in listing.failures { findings.append(LintFinding(.page, at: place(path, nil), reason)) }
        for (done, path) in listing.pages.enumerated() {
            report(.reading(done: done, of: listing.pages.count, path: path))
            var bytes: [UInt8] = []
            do {
                bytes = try source.bytes(of: path)
                let document = try Document(parsing: bytes, path: path)
                pages.append(
                    LintedPage(
                        file: source.root.appending(path: path).path, root: source.root.path, document: document,
                        lines: LineTable(of: bytes)))
            } catch let error as DocumentError {
                findings.append(
                    LintFinding(
                        error.isAboutFrontMatter ? .frontMatter : .page, at: place(path, error.line), error.message))
                if let line = frontMatterLine(of: "id", in: bytes), let id = Self.id(inLine: line, of: bytes) {
                    namedIDs.append((id, place(path, line)))
                }
            } catch {
                let message =
                    (error as? PageFault)?.description ?? (error as? PDFError)?.message ?? reason(for: error)
                findings.append(LintFinding(.page, at: place(path, nil), message))
            }
        }
    }

    private mutating func lint() {
        var links = LinkCheck(pages)
        for page in pages {
            let audience = page.document.frontMatter.audience
            if let audience, !audiences.contains(audience) {
                let message = "audience \"\(audience)\" is not one of \(audiences.names.joined(separator: ", "))"
                findings.append(LintFinding(.frontMatter, at: page.place(ofKey: "audience"), message))
            }
            findings += page.parameterFindings() + page.reviewFindings(options) + page.lengthFindings(options)
            findings += links.findings(of: page)
        }
        findings += duplicateIDs() + NearDuplicates(pages, options).findings() + versionFindings(of: pages)
    }

    private func duplicateIDs() -> [LintFinding] {
        var first: [String: LintFinding.Place] = [:]
        let ids = namedIDs + pages.map { ($0.document.id, $0.place(ofKey: "id")) }
        return ids.sorted { ($0.place.path, $0.place.line) < ($1.place.path, $1.place.line) }.compactMap { id, place in
            guard let other = first[id] else {
                first[id] = place
                return nil
            }
            return LintFinding(.duplicateID, at: place, "the id \"\(id)\" is used by another page", other: other)
        }
    }

    /// What a line of a broken front matter gives as an id; `nil` where that is nothing plain.
    private static func id(inLine line: Int, of bytes: [UInt8]) -> String? {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard lines.indices.contains(line - 1), case let text = String(decoding: lines[line - 1], as: UTF8.self),
            let match = text.wholeMatch(of: /\s*id:\s*["']?([^\s"'\[\]{}&*!|>%@`#,]+)["']?\s*/)
        else { return nil }
        return String(match.1)
    }
}

extension LintedPage {
    /// `{{name}}` in the text that is no parameter of the front matter, and parameters that the text does not have.
    fileprivate func parameterFindings() -> [LintFinding] {
        let declared = Set(document.frontMatter.parameters.map(\.name))
        var used: [String] = []
        for block in document.blocks {
            for name in names(in: block.text) where !used.contains(name) { used.append(name) }
        }
        let undeclared = used.filter { !declared.contains($0) }.map { name in
            LintFinding(
                .undeclaredParameter, at: place(of: "{{\(name)}}"),
                "{{\(name)}} is not among the front matter's parameters: it is shown to readers as it stands")
        }
        let unused = document.frontMatter.parameters.map(\.name).filter { !used.contains($0) }.map { name in
            LintFinding(.unusedParameter, at: place(ofKey: "parameters"), "the parameter \(name) is used nowhere")
        }
        return undeclared + unused
    }

    /// The names that stand between double braces, as a parameter can be called.
    private func names(in text: String) -> [String] {
        var names: [String] = []
        var rest = text.utf8[...]
        let brace = UInt8(ascii: "{")
        while let open = rest.firstIndex(of: brace) {
            rest = rest[open...].dropFirst()
            guard rest.first == brace else { continue }
            let name = rest.dropFirst().prefix { $0 != UInt8(ascii: "}") && $0 != brace && $0 > 0x20 }
            let end = rest.dropFirst(1 + name.count).prefix(2)
            guard end.elementsEqual("}}".utf8), let text = String(name), text.wholeMatch(of: Self.name) != nil else {
                continue
            }
            names.append(text)
        }
        return names
    }

    private static var name: Regex<Substring> { /[A-Za-z_][A-Za-z0-9_\-]*/ }

    fileprivate func reviewFindings(_ options: LintOptions) -> [LintFinding] {
        guard let reviewed = document.frontMatter.reviewed, let day = Self.day(reviewed),
            let today = Self.day(options.today),
            today.timeIntervalSince(day) > Double(options.reviewDays) * 86_400
        else { return [] }
        let message = "last reviewed on \(reviewed), more than \(options.reviewDays) days ago"
        return [LintFinding(.review, at: place(ofKey: "reviewed"), message)]
    }

    private static func day(_ text: String) -> Date? { try? Date(text + "T00:00:00Z", strategy: .iso8601) }

    /// Sections of prose that are cut into many chunks. Plain text and PDFs have no headings to cut them with.
    fileprivate func lengthFindings(_ options: LintOptions) -> [LintFinding] {
        guard document.format != .plainText, document.format != .pdf else { return [] }
        let counts = Dictionary(grouping: Chunker().chunks(of: document), by: \.anchor).mapValues(\.count)
        return document.sections.compactMap { section in
            guard let count = counts[section.anchor], count > options.sectionChunkCountMax else { return nil }
            let title = section.headingPath.last ?? document.title
            return LintFinding(
                .longSection, at: place(of: section),
                "the section \"\(title)\" is cut into \(count) parts to search, more than "
                    + "\(options.sectionChunkCountMax); divide it by headings")
        }
    }
}

extension DocumentError {
    fileprivate var isAboutFrontMatter: Bool {
        switch self {
        case .unclosedFrontMatter, .frontMatterTooLarge, .aliasInFrontMatter, .invalidYAML, .duplicateKey, .unknownKey,
            .wrongType, .invalidValue:
            true
        case .unknownFormat, .tooLarge, .notUTF8, .nulByte, .otherEncoding, .nestedTooDeeply, .tooManyEmptyCells,
            .tooManyAddresses:
            false
        }
    }
}
