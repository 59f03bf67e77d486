/// Gives each block its place under the headings and gathers the sections.
struct Outline {
    private(set) var blocks: [Block] = []
    private(set) var sections: [Section] = []
    private var titles: [(level: Int, title: String)] = []
    private var headingPath: [String] = []
    private var anchor = ""
    private var firstBlock = 0
    private var slugger = Slugger()

    init(of blocks: consuming [Block]) {
        for index in blocks.indices {
            if case .heading(let level) = blocks[index].kind {
                // A heading in a quote or a list takes its anchor, but the section around it goes on.
                let slug = blocks[index].anchor ?? slugger.slug(of: blocks[index].text)
                if blocks[index].isTopLevel {
                    close(before: index, blocks)
                    open(level: level, title: blocks[index].text, anchor: slug)
                    firstBlock = index
                }
            }
            blocks[index].headingPath = headingPath
        }
        close(before: blocks.count, blocks)
        self.blocks = blocks
    }

    private mutating func open(level: Int, title: String, anchor: String) {
        while let last = titles.last, last.level >= level { titles.removeLast() }
        titles.append((level, title))
        headingPath = titles.map(\.title)
        self.anchor = anchor
    }

    private mutating func close(before end: Int, _ blocks: [Block]) {
        guard firstBlock < end else { return }
        let range = blocks[firstBlock].byteRange.lowerBound..<blocks[end - 1].byteRange.upperBound
        sections.append(
            Section(
                headingPath: headingPath, level: titles.last?.level ?? 0, anchor: anchor,
                blocks: firstBlock..<end, byteRange: range))
    }
}

/// The fragments that GitHub gives headings: lower case, letters, marks, digits, "_" and "-" kept, spaces as "-", the rest
/// dropped; a repeat gets `-1`, `-2` … (the rule of <https://github.com/gjtorikian/html-pipeline> `toc_filter.rb`).
struct Slugger {
    private var repeatCounts: [String: Int] = [:]

    mutating func slug(of title: String) -> String {
        let plain = Self.plainSlug(of: title)
        var slug = plain
        while repeatCounts[slug] != nil {
            repeatCounts[plain, default: 0] += 1
            slug = "\(plain)-\(repeatCounts[plain, default: 0])"
        }
        repeatCounts[slug] = 0
        return slug
    }

    private static func plainSlug(of title: String) -> String {
        var slug = String.UnicodeScalarView()
        for scalar in title.lowercased().unicodeScalars {
            if scalar == " " { slug.append("-") } else if isKept(scalar) { slug.append(scalar) }
        }
        return String(slug)
    }

    private static func isKept(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar == "-" || scalar == "_" || isLetterOrDigit(UInt8(scalar.value)) }
        return isKeptBeyondASCII(scalar)
    }

    private static func isKeptBeyondASCII(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .lowercaseLetter, .uppercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
            .spacingMark, .enclosingMark, .decimalNumber, .letterNumber, .connectorPunctuation:
            true
        default: false
        }
    }
}
