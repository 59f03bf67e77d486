import Documents

/// What is said as one: a sentence, a list item with all that stands in it, an introduction with the code that it announces.
struct Unit {
    /// A block, or one sentence of it.
    struct Piece {
        let block: Block
        /// What of the page's bytes it says.
        let byteRange: Range<Int>
        /// The words of a sentence; `nil` where the whole block is said.
        let words: String?

        init(_ block: Block) {
            self.block = block
            byteRange = block.byteRange
            words = nil
        }

        init(_ words: String, in block: Block, at byteRange: Range<Int>) {
            self.block = block
            self.byteRange = byteRange
            self.words = words
        }
    }

    /// At least one, in the order of the page.
    private(set) var pieces: [Piece]

    init(_ piece: Piece) { pieces = [piece] }

    mutating func append(_ piece: Piece) { pieces.append(piece) }

    var byteRange: Range<Int> { pieces[0].byteRange.lowerBound..<pieces[pieces.count - 1].byteRange.upperBound }

    /// The outermost list that it is an item of.
    var list: Int? { pieces[0].block.step?.outermostList }

    /// The number that a reader sees before the item.
    var number: Int? { pieces[0].block.step.flatMap { $0.depth == 1 ? $0.number : nil } }

    /// Whether a block outside it belongs to the same list item.
    func isContinued(by block: Block) -> Bool {
        guard let last = pieces[pieces.count - 1].block.step, let step = block.step else { return false }
        return last.outermostList == step.outermostList && last.outermostItem == step.outermostItem
    }
}

/// Takes a section of a page apart into what is said as one.
struct UnitReader {
    let page: Document
    let bytes: [UInt8]

    func units(of section: Section) -> [Unit] {
        var units: [Unit] = []
        for block in page.blocks[section.blocks] where !block.isHeading {
            if let last = units.indices.last, units[last].isContinued(by: block) || announces(units[last], block) {
                units[last].append(Unit.Piece(block))
            } else if block.kind == .paragraph && !block.quoted && block.step == nil {
                units += sentences(of: block).map(Unit.init)
            } else {
                units.append(Unit(Unit.Piece(block)))
            }
        }
        return units
    }

    /// A sentence that ends in a colon and stands directly before code or a table says what they are.
    private func announces(_ unit: Unit, _ block: Block) -> Bool {
        unit.pieces.count == 1 && unit.pieces[0].block.kind == .paragraph && unit.pieces[0].block.step == nil
            && block.step == nil && (block.kind != .paragraph || block.quoted)
            && bytes[unit.byteRange].last == UInt8(ascii: ":")
    }

    private func sentences(of block: Block) -> [Unit.Piece] {
        let pieces =
            page.format == .markdown
            ? sentenceRanges(in: bytes, of: block.byteRange).map { Unit.Piece(written($0), in: block, at: $0) }
            : block.sentences.map { Unit.Piece($0.text, in: block, at: $0.byteRange) }
        return pieces.filter { !isAboutThePage($0.byteRange) }
    }

    /// Markdown is said as it is written.
    private func written(_ range: Range<Int>) -> String {
        String(decoding: bytes[range], as: UTF8.self).replacing("\r\n", with: "\n")
    }

    /// What a page says about itself ("This page shows …") answers nobody.
    private func isAboutThePage(_ range: Range<Int>) -> Bool {
        bytes[range].starts(with: Array("This page ".utf8))
    }
}

extension Block {
    fileprivate var isHeading: Bool { if case .heading = kind { true } else { false } }
}

/// The units of a section in runs that are quoted whole or not at all: the items of a list, and of a list that code or a
/// remark interrupts and its next number takes up again, are one run.
func runs(of units: [Unit]) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    var last: (run: Int, list: Int, number: Int?)?
    for (index, unit) in units.enumerated() {
        if let list = unit.list, let open = last,
            open.list == list || (unit.number != nil && unit.number == open.number.map { $0 + 1 })
        {
            runs[open.run...] = [runs[open.run].lowerBound..<index + 1]
        } else {
            runs.append(index..<index + 1)
        }
        if let list = unit.list { last = (runs.count - 1, list, unit.number) }
    }
    return runs
}
