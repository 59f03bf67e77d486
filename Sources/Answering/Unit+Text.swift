import Documents

extension Unit {
    /// Blanks before an item of a list in a list, and what stands in it, for each list around it: enough to belong to the
    /// item above, too few to be code to Markdown.
    private static let indentWidth = 3

    /// Its Markdown with parameters filled in: each item of a list behind its own number or bullet, each block as it is.
    func text(filling values: inout ParameterValues) -> String {
        var text = ""
        var opened: Set<[Int]> = []
        var before: Piece?
        for piece in pieces {
            let step = piece.block.step
            let opensItem = step.map { opened.insert([$0.list, $0.item]).inserted } ?? false
            let content = piece.text(filling: &values)
            let marked = step.map { opensItem ? marker(of: $0, before: content, piece) + content : content } ?? content
            if let before { text += isNextItem(piece, opensItem, behind: before) ? "\n" : "\n\n" }
            text += indented(marked, by: Self.indentWidth * (max(step?.depth ?? 1, 1) - 1))
            before = piece
        }
        return text
    }

    /// Code and tables begin on a line of their own.
    private func marker(of step: Step, before content: String, _ piece: Piece) -> String {
        (step.number.map { "\($0)." } ?? "-") + (piece.block.kind.isProse ? " " : "\n")
    }

    private func isNextItem(_ piece: Piece, _ opensItem: Bool, behind before: Piece) -> Bool {
        opensItem && piece.block.step?.list == before.block.step?.list && piece.block.kind.isProse
            && before.block.kind.isProse
    }

    private func indented(_ text: String, by width: Int) -> String {
        guard width > 0 else { return text }
        let blanks = String(repeating: " ", count: width)
        return text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.isEmpty ? "" : blanks + $0 }.joined(separator: "\n")
    }
}

extension Unit.Piece {
    fileprivate func text(filling values: inout ParameterValues) -> String {
        if let words { return prose(words, filling: &values) }
        switch block.kind {
        case .code(let language):
            let code = values.fill(block.text, in: Surrounding(language: language))
            let fence = String(repeating: "`", count: max(3, longestBacktickRun(in: code) + 1))
            return "\(fence)\(language ?? "")\n\(code)\n\(fence)"
        case .paragraph, .heading, .footnote: return prose(block.markup, filling: &values)
        case .table: return values.fill(withoutLocalLinks(block.markup), in: .otherCode)
        case .html: return values.fill(block.markup, in: .otherCode)
        }
    }

    /// A code span in a sentence is a command or a setting, and markup may be one: nothing is let in there that would
    /// need quoting.
    private func prose(_ markup: String, filling values: inout ParameterValues) -> String {
        let text = withoutLocalLinks(markup)
        let hasCode = text.utf8.contains { $0 == UInt8(ascii: "`") || $0 == UInt8(ascii: "<") }
        return values.fill(text, in: hasCode ? .otherCode : .prose)
    }

    private func longestBacktickRun(in text: String) -> Int {
        text.utf8.split { $0 != UInt8(ascii: "`") }.map(\.count).max() ?? 0
    }
}

extension Block.Kind {
    fileprivate var isProse: Bool {
        switch self {
        case .paragraph, .heading, .footnote: true
        case .code, .table, .html: false
        }
    }
}
